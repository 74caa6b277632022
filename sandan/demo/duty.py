"""The demo's duty lists: communities a week at a time, the home community day by day, streets and district above."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandan.demo import people
from sandan.demo.stage import Event, Stage
from sandan.orders.actions import duty_paging
from sandan.orders.models import Duty, Order, Page
from sandan.people.models import Person, Post, Role
from sandan.places.models import Place

ZONE = ZoneInfo("Asia/Shanghai")
BEFORE, AHEAD = 35, 9  # days
EMPTY_DAY = 5  # days ahead: nobody is on duty at home that day, for the warning to be seen
LEVELS = ((Role.DISPATCHER, 12, 7), (Role.LIAISON, 9, 7), (Role.DISTRICT, 6, 1))  # role, scope, days a shift


def make(county: Place, at: datetime) -> None:
    """Lists for the month behind and the week to come, in bulk; who is first changes from shift to shift."""
    today = datetime.combine(at.astimezone(ZONE).date(), time(8), ZONE)
    home = people.home_of(county).code
    rows: list[Duty] = []
    for role, length, days in LEVELS:
        for scope, persons in _staff(county, role, length).items():
            rows += _shifts(scope, persons, today, 1 if scope == home else days, scope == home)
    Duty.objects.bulk_create(rows, batch_size=2000)


def _staff(county: Place, role: str, length: int) -> dict[str, list[Person]]:
    posts = Post.objects.filter(scope__startswith=county.code, role=role).select_related("person").order_by("pk")
    found: dict[str, list[Person]] = {}
    for post in posts:
        if len(post.scope) == length:
            found.setdefault(post.scope, []).append(post.person)
    return found


def _shifts(scope: str, persons: list[Person], today: datetime, days: int, has_hole: bool) -> Iterator[Duty]:
    for number, start in enumerate(range(-BEFORE, AHEAD, days)):
        if has_hole and start == EMPTY_DAY:
            continue
        since = today + timedelta(days=start)
        turned = persons[number % len(persons) :] + persons[: number % len(persons)]
        for rank, person in enumerate(turned[:3], start=1):
            yield Duty(scope=scope, person=person, rank=rank, from_at=since, to_at=since + timedelta(days=days))


def wake(month: Stage, order: Order, at: datetime) -> None:
    """A 突发 order pages the first on duty within seconds; mostly he answers in a minute or two, else the next does."""
    month.plan(at + timedelta(seconds=4), lambda _m, t: _page(t))
    answers_in = month.rng.uniform(0.4, 1.8) if month.rng.random() < 0.8 else month.rng.uniform(2.2, 3.8)
    if answers_in > duty_paging.PAGE_MINUTES:
        month.in_minutes(at, duty_paging.PAGE_MINUTES + 0.1, lambda _m, t: _page(t), "natural")
    month.in_minutes(at, answers_in + 0.1, _respond(order), "natural")


def _page(at: datetime) -> None:
    duty_paging.page_due(at=at)


def _respond(order: Order) -> Event:
    def press(month: Stage, at: datetime) -> None:
        page = Page.objects.filter(paging__order=order, state="sent").order_by("-pk").first()
        if page:
            person = month.world.persons.get(page.person_id) or page.person
            duty_paging.respond(order=month.fresh(order), by=person, at=at)

    return press
