"""What the tests of 吹哨 share: an order, partners beside it, a whistle that was blown."""

from datetime import datetime, timedelta

import pytest

from sandan.notices.models import Notice
from sandan.orders.actions import whistle
from sandan.orders.models import Call, Order, Whistle
from sandan.orders.workflow import S
from sandan.people.models import Unit
from tests.factories.orders import MORNING, an_order
from tests.factories.people import Cast
from tests.factories.whistle import Beside
from tests.factories.whistle import beside as a_beside

LATER = MORNING + timedelta(hours=1)
ASK = "请来看看下水道归谁清，电话 16400001234。"


@pytest.fixture
def beside(cast: Cast) -> Beside:
    return a_beside(cast)


@pytest.fixture
def order(cast: Cast) -> Order:
    return an_order(cast, S.JUDGED)


@pytest.fixture
def blown(cast: Cast, beside: Beside, order: Order) -> Whistle:
    return blow(cast, order, cast.unit, beside.office)


def blow(cast: Cast, order: Order, *units: Unit, at: datetime = LATER, **facts: object) -> Whistle:
    return whistle.blow(order=order, units=units, ask=ASK, by=cast.grid_worker, at=at, **facts)  # type: ignore[arg-type]


def call_to(blown: Whistle, unit: Unit) -> Call:
    return blown.calls.get(unit=unit)


def told(order: Order, kind: str) -> set[int | None]:
    return set(Notice.objects.filter(subject_id=order.pk, kind=kind).values_list("person", flat=True))
