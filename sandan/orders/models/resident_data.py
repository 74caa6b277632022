"""What residents decided about their own data: consent by purpose and version, and wishes to have it erased."""

from django.db import models
from django.db.models import Q


class DataConsent(models.Model):
    """One yes of an asker: to one purpose, under one version of the notice, at one time; taken back at `withdrawn_at`.

    `way` is the channel through which it was given.
    """

    class Purpose(models.TextChoices):
        CONTACT = "contact"  # name and phone, to serve and to answer
        CALL_BACK = "call_back"  # to be rung and asked how it went

    asker = models.ForeignKey("orders.Asker", on_delete=models.PROTECT, related_name="consents", db_index=False)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    version = models.CharField(max_length=10)  # of the notice that was shown: the day it came into force
    way = models.CharField(max_length=10)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(  # also the index by which an asker's are found
                fields=["asker", "purpose", "withdrawn_at"], name="data_consent_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("at")),
                name="data_consent_withdrawn_after",
            ),
        ]


class EraseWish(models.Model):
    """An asker wishes that what is held about him goes. What can goes at once; the rest when the order ends.

    held: of a sealed matter, the community first makes sure that it is the asker himself who wishes it.
    """

    class State(models.TextChoices):
        HELD = "held"
        WAITING = "waiting"  # contact is gone, the rest goes when the order ends
        DONE = "done"
        REFUSED = "refused"

    asker = models.OneToOneField("orders.Asker", on_delete=models.PROTECT, related_name="erase_wish")
    state = models.CharField(max_length=8, choices=State.choices)
    asked_at = models.DateTimeField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")  # who decided
    decided_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="done") | Q(done_at__isnull=False), name="erase_wish_done_at"),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(by__isnull=False, decided_at__isnull=False),
                name="erase_wish_refused_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="erase_wish_live", condition=Q(state__in=("held", "waiting"))),
        ]
