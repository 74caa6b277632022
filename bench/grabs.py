"""How long it takes until a thousand members who press at the same moment all know who has the order."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from urllib.parse import urlsplit

from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from bench import copies, ground
from bench.bounds import CALLERS
from bench.cost import spent_ms
from bench.crowd import Answer, at_once
from bench.ground import Town
from bench.load import Call
from bench.paths import body, cookies
from bench.server import Server, Wrong
from sandan.intake.models import Category
from sandan.orders import actions
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person, Post, Role

OPENED = timedelta(minutes=8)  # ago: the window of half an hour is open, its first part for those who live near


@dataclass(frozen=True)
class Grabs:
    """Wall seconds until all were answered: the median of the storms, the shortest and the longest; `web_ms` and
    `database_ms` are milliseconds of CPU a grab."""

    callers: int
    seconds: float
    lowest: float
    highest: float
    web_ms: float
    database_ms: float

    def line(self) -> dict[str, object]:
        """As the bounds read it."""
        return {
            "path": "grabs", "concurrency": self.callers, "seconds": self.seconds, "lowest": self.lowest,
            "highest": self.highest, "web_ms": self.web_ms, "database_ms": self.database_ms,
        }  # fmt: skip

    def __str__(self) -> str:
        return (
            f"{self.callers} grabs of one order, each with its login: {self.seconds:.2f} s until all are answered "
            f"({self.lowest:.2f} to {self.highest:.2f}); "
            f"CPU a grab {self.web_ms:.1f} ms web, {self.database_ms:.1f} ms db; one has it, all others are told who"
        )


def measure(server: Server, town: Town, repeat: int) -> Grabs:
    """A storm on a new order, `repeat` times; raises Wrong unless one has it and everybody else hears so."""
    sessions = [ground.session_of(person) for person in _members(town)]
    web, database = spent_ms(server.web), spent_ms(server.database)
    taken = sorted(_storm(server.port, town, sessions) for _ in range(repeat))
    web, database = spent_ms(server.web) - web, spent_ms(server.database) - database
    grabs = repeat * len(sessions)
    return Grabs(len(sessions), median(taken), taken[0], taken[-1], web / grabs, database / grabs)


def _members(town: Town) -> list[Person]:
    """So many members who live in the building's grid and can do it."""
    skills, building = Category.objects.get(code=ground.CATEGORY).skills, town.building
    nobody = make_password(None)
    persons = Person.objects.bulk_create(
        Person(
            login=f"bench.grab{n}", name=f"抢单{n}", password=nobody, skills=skills, home_id=building.grid_id,
            lon=building.lon, lat=building.lat,
        )
        for n in range(CALLERS)
    )  # fmt: skip
    since, scope = timezone.now() - timedelta(days=365), building.estate.community_id
    Post.objects.bulk_create(Post(person=one, role=Role.MEMBER, scope=scope, from_at=since) for one in persons)
    return persons


def _storm(port: int, town: Town, sessions: list[str]) -> float:
    order = _opened(town)
    path = reverse("orders:hall_order", args=[order.full_number])
    answers, seconds = at_once(port, [Call("POST", path, cookies(key), body(act="take")) for key in sessions])
    order.refresh_from_db()
    told = Counter(_what(answer, order) for answer in answers)
    if order.state != S.TAKEN or told != {"has it": 1, "knows who": len(answers) - 1}:
        raise Wrong(f"grabs: the order is {order.state}, and of the callers {told.most_common(5)}")
    return seconds


def _opened(town: Town) -> Order:
    """A copy of the judged order, its window opened by the desk."""
    copies.copy([town.judged.pk], 1)
    order = Order.objects.order_by("-pk")[0]
    return actions.open_up(order=order, by=town.desk, at=timezone.now() - OPENED)


def _what(answer: Answer, order: Order) -> str:
    if answer.status == 302 and urlsplit(answer.where).path == reverse("orders:task", args=[order.full_number]):
        return "has it"
    knows = answer.status == 409 and order.holder is not None and order.holder.name in answer.body
    return "knows who" if knows else f"{answer.status} {answer.where} {answer.body[:200]}"
