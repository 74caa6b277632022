"""Posts: a person, a role and an area or a unit, for a term."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from sandan.people.models.person import Person
from sandan.people.models.roles import Role
from sandan.people.models.unit import Unit


def _street_as_range() -> models.Func:
    """A street's code as a range of one number: equality here would need an extension not every PostgreSQL has."""
    return _as_range(Cast("scope", models.BigIntegerField()))


def _as_range(number: models.Expression | models.F) -> models.Func:
    return models.Func(number, number, models.Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def _apart(name: str, *roles: str) -> ExclusionConstraint:
    """Nobody holds two neighbours of this row of roles at one time; the same role over two areas stays possible.

    Each role is a range of one number, and ranges side by side touch: that is the one operator which means "another".
    """
    numbers = models.Case(
        *(models.When(role=role, then=models.Value(n)) for n, role in enumerate(roles)),
        output_field=models.BigIntegerField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[
            (_as_range(models.F("person")), RangeOperators.OVERLAPS),
            (_as_range(numbers), RangeOperators.ADJACENT_TO),
            (_term(), RangeOperators.OVERLAPS),
        ],
        condition=Q(role__in=sorted(roles)),
    )


def _term() -> models.Func:
    """The start inside, the end outside, nothing for no end."""
    return models.Func("from_at", "to_at", function="tstzrange", output_field=DateTimeRangeField())


def scopes_over(code: str) -> list[str]:
    """A place code and those of the areas around it: province, city, county, street, community, grid, micro-grid."""
    return [code[:n] for n in (2, 4, 6, 9, 12, 15, 17) if n <= len(code)]


class PostQuerySet(models.QuerySet["Post"]):
    def held(self, at: datetime) -> "PostQuerySet":
        """Posts whose term covers `at`."""
        return self.filter(Q(from_at__lte=at) & (Q(to_at__isnull=True) | Q(to_at__gt=at)))

    def over(self, code: str) -> "PostQuerySet":
        """Posts whose scope is `code` or an area around it: a permission is a prefix test."""
        return self.filter(scope__in=scopes_over(code))


class Post(models.Model):
    """A person, a role, a place-code prefix or unit, for a term. A post is never a person."""

    class Shift(models.TextChoices):
        """When the day's work is; empty: by agreement."""

        DAY = "day", _("白班")
        LATE = "late", _("晚班")
        TURN = "turn", _("轮班")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=12, choices=Role.choices)
    grade = models.CharField(max_length=10, blank=True)  # 专职 full | 兼职 part | 辅助员 helper | a liaison's deputy
    scope = models.CharField(max_length=17, db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="posts")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    shift = models.CharField(max_length=5, choices=Shift.choices, blank=True, default="", db_default="")
    # Who holds it after this one, where it was handed over; when what hung on it was seen to after its end.
    next = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    settled_at = models.DateTimeField(null=True)

    moved: Any = None  # of a post that an action has just ended or given: what went along, for its page

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gt=models.F("from_at")), name="post_term"
            ),
            models.CheckConstraint(
                condition=~Q(role="liaison") | Q(scope__regex=r"^[0-9]{9}$"), name="post_liaison_of_a_street"
            ),
            # A street has one liaison at any moment; deputies may stand beside.
            ExclusionConstraint(
                name="post_one_liaison",
                expressions=[(_street_as_range(), "&&"), (_term(), "&&")],
                condition=Q(role="liaison") & ~Q(grade="deputy"),
            ),
            # Three powers apart: system, security and audit are never in one hand (practice 11.5).
            _apart("post_powers_apart", "admin", "security", "auditor"),
            _apart("post_powers_apart_ends", "admin", "auditor"),
        ]
        indexes = [
            models.Index(fields=["scope", "role"], name="post_scope_role"),
            models.Index(fields=["person"], name="post_person"),
            models.Index(
                fields=["to_at"], name="post_to_settle", condition=Q(to_at__isnull=False, settled_at__isnull=True)
            ),
        ]
