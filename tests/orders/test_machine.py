"""A machine that tries everything: random legal and illegal moves by random people, and the clock, against the tables.

R042: no order without owner, no clock in a paused state, no close without two keys; nothing changes on a refusal.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.core.errors import Refused
from sandan.core.models import Entry
from sandan.notices.models import Notice
from sandan.orders import access, actions, clocks
from sandan.orders.actions import consenting, duty_paging
from sandan.orders.models import (
    Asker,
    CallBack,
    Claim,
    Consent,
    Custody,
    Extension,
    Offer,
    Order,
    Page,
    Paging,
    Pause,
    Review,
    Round,
    Share,
    Step,
    Words,
)  # fmt: skip
from sandan.orders.workflow import MOVES, STANDING, STATES, S
from tests.factories.orders import MORNING, a_course, a_picture
from tests.factories.people import Cast
from tests.orders.machine_checks import CHECKS
from tests.orders.machine_words import SAID

VERBS = sorted({move.verb for move in MOVES.moves if move.who != ("clock",)})
JUMPS = (1, 7, 31, 61, 240, 24 * 60, 3 * 24 * 60, 8 * 24 * 60, 21 * 24 * 60)
KEPT = (
    Order,
    Custody,
    Offer,
    Pause,
    Extension,
    Review,
    CallBack,
    Words,
    Asker,
    Step,
    Paging,
    Page,
    Claim,
    Round,
    Consent,
    Share,
    Entry,
    Notice,
)
STEPS, EXAMPLES, MOST_ORDERS = 60, 25, 5
SEEDS = st.integers(0, 2**32)
DEAR = {
    "ask",
    "pause",
    "withdraw",
    "refuse",
    "pass_on",
    "escalate",
    "merge",
    "file",
    "ledger",
    "split",
}  # they lead aside


def snapshot() -> list[Any]:
    """Every table that a move may touch, whole: one digest each."""
    tables = [model._meta.db_table for model in KEPT]
    parts = [f"(SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {table} t)" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts))
        return list(cursor.fetchone())


class Orders(RuleBasedStateMachine):
    """`people` are the cast with strangers; every example is rolled back."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.cast = cast
        self.now: datetime = MORNING
        self.people = [
            cast.dispatcher, cast.reviewer, cast.liaison, cast.district, cast.member, cast.second_member,
            cast.grid_worker, cast.neighbour, cast.auditor, cast.clerk, cast.team.leader,
        ]  # fmt: skip
        self.count, self.rows = 0, dict[int, str]()
        self.standing: dict[int, tuple[datetime, datetime, str]] = {}
        self.scope = transaction.atomic()
        self.scope.__enter__()

    def teardown(self) -> None:
        orders = list(Order.objects.select_related("category"))
        self.check(orders)
        assert len({order.full_number for order in orders}) == len(orders)
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)

    @initialize(seed=SEEDS)
    def first(self, seed: int) -> None:
        self.place(Random(seed))

    @rule(seed=SEEDS)
    def step(self, seed: int) -> None:
        """One of four things, with even dice: hypothesis likes small numbers and would leave whole rules out."""
        self.count += 1
        rng = Random(f"{seed} {self.count}")
        ways = [self.go_on, self.try_anything, self.wait, self.place, self.press]
        way = rng.choices(ways, [60, 18, 12, 10, 6])[0]
        way(rng)

    def place(self, rng: Random) -> None:
        """A new order, already on its way to some state; sometimes the desk itself serves it."""
        if Order.objects.count() >= MOST_ORDERS:
            return
        course = a_course(
            self.cast, rng.choice(sorted(STATES)), at=self.now, code=rng.choice(["0102", "0601", "0701"]),
            urgency=rng.choice([1, 1, 2, 3]), phone=rng.choice(["16400001111", "16400002222", ""]),
            helper=rng.choice([self.cast.member, self.cast.dispatcher, self.cast.grid_worker]),
        )  # fmt: skip
        self.now = course.at
        self.check_changed()

    def wait(self, rng: Random) -> None:
        """Time goes by, and the worker does what is due."""
        self.now += timedelta(minutes=rng.choice(JUMPS))
        late = Order.objects.filter(is_open=True, next_at__lte=self.now).count()
        done = actions.tick(at=self.now, most=100)
        assert done >= late
        assert not Order.objects.filter(is_open=True, next_at__lte=self.now).exists()
        duty_paging.page_due(at=self.now)
        assert not Paging.objects.filter(ended_at=None, next_at__lte=self.now).exists()
        assert not Paging.objects.filter(ended_at=None, next_at__gt=self.now + timedelta(minutes=3)).exists()
        self.check_changed()

    def press(self, rng: Random) -> None:
        """Somebody answers a page, or hands it on; mostly nobody was paged."""
        order, by = self.one(rng), rng.choice(self.people)
        before = snapshot()
        is_refused = False
        try:
            rng.choice([duty_paging.respond, duty_paging.hand_on])(order=order, by=by, at=self.now)
        except Refused:
            is_refused = True
        assert not is_refused or snapshot() == before
        self.check_changed()

    def go_on(self, rng: Random) -> None:
        """A move that the table opens to somebody."""
        order = self.one(rng)
        ways: dict[str, list[Any]] = {}
        for actor in self.actors():
            for move in MOVES.open_to(order.state, access.roles_of(order, actor, self.now)):
                ways.setdefault(move.verb, []).append(actor)
        if ways:
            verb = (
                rng.choice(sorted(set(ways) - DEAR) or sorted(ways)) if rng.random() < 0.7 else rng.choice(sorted(ways))
            )
            self.move(order, rng.choice(ways[verb]), verb, rng)

    def try_anything(self, rng: Random) -> None:
        """Any move by anybody, mostly refused."""
        self.move(self.one(rng), rng.choice(self.actors()), rng.choice(VERBS), rng)

    def one(self, rng: Random) -> Order:
        return rng.choice(list(Order.objects.order_by("pk")))

    def actors(self) -> list[Any]:
        return [*self.people, *Asker.objects.order_by("pk")]

    def move(self, order: Order, actor: Any, verb: str, rng: Random) -> None:
        said = {name: make(rng, self, order) for name, make in SAID[verb].items()}
        if verb == "finish":
            self.show(order, actor)
        before, state, roles = snapshot(), order.state, access.roles_of(order, actor, self.now)
        self.now += timedelta(minutes=1)
        refusal = ""
        try:
            getattr(actions, verb)(order=order, by=actor, at=self.now, **said)
        except Refused as no:
            refusal = str(no)
            if not refusal or refusal == verb:
                raise
        if refusal:
            assert snapshot() == before
            return
        move = MOVES.take("dissent" if said.get("word") == "no" else verb, state, roles)
        order.refresh_from_db()
        assert move.to in {None, order.state, S.JUDGED, S.OFFERED} or consenting.is_live(order)
        self.check_changed()

    def show(self, order: Order, actor: Any) -> None:
        for stage in ("before", "after"):
            try:
                actions.add_photo(target=order, stage=stage, content=a_picture(), by=actor, at=self.now)
            except Refused:
                return

    def check_changed(self) -> None:
        """Check the orders whose rows are not those of the last time."""
        rows = dict(Order.objects.annotate(row=RawSQL("orders_order.ctid::text", [])).values_list("pk", "row"))
        changed = [pk for pk, row in rows.items() if self.rows.get(pk) != row]
        self.rows = rows
        self.check(Order.objects.filter(pk__in=changed).select_related("category").order_by("pk"))

    def check(self, orders: Iterable[Order]) -> None:
        for order in orders:
            for check in CHECKS:
                check(order)
            self.check_clock(order)

    def check_clock(self, order: Order) -> None:
        """While it stands still the deadline stays; afterwards it has moved by what the pause took, no more."""
        kind, days = clocks.kind_of(order), calendar()
        if order.state in STANDING:
            assert order.stopped_at
            assert order.due_at
            since, due, _kind = self.standing.setdefault(order.pk, (order.stopped_at, order.due_at, kind))
            assert (order.stopped_at, order.due_at) == (since, due)
        elif order.pk in self.standing:
            since, due, kind = self.standing.pop(order.pk)
            assert order.due_at
            lost = clock.net_minutes(days, since, order.touched_at, kind)  # type: ignore[arg-type]
            assert clock.net_minutes(days, due, order.due_at, kind) == pytest.approx(lost)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_fifteen_hundred_steps_break_no_promise(cast: Cast) -> None:
    """R042, R036: random moves without end in sight find no dead end, no lost owner, no single key."""
    run_state_machine_as_test(
        lambda: Orders(cast),
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False,
        ),
    )  # fmt: skip
