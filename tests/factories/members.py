"""Members who have checked in, and service posts, for tests of several rooms."""

from datetime import datetime, timedelta
from typing import Any

from sandan.people.actions import member_checkin, service_posts
from sandan.people.models import MemberCheckin, Person, Role, ServicePost, Unit
from sandan.places.models import Place
from tests.factories.people import COMMUNITY, GRID, NOON, a_person, a_place, somebody


def a_member(name: str = "贺连生", grid: str = GRID, *, unit: Unit | None = None, **facts: Any) -> Person:
    """A person who was checked in to a grid long enough ago."""
    person = a_person(name, **facts)
    checked_in(person, grid, unit=unit)
    return person


def checked_in(
    person: Person, grid: str = GRID, *, unit: Unit | None = None, at: datetime = NOON - timedelta(days=30)
) -> MemberCheckin:
    """Their check-in there, as the operator makes it."""
    return member_checkin.check_in(person=person, grid=a_place(grid), unit=unit, by="system", at=at)


def a_keeper(scope: str = COMMUNITY) -> Person:
    """A dispatcher of that place."""
    return somebody("周敏", Role.DISPATCHER, scope)


def a_service_post(by: Person, place: Place | None = None, **facts: Any) -> ServicePost:
    """Civility at the corner on weekend mornings, one place, for ninety days around NOON."""
    given: dict[str, Any] = {
        "kind": "civility", "place": place or a_place(COMMUNITY), "task": "在路口劝一劝", "weekdays": [5, 6],
        "minutes": (450, 570), "seats": 1, "from_at": NOON, "to_at": NOON + timedelta(days=90), "by": by, "at": NOON,
    }  # fmt: skip
    return service_posts.offer_post(**{**given, **facts})
