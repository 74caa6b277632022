"""A member who reported in to a grid: where, as whose, for how long; what they took charge of; what each side says."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from sandan.people.models.person import Person
from sandan.people.models.post import Post
from sandan.people.models.scheme import Scheme
from sandan.people.models.unit import Unit


class MemberProfile(models.Model):
    """What a member tells of themselves in own words: for staff and members, never for residents (inside level)."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="member_profile")
    interests = models.CharField(max_length=300, blank=True)
    touched_at = models.DateTimeField(db_default=Now())


class MemberCheckinQuerySet(models.QuerySet["MemberCheckin"]):
    def live(self, at: datetime) -> "MemberCheckinQuerySet":
        """Check-ins that hold at that moment, and whose post does."""
        now = Q(from_at__lte=at) & (Q(to_at__isnull=True) | Q(to_at__gt=at))
        return self.filter(now).filter(Q(post__to_at__isnull=True) | Q(post__to_at__gt=at))

    def within(self, *codes: str) -> "MemberCheckinQuerySet":
        """Those on the grids inside these areas."""
        inside = Q(pk__in=[])
        for code in codes:
            inside |= Q(grid__startswith=code)
        return self.filter(inside)


class MemberCheckin(models.Model):
    """R001, R013: a member and a grid for a time. `post` is the service link; `unit` whose member it is, if any.

    `scheme` is the version of the mechanism that was in force.

    Several may run at once, each on another grid; a change of grid ends one and begins another, so the past stays.
    `how` says who did it: self, staff, clerk, import, or ground where the grid itself changed.
    """

    class How(models.TextChoices):
        SELF = "self"
        STAFF = "staff"
        CLERK = "clerk"
        IMPORT = "import"
        GROUND = "ground"

    class End(models.TextChoices):
        MOVED = "moved"  # to another grid
        LEFT = "left"  # works or lives elsewhere now
        OTHER = "other"
        GROUND = "ground"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="checkins", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="member_checkins")
    grid = models.CharField(max_length=15, db_collation="C")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="checkins")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    how = models.CharField(max_length=6, choices=How.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=6, choices=End.choices, blank=True)

    objects = MemberCheckinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "grid"], condition=Q(to_at__isnull=True), name="checkin_one_live_on_a_grid"
            ),
            models.CheckConstraint(condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="checkin_term"),
            models.CheckConstraint(
                condition=Q(to_at__isnull=True, end="") | Q(to_at__isnull=False) & ~Q(end=""), name="checkin_end_said"
            ),
            models.CheckConstraint(condition=Q(grid__regex=r"^[0-9]{15}$"), name="checkin_of_a_grid"),
        ]
        indexes = [
            models.Index(fields=["grid", "id"], name="checkin_grid_live", condition=Q(to_at__isnull=True)),
            models.Index(fields=["person", "-from_at"], name="checkin_person"),
        ]


class MemberCharge(models.Model):
    """The charge link (包联) of a check-in: the micro-grid or the grid a member looks after, for a time."""

    checkin = models.ForeignKey(MemberCheckin, on_delete=models.PROTECT, related_name="charges", db_index=False)
    scope = models.CharField(max_length=17, db_collation="C")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checkin", "scope"], condition=Q(to_at__isnull=True), name="membercharge_once"
            ),
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="membercharge_term"
            ),
            models.CheckConstraint(
                condition=Q(scope__regex=r"^[0-9]{15}([0-9]{2})?$"), name="membercharge_of_a_grid_or_part"
            ),
        ]
        indexes = [models.Index(fields=["checkin"], name="membercharge_checkin")]


class MemberRating(models.Model):
    """What one side says of the other for a year (双评价): the community of the member, the member of the community.

    A word of three and an optional sentence; no number is made of it. Whoever is spoken of sees it and may answer.
    """

    class Side(models.TextChoices):
        COMMUNITY = "community"
        MEMBER = "member"

    class Word(models.TextChoices):
        GOOD = "good"
        FAIR = "fair"
        POOR = "poor"

    checkin = models.ForeignKey(MemberCheckin, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    side = models.CharField(max_length=9, choices=Side.choices)
    year = models.SmallIntegerField()
    word = models.CharField(max_length=4, choices=Word.choices)
    text = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkin", "side", "year"], name="memberrating_one_a_year"),
            models.CheckConstraint(condition=Q(year__range=(2020, 2200)), name="memberrating_year"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="memberrating_answer",
            ),
        ]
