"""What was printed of the contact cards: runs of a printer, and which issue of each grid's card was in it."""

from django.db import models
from django.db.models import Q

SIZES = ("a5", "a6")


class CardRun(models.Model):
    """Cards printed together: for which area, on which size of paper."""

    scope = models.CharField(max_length=15, db_collation="C")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    size = models.CharField(max_length=2)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__in=SIZES), name="cardrun_size")]
        indexes = [models.Index(fields=["scope", "-at"], name="cardrun_scope")]


class CardIssue(models.Model):
    """The card of a grid in one run. `number` goes up when what it says has changed, which a keyed digest tells.

    `at` is the day of the issue: printed again unchanged it keeps its number and its day.
    """

    run = models.ForeignKey(CardRun, on_delete=models.PROTECT, related_name="issues")
    grid = models.CharField(max_length=15, db_collation="C")
    number = models.IntegerField()
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "grid"], name="cardissue_once_a_run"),
            models.CheckConstraint(condition=Q(number__gte=1), name="cardissue_counted"),
        ]
        indexes = [models.Index(fields=["grid", "-id"], name="cardissue_grid")]
