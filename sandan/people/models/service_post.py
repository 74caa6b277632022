"""Service posts (服务岗): work that a community offers, who holds it for how long, and how much one may hold."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sandan.people.models.person import Person


class ServicePostQuerySet(models.QuerySet["ServicePost"]):
    def running(self, at: datetime) -> "ServicePostQuerySet":
        """Posts that are not withdrawn and not over; some begin later."""
        return self.filter(closed_at__isnull=True, to_at__gt=at)


class ServicePost(models.Model):
    """R014: a task with hours, a term and so many places. It ends by itself: nothing has to be switched off.

    `kind` is a code of data/service_posts.csv. `weekdays` (0 Monday .. 6 Sunday) with minutes of the local day are the
    hours; without them the time is agreed with the community.
    """

    kind = models.CharField(max_length=12)
    scope = models.CharField(max_length=15, db_collation="C")  # a community or a grid
    task = models.CharField(max_length=200)
    weekdays = ArrayField(models.SmallIntegerField(), default=list)
    from_minute = models.SmallIntegerField(null=True)
    to_minute = models.SmallIntegerField(null=True)
    seats = models.SmallIntegerField(default=1)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ServicePostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="servicepost_term"),
            models.CheckConstraint(condition=Q(seats__range=(1, 50)), name="servicepost_seats"),
            models.CheckConstraint(
                condition=Q(scope__regex=r"^[0-9]{12}([0-9]{3})?$"), name="servicepost_of_a_community_or_grid"
            ),
            models.CheckConstraint(
                condition=Q(weekdays=[], from_minute__isnull=True, to_minute__isnull=True)
                | ~Q(weekdays=[])
                & Q(from_minute__gte=0, to_minute__lte=1440, to_minute__gt=F("from_minute"), from_minute__isnull=False),
                name="servicepost_hours",
            ),
        ]
        indexes = [
            models.Index(fields=["scope", "to_at"], name="servicepost_open", condition=Q(closed_at__isnull=True))
        ]


class ServiceHoldingQuerySet(models.QuerySet["ServiceHolding"]):
    def live(self, at: datetime) -> "ServiceHoldingQuerySet":
        """Held at that moment, or from a day to come: neither given up nor over."""
        return self.filter(ended_at__isnull=True, to_at__gt=at)


class ServiceHolding(models.Model):
    """Somebody holds one place of a service post until `to_at`, or until `ended_at` where that came first.

    `offered_to` is who was asked to take it over (交接) and has not answered.
    """

    class How(models.TextChoices):
        CLAIM = "claim"
        HAND_OVER = "hand_over"

    class End(models.TextChoices):
        RELEASED = "released"  # given back by the holder
        TAKEN_BACK = "taken_back"  # by the community
        HANDED_OVER = "handed_over"
        CLOSED = "closed"  # the post itself was withdrawn
        LEFT = "left"  # the holder is no member here any more

    post = models.ForeignKey(ServicePost, on_delete=models.PROTECT, related_name="holdings", db_index=False)
    seat = models.SmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="service_holdings", db_index=False)
    how = models.CharField(max_length=9, choices=How.choices)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    offered_to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=11, choices=End.choices, blank=True)
    reason = models.CharField(max_length=12, blank=True)

    objects = ServiceHoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            # The last place has one winner, also where no lock was taken.
            models.UniqueConstraint(
                fields=["post", "seat"], condition=Q(ended_at__isnull=True), name="serviceholding_seat"
            ),
            models.UniqueConstraint(
                fields=["post", "person"], condition=Q(ended_at__isnull=True), name="serviceholding_once"
            ),
            models.CheckConstraint(condition=Q(seat__gte=1), name="serviceholding_seat_counts"),
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="serviceholding_term"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="serviceholding_end_said",
            ),
            models.CheckConstraint(
                condition=Q(offered_to__isnull=True) | Q(ended_at__isnull=True), name="serviceholding_offer_live"
            ),
        ]
        indexes = [
            models.Index(fields=["post"], name="serviceholding_post"),
            models.Index(fields=["person", "-from_at"], name="serviceholding_person"),
        ]


class ServicePostRule(models.Model):
    """What an office sets otherwise than the house: in one county, or in all where `county` is empty; null is unset."""

    county = models.CharField(max_length=6, db_collation="C", blank=True, unique=True)
    most_held = models.SmallIntegerField(null=True)  # service posts in one hand
    again_days = models.SmallIntegerField(null=True)  # how long one does not get back what one gave back
    free_days = models.SmallIntegerField(null=True)  # given back within these days: as if it had never been

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(most_held__isnull=True) | Q(most_held__range=(1, 20)), name="servicepostrule_most"
            ),
        ]
