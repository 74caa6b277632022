"""The course of an order: custody, offers, pauses, extensions, reviews, call-backs."""

from django.db import models
from django.db.models import F, Q


class Custody(models.Model):
    """Who had the order in hand, from when to when; one open line per open order, without a gap."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="custody")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=6)  # owner | holder
    verb = models.CharField(max_length=10)  # the move that handed it over
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], name="custody_one_open", condition=Q(to_at__isnull=True)),
            models.CheckConstraint(condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="custody_term"),
        ]
        indexes = [models.Index(fields=["order", "id"], name="custody_order")]


class Offer(models.Model):
    """An order offered to one person, team or unit; spare names stand behind the first."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="offers")
    batch = models.SmallIntegerField()
    rank = models.SmallIntegerField()
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="offers")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="offers")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="offers")
    state = models.CharField(max_length=8)  # spare | sent | accepted | refused | missed | dropped
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True, unit__isnull=True)
                | Q(person__isnull=True, team__isnull=False, unit__isnull=True)
                | Q(person__isnull=True, team__isnull=True, unit__isnull=False),
                name="offer_to_one",
            ),
            models.UniqueConstraint(fields=["order"], name="offer_one_sent", condition=Q(state="sent")),
        ]
        indexes = [models.Index(fields=["order", "batch", "rank"], name="offer_order")]


class Pause(models.Model):
    """A time in which the clock stood still: why, by whom, until when."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="pauses")
    kind = models.CharField(max_length=10)  # asked | paused | ledgered
    reason = models.CharField(max_length=20)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], name="pause_one_open", condition=Q(to_at__isnull=True)),
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="pause_ahead"),
        ]


class Extension(models.Model):
    """A deadline moved, once by the community, again only with the street."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="extensions")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=20)
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(new_due_at__gt=F("old_due_at")), name="extension_later")]


class Review(models.Model):
    """The second key: the asker's word, or that of a reviewer who did not serve."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="reviews")
    asker = models.ForeignKey("orders.Asker", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    word = models.CharField(max_length=4)
    satisfaction = models.SmallIntegerField(null=True)
    words = models.ForeignKey("orders.Words", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(asker__isnull=False, person__isnull=True) | Q(asker__isnull=True, person__isnull=False),
                name="review_by_one",
            )
        ]


class CallBack(models.Model):
    """One try to reach the asker after serving, by someone who did not serve."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="calls")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8)  # phone | message | visit
    at = models.DateTimeField()
    is_reached = models.BooleanField()
    word = models.CharField(max_length=4, blank=True)
    satisfaction = models.SmallIntegerField(null=True)
    words = models.ForeignKey("orders.Words", on_delete=models.PROTECT, null=True, related_name="+")


class Check(models.Model):
    """A field check drawn by lot (实地走访): somebody who did not serve goes and sees how the thing stands."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="checks")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    result = models.CharField(max_length=8, blank=True)  # good | poor | unseen
    words = models.ForeignKey("orders.Words", on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], name="check_one_open", condition=Q(done_at__isnull=True)),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, result="") | Q(done_at__isnull=False) & ~Q(result=""),
                name="check_done_with_result",
            ),
        ]
