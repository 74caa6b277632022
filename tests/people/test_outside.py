"""Person.is_outside: who stands outside now, or stood there last."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sandan.people.models import Person, Post, Role
from tests.factories.people import COMMUNITY, COUNTY, a_person

DAY = timedelta(days=1)


def post(person: Person, role: Role, from_days: int, to_days: int | None) -> None:
    """A post from so many days ago to so many days ago."""
    now = timezone.now()
    to_at = now - to_days * DAY if to_days is not None else None
    scope = COUNTY if role == Role.PARTNER else COMMUNITY
    Post.objects.create(person=person, role=role, scope=scope, from_at=now - from_days * DAY, to_at=to_at)


class TestIsOutside:
    @pytest.mark.parametrize(
        ("posts", "is_outside"),
        [
            ([], False),
            ([(Role.PARTNER, 9, None)], True),
            ([(Role.DAY_WORKER, 9, 8)], True),
            ([(Role.DISPATCHER, 99, 50), (Role.PARTNER, 9, None)], True),
            ([(Role.DISPATCHER, 99, 50), (Role.PARTNER, 40, 9)], True),
            ([(Role.PARTNER, 99, 50), (Role.DISPATCHER, 9, None)], False),
            ([(Role.PARTNER, 99, 50), (Role.DISPATCHER, 9, 1)], False),
            ([(Role.PARTNER, 9, None), (Role.GRID_WORKER, 9, None)], False),
            ([(Role.PARTNER, 9, None), (Role.DISPATCHER, -5, None)], True),
        ],
    )
    def test_asks_what_is_held_now_else_what_was_held_last(
        self, db: None, posts: list[tuple[Role, int, int | None]], is_outside: bool
    ) -> None:
        """G2: who was of the house once and now looks from outside sees what an outsider sees."""
        person = a_person("某人")
        for role, from_days, to_days in posts:
            post(person, role, from_days, to_days)
        assert person.is_outside is is_outside
