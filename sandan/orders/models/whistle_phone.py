"""A phone call that a grid worker took: which order it opened, and the number where the caller agreed to it."""

from django.db import models
from django.db.models import Q

from sandan.core.sealed import SealedTextField


class Ring(models.Model):
    """One call. Number, name and door are kept under seal and only by consent, and forgotten at `keep_until`."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=15, db_collation="C")  # the grid of who took it
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="rings")
    at = models.DateTimeField()
    number = SealedTextField(null=True)
    name = SealedTextField(null=True)
    digest = models.BinaryField(max_length=32, null=True)  # of the whole number
    tail_digest = models.BinaryField(max_length=32, null=True)  # of its last four digits, within the scope
    keep_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(keep_until__isnull=False, number__isnull=False, digest__isnull=False)
                | Q(
                    keep_until__isnull=True, number__isnull=True, name__isnull=True, digest__isnull=True,
                    tail_digest__isnull=True,
                ),
                name="ring_kept_by_consent",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["scope", "tail_digest"], name="ring_tail", condition=Q(keep_until__isnull=False)),
            models.Index(fields=["keep_until"], name="ring_keep", condition=Q(keep_until__isnull=False)),
            models.Index(fields=["order"], name="ring_order", condition=Q(order__isnull=False)),
        ]
