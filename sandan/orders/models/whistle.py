"""吹哨: somebody calls named departments to the spot of an order; a call for each, with its answer and its ratings."""

from django.db import models
from django.db.models import F, Q

LIVE = ("sent", "missed", "coming", "arrived")  # the department still owes something
OVER = ("declined", "done", "dropped")


class Whistle(models.Model):
    """One call for help about one order: what is asked, where and when to meet. It never moves ownership."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="whistles")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.ForeignKey("orders.Words", on_delete=models.PROTECT, related_name="+")
    spot = models.CharField(max_length=100, blank=True)  # where to meet, masked
    meet_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, blank=True)  # solved | withdrawn | order (the order ended before)
    reason = models.CharField(max_length=20, blank=True)  # of a withdrawn one
    ended_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], name="whistle_one_open", condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="whistle_ended_somehow",
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="whistle_at")]


class Call(models.Model):
    """One unit called by a whistle: its answer in time, whether it came, what came of it, a rating from each side."""

    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="calls")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8)  # sent | missed | coming | arrived | done | declined | dropped
    at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=20, blank=True)  # of a no
    arrived_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.ForeignKey("orders.Words", on_delete=models.PROTECT, null=True, related_name="+")
    next_at = models.DateTimeField(null=True)  # when the worker looks again
    next_step = models.CharField(max_length=8, blank=True)  # remind | miss | chase
    # the caller's mark for the unit, 1 to 5, and the unit's word on the whistle
    stars = models.SmallIntegerField(null=True)
    starred_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    was_needed = models.BooleanField(null=True)
    was_clear = models.BooleanField(null=True)
    judged_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whistle", "unit"], name="call_unit_once"),
            models.CheckConstraint(condition=Q(state__in=(*LIVE, *OVER)), name="call_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=("sent", "missed", "dropped"))
                | Q(answered_at__isnull=False, person__isnull=False),
                name="call_answered_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="sent") | Q(next_at__isnull=False), name="call_sent_has_clock"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="call_no_with_reason"),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(arrived_at__gte=F("at")), name="call_arrived_after"
            ),
            models.CheckConstraint(
                condition=Q(stars__isnull=True, starred_by__isnull=True)
                | Q(stars__range=(1, 5), starred_by__isnull=False),
                name="call_stars",
            ),
            models.CheckConstraint(
                condition=Q(was_needed__isnull=True, was_clear__isnull=True, judged_by__isnull=True)
                | Q(was_needed__isnull=False, was_clear__isnull=False, judged_by__isnull=False),
                name="call_judged_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="call_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["unit", "-at"], name="call_unit"),
        ]

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def was_in_time(self) -> bool:
        """Whether the unit answered, yes or no, by its time."""
        return self.answered_at is not None and self.answered_at <= self.answer_by
