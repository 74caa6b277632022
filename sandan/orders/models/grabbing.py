"""Grabbing and consent: the rules of an office, what each person claimed, and rounds that ask several at once."""

from django.db import models
from django.db.models import F, Q

GIVEN_BACK = ("", "release")


class GrabRule(models.Model):
    """What an office sets otherwise than the house: for one category or all, in one county or all; empty is unset."""

    category = models.ForeignKey("intake.Category", on_delete=models.PROTECT, null=True, related_name="+")
    county = models.CharField(max_length=6, db_collation="C", blank=True)
    window_minutes = models.SmallIntegerField(null=True)  # of an ordinary order, on its own clock
    urgent_percent = models.SmallIntegerField(null=True)  # of that window, where it presses
    burst_percent = models.SmallIntegerField(null=True)
    most_open = models.SmallIntegerField(null=True)  # orders in one hand
    near_metres = models.IntegerField(null=True)  # who may grab in the first part of the window
    near_percent = models.SmallIntegerField(null=True)  # how long that part is
    fair_percent = models.SmallIntegerField(null=True)  # of the median: above that, somebody waits the first part too
    again_minutes = models.IntegerField(null=True)  # how long one does not get back what one released

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "county"], name="grabrule_one", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(window_minutes__isnull=True) | Q(window_minutes__range=(1, 1440)), name="grabrule_window"
            ),
            models.CheckConstraint(
                condition=Q(most_open__isnull=True) | Q(most_open__range=(1, 20)), name="grabrule_most_open"
            ),
        ]


class ClaimQuerySet(models.QuerySet["Claim"]):
    def given_back(self) -> "ClaimQuerySet":
        """Those whose holder gave the order back or had it taken away by the desk, none that a step of the order
        ended."""
        return self.filter(released_at__isnull=False, verb__in=GIVEN_BACK)


class Claim(models.Model):
    """Somebody took an order: how and when; of one that left the hand unserved, when, and by which move.

    `is_counted` says whether it counts against them; empty `verb` of an older row: it was given back.
    """

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="claims")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6, db_collation="C")
    how = models.CharField(max_length=6)  # grab | accept | round
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    verb = models.CharField(max_length=10, blank=True, default="", db_default="")
    is_counted = models.BooleanField(default=True)  # false where it was given back in time: as if it had never been

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(how__in=("grab", "accept", "round")), name="claim_how_known"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(released_at__gte=F("at")), name="claim_term"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="claim_person"),
            models.Index(fields=["county", "at"], name="claim_county", condition=Q(how="grab", is_counted=True)),
        ]

    @property
    def is_given_back(self) -> bool:
        """Whether the holder gave it back, or the desk took it away."""
        return self.released_at is not None and self.verb in GIVEN_BACK


class Round(models.Model):
    """Several people asked at once for one order: so many must say yes until a time, then `lead` has it.

    It is live while the order is offered and its next step is the end of the round.
    """

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="rounds")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    needed = models.SmallIntegerField()
    lead = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    result = models.CharField(
        max_length=6, blank=True
    )  # taken | few | over; empty also where the desk went another way

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(needed__gte=1), name="round_needs_somebody"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="round_ahead"),
            models.CheckConstraint(condition=Q(result__in=("", "taken", "few", "over")), name="round_result_known"),
        ]


class Consent(models.Model):
    """One who was asked in a round, and the answer: nothing yet, yes, or no with a reason."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="consents", db_index=False)
    is_yes = models.BooleanField(null=True)
    at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "round"], name="consent_once"),
            models.CheckConstraint(
                condition=Q(is_yes__isnull=True, at__isnull=True) | Q(is_yes__isnull=False, at__isnull=False),
                name="consent_at",
            ),
            models.CheckConstraint(condition=~Q(is_yes=False) | ~Q(reason=""), name="consent_no_with_reason"),
        ]
