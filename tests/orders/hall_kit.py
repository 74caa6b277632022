"""What the tests of the hall share."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person
from tests.factories.orders import a_course, an_order
from tests.factories.people import Cast

TEXT = "厨房下水道堵了"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(order: Order | str) -> str:
    return f"/hall/{order if isinstance(order, str) else order.full_number}/"


def opened(cast: Cast, **facts: Any) -> Order:
    """An order in the hall now: its window is still open."""
    return an_order(cast, S.OPEN, **({"at": timezone.now() - timedelta(minutes=8), "text": TEXT} | facts))


def offered(cast: Cast, *names: Any) -> Order:
    course = a_course(cast, S.JUDGED, at=timezone.now() - timedelta(minutes=8), text=TEXT)
    return course.do("offer", cast.dispatcher, to=list(names)).order


def text_of(answer: Any) -> str:
    return str(answer.content.decode())
