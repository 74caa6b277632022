"""A machine that tries everything: random legal and illegal moves by random people, and the clock, against the tables.

R042: no order without owner, no clock in a paused state, no close without two keys; nothing changes on a refusal.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from sandan.calc import clock
from sandan.core import journal
from sandan.core.calendar import calendar
from sandan.core.errors import Refused
from sandan.core.models import Entry
from sandan.notices.models import Notice
from sandan.orders import access, actions, clocks
from sandan.orders.actions import consenting, duty_paging, ticking
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
from sandan.orders.models.order import Urgency
from sandan.orders.workflow import ENDED, HELD, MOVES, STANDING, STATES, S
from tests.factories.orders import MORNING, a_course, a_picture
from tests.factories.people import Cast
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
STEPS, EXAMPLES, MOST_ORDERS = 60, 50, 5
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


def has_an_owner_and_a_custodian(order: Order) -> None:
    lines = list(order.custody.order_by("pk"))
    assert lines[0].from_at == order.placed_at
    open_lines = [line for line in lines if line.to_at is None]
    if not order.is_open:
        assert not open_lines
        assert lines[-1].to_at == order.ended_at
        return
    serving = order.state in HELD or (order.state in STANDING and order.was in HELD)
    assert order.owner_id
    assert [line.person_id for line in open_lines] == [order.holder_id if serving else order.owner_id]
    assert open_lines == lines[-1:]


def is_in_one_hand_at_every_moment(order: Order) -> None:
    moves = [line for line in journal.lines_of(order) if "after" in line.facts]
    ended = {line.at for line in moves if line.facts["after"] in ENDED}
    began = {line.at for line in moves if line.facts.get("before") in ENDED}
    lines = list(order.custody.order_by("pk"))
    for one, next_one in pairwise(lines):
        assert one.to_at == next_one.from_at or (one.to_at in ended and next_one.from_at in began)


def has_a_clock(order: Order) -> None:
    if order.is_open:
        assert order.next_at
        assert order.next_at > order.touched_at
        assert order.next_step in ticking.STEPS
        assert order.due_at
    else:
        assert (order.next_at, order.next_step) == (None, "")


def stands_with_a_stopped_clock(order: Order) -> None:
    assert (order.stopped_at is not None) == (order.state in STANDING)
    assert order.pauses.filter(to_at__isnull=True).count() == (order.state in STANDING)


def is_closed_by_two_keys(order: Order) -> None:
    if order.state == S.CLOSED:
        assert order.served_by_id
        assert order.closed_by_id not in {None, order.served_by_id}
        review = order.reviews.order_by("-pk")[0]
        assert review.at >= order.served_at
        assert review.word == order.word in {"yes", "half"}
        assert review.person_id != order.served_by_id
    calls = order.calls.filter(at__gte=order.served_at) if order.served_at else order.calls.none()
    if order.state in {S.REVIEWED, S.CLOSED}:
        assert all(call.by_id != order.served_by_id for call in calls)


def tells_its_course(order: Order) -> None:
    moves = [line.facts for line in journal.lines_of(order) if "after" in line.facts]
    assert "before" not in moves[0]
    for one, next_one in pairwise(moves):
        assert next_one["before"] == one["after"]
    assert moves[-1]["after"] == order.state
    times = list(journal.lines_of(order).values_list("at", flat=True))
    assert times == sorted(times)


def has_one_live_offer_where_offered(order: Order) -> None:
    is_to_one = order.state == S.OFFERED and not consenting.is_live(order)
    assert order.offers.filter(state="sent").count() == is_to_one
    assert order.state == S.OFFERED or not order.offers.filter(state="spare").exists()


def counts_its_askers(order: Order) -> None:
    assert order.asker_count == order.askers.count() + sum(other.asker_count for other in order.merged.all())


def stands_on_the_level_of_its_steps(order: Order) -> None:
    steps = list(order.steps.exclude(verb="propose").order_by("pk"))
    levels = [2, *(step.to_level for step in steps)]
    assert [step.from_level for step in steps] == levels[:-1]
    assert levels[-1] == order.level
    assert order.step_count == sum(step.verb == "escalate" for step in steps)


def is_searched_for_while_it_burns(order: Order) -> None:
    if order.urgency == Urgency.BURST and order.parent_id is None:
        assert order.pagings.exists()
    assert order.pagings.filter(ended_at=None, next_at=None).count() == 0
    assert order.pagings.filter(ended_at=None).count() <= 1


CHECKS: tuple[Callable[[Order], None], ...] = (
    has_an_owner_and_a_custodian, is_in_one_hand_at_every_moment, has_a_clock, stands_with_a_stopped_clock,
    is_closed_by_two_keys, tells_its_course, has_one_live_offer_where_offered, counts_its_askers,
    stands_on_the_level_of_its_steps, is_searched_for_while_it_burns,
)  # fmt: skip


@pytest.mark.django_db
def test_three_thousand_steps_break_no_promise(cast: Cast) -> None:
    """R042, R036: thousands of random moves find no dead end, no lost owner, no single key."""
    run_state_machine_as_test(
        lambda: Orders(cast),
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False,
        ),
    )  # fmt: skip
