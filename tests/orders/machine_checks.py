"""What must be true of an order after every step of the machine."""

from collections.abc import Callable
from itertools import pairwise

from sandan.core import journal
from sandan.orders.actions import consenting, ticking
from sandan.orders.models import Order
from sandan.orders.models.order import Urgency
from sandan.orders.workflow import ENDED, HELD, STANDING, S


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


def is_claimed_by_nobody_who_has_it_no_more(order: Order) -> None:
    live = set(order.claims.filter(released_at=None).values_list("person_id", flat=True))
    standing_in_hand = order.state in STANDING and order.was in HELD
    if order.state in HELD or standing_in_hand:
        assert order.holder_id in live or order.claims.exclude(released_at=None).exists()
    elif order.state not in {S.SERVED, S.REVIEWED, S.CLOSED, S.REOPENED} and order.served_by_id is None:
        assert not live


def is_journalled_where_it_lies(order: Order) -> None:
    assert all(line.scope == order.community_id for line in journal.lines_of(order))


CHECKS: tuple[Callable[[Order], None], ...] = (
    has_an_owner_and_a_custodian, is_in_one_hand_at_every_moment, has_a_clock, stands_with_a_stopped_clock,
    is_closed_by_two_keys, tells_its_course, has_one_live_offer_where_offered, counts_its_askers,
    stands_on_the_level_of_its_steps, is_searched_for_while_it_burns, is_claimed_by_nobody_who_has_it_no_more,
    is_journalled_where_it_lies,
)  # fmt: skip
