"""Reads about one-day posts: one's own day, those a mentor has, those of an area."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from sandan.people.models import DayPost, Person
from sandan.people.queries.member_scope import inside
from sandan.places.models import Place

RECENT = 200


def _days() -> QuerySet[DayPost]:
    return DayPost.objects.select_related("post__person", "mentor")


def own_day(person: Person) -> DayPost | None:
    """The day this account was made for."""
    return _days().filter(post__person=person).order_by("-on").first()


def days(person: Person, codes: Sequence[str]) -> list[DayPost]:
    """The days of these areas and those somebody mentors, newest first, with `act_count` and `new_count`."""
    new = Count("acts", filter=Q(acts__seen_at=None))
    rows = _days().filter(inside(codes, "post__scope") | Q(mentor=person))
    return list(rows.annotate(act_count=Count("acts"), new_count=new).order_by("-on", "-pk")[:RECENT])


def day_seen_by(person: Person, codes: Sequence[str], pk: int) -> DayPost | None:
    """The day of this number in these areas or under this mentor."""
    return _days().filter(inside(codes, "post__scope") | Q(mentor=person)).filter(pk=pk).first()


def grid_name(code: str) -> str:
    """A grid's name after its community's."""
    names = dict(Place.objects.filter(code__in=[code, code[:12]]).values_list("code", "name"))
    return f"{names.get(code[:12], '')} {names.get(code, '')}".strip()


def task_words(day: DayPost) -> list[tuple[str, str]]:
    """What the day's worker may do: code and word."""
    return [(task, str(DayPost.Task(task).label)) for task in day.tasks]


def is_soon(day: DayPost, at: datetime) -> bool:
    """Whether the day is still to come."""
    return at < day.post.from_at
