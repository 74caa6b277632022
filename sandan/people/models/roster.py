"""Who of a unit is to report in, as the unit says on a day; who cannot and until when; who was reminded."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from sandan.people.models.person import Person
from sandan.people.models.unit import Unit


class Roster(models.Model):
    """A roster as the unit handed it in: the day it speaks of and how many it named. The latest day counts."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rosters", db_index=False)
    on = models.DateField()
    row_count = models.IntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "on"], name="roster_one_a_day")]


class RosterRowQuerySet(models.QuerySet["RosterRow"]):
    def live(self) -> "RosterRowQuerySet":
        """Those on the roster now."""
        return self.filter(left_on__isnull=True)


class RosterRow(models.Model):
    """R008: a member on the roster of a unit. `person` is who that is here, once somebody or the name has told.

    `mark` tells two of one name apart: a department or a desk. `community` is where the unit expects them to report
    in, where that is settled. The row holds no phone and no identity number.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="roster_rows", db_index=False)
    name = models.CharField(max_length=40)
    name_key = models.CharField(max_length=120, db_collation="C")
    mark = models.CharField(max_length=40, blank=True)
    community = models.CharField(max_length=12, db_collation="C", blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="roster_rows")
    since_on = models.DateField()
    left_on = models.DateField(null=True)  # the day of the roster that names them no more

    objects = RosterRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "person"], condition=Q(left_on__isnull=True, person__isnull=False),
                name="rosterrow_person_once",
            ),
            models.UniqueConstraint(
                fields=["unit", "name", "mark"], condition=Q(left_on__isnull=True), name="rosterrow_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="rosterrow_named"),
            models.CheckConstraint(
                condition=Q(community="") | Q(community__regex=r"^[0-9]{12}$"), name="rosterrow_of_a_community"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["unit", "name_key"], name="rosterrow_unit", condition=Q(left_on__isnull=True)),
            models.Index(fields=["community"], name="rosterrow_community", condition=Q(left_on__isnull=True)),
        ]


class RosterExcuseQuerySet(models.QuerySet["RosterExcuse"]):
    def live(self, on: date) -> "RosterExcuseQuerySet":
        """Excuses that hold on that day; both days are included."""
        return self.filter(Q(ended_at__isnull=True) & Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gte=on)))


class RosterExcuse(models.Model):
    """Why somebody on a roster has not reported in, from a day to a day; a code and nothing else."""

    class Why(models.TextChoices):
        LEAVE = "leave"  # 请假
        POSTED = "posted"  # 外派、驻村
        ILL = "ill"  # 病假: outside the unit it reads as leave
        RETIRED = "retired"
        MOVED = "moved"  # 调离
        ELSEWHERE = "elsewhere"  # reported in in another county or city

    row = models.ForeignKey(RosterRow, on_delete=models.CASCADE, related_name="excuses", db_index=False)
    why = models.CharField(max_length=9, choices=Why.choices)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = RosterExcuseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="rosterexcuse_term"
            ),
            models.UniqueConstraint(fields=["row"], condition=Q(ended_at__isnull=True), name="rosterexcuse_one"),
        ]


class Reminder(models.Model):
    """Somebody is to be told that a roster has a gap: the clerks of the unit, or the one who is missing.

    The room of notices above reads these rows and tells; `told_at` says that it did.
    """

    class Kind(models.TextChoices):
        UNIT = "unit"  # to a clerk: your roster has a gap
        MEMBER = "member"  # to a member: you have not reported in yet

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reminders", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "kind", "-at"], name="reminder_unit"),
            models.Index(fields=["id"], name="reminder_untold", condition=Q(told_at__isnull=True)),
        ]
