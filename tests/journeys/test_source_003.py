"""Source 003's figure: 244 real problems solved (累计解决实际问题244个), each an order that a click leads to."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.orders import actions
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Role
from tests.factories.orders import MORNING, a_course, asker_of
from tests.factories.people import COMMUNITY, Cast, somebody
from tests.factories.people import cast as a_cast

SOLVED, EXPLAINED, DONE_AGAIN = 244, 3, 2
CODE = "1103"  # asks for no photos: 244 orders walk in seconds
DAYS = 60
NOW = MORNING + timedelta(days=DAYS + 10)

pytestmark = pytest.mark.django_db


def walk(cast: Cast, number: int, outcome: str = "solved") -> Order:
    """One problem from its placing to its closing, a few each day."""
    day = MORNING + timedelta(days=number % DAYS)
    course = a_course(cast, S.REVIEWED, at=day, code=CODE, text=f"第{number}件难处。")
    if course.order.needs_call:
        course.do("call_back", cast.reviewer, is_reached=True, satisfaction=1)
    return course.do("close", cast.reviewer, outcome=outcome).order


@pytest.fixture
def years_work(monkeypatch: pytest.MonkeyPatch) -> Cast:
    """244 solved; beside them explained, reopened, open and withdrawn ones, which the figure leaves out."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    cast = a_cast()
    for number in range(SOLVED):
        walk(cast, number)
    for number in range(EXPLAINED):
        walk(cast, number, "explained")
    for number in range(DONE_AGAIN):
        again = walk(cast, DAYS - 1 - number)
        day = again.ended_at + timedelta(days=1) if again.ended_at else NOW
        actions.reopen(order=again, reason="not_solved", by=asker_of(again), at=day, text="又堵了。")
    for state in (S.TAKEN, S.SERVED, S.WITHDRAWN):
        a_course(cast, state, at=MORNING + timedelta(days=1), code=CODE)
    return cast


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def listed(client: Client, url: str) -> list[str]:
    """The numbers of a list, over all its pages."""
    numbers: list[str] = []
    while url:
        html = page(client, url)
        numbers += re.findall(r'<td class="c-number"><a class="num" href="/desk/orders/([\d-]+)/"', html)
        onward = re.search(r'class="btn sq" href="([^"]+)" aria-label="下一页"', html)
        url = reverse("orders:board") + onward[1] if onward else ""
    return numbers


class TestSource003:
    def test_has_an_order_behind_each_of_its_244_problems(self, years_work: Cast) -> None:
        """R056: the cumulative count leads to 244 different orders, each closed as solved by two keys."""
        client = Client()
        client.force_login(somebody("区值班", Role.DISTRICT, COMMUNITY[:6]))
        html = page(client, reverse("orders:figures"))
        link = re.search(r'href="([^"]+)"[^>]*>(?:<[^>]*>|\s)*244', html)
        assert link, re.findall(r"累计解决实际问题.{0,200}", html, re.S)
        numbers = listed(client, link[1])
        assert len(numbers) == len(set(numbers)) == SOLVED
        found = {order.full_number: order for order in Order.objects.filter(state=S.CLOSED)}
        assert all(found[number].outcome == "solved" for number in numbers)
        assert all(found[number].closed_by_id != found[number].served_by_id for number in numbers)
        assert "已销号" in page(client, reverse("orders:detail", args=[numbers[-1]]))
