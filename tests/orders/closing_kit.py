"""What the tests of the two keys share."""

from datetime import datetime

from tests.factories.orders import STEP, ZONE, Course


def local(day: int, hour: int) -> datetime:
    return datetime(2026, 8, day, hour, tzinfo=ZONE)


def a_try(course: Course, at: datetime) -> None:
    course.at = at - STEP
    course.do("call_back", course.cast.reviewer, is_reached=False)
