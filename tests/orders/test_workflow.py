"""The table of moves, walked: no state is a dead end, no verb lacks its action, no hearer goes unheard (R042)."""

import inspect
from collections.abc import Iterable

import pytest

from sandan.core.workflow import Move
from sandan.orders import actions, clocks
from sandan.orders.actions import beats, ticking
from sandan.orders.models import Order
from sandan.orders.workflow import ENDED, MOVES, STANDING, STATES, S
from sandan.people.models import Role
from tests.factories.orders import an_order
from tests.factories.people import Cast

OPEN = sorted(set(STATES) - ENDED)
VERBS = sorted({move.verb for move in MOVES.moves})
ALWAYS = {"order", "by", "at"}


def goals(move: Move, source: str) -> Iterable[str]:
    """Where a move leads: back means to any state from which one comes to stand still."""
    if move.to is not None:
        return (move.to,)
    return {state for other in MOVES.moves if other.to == source for state in other.sources} - STANDING


def reached_from(start: str) -> set[str]:
    known, fresh = {start}, [start]
    while fresh:
        state = fresh.pop()
        for move in MOVES.moves:
            if state in move.sources:
                new = set(goals(move, state)) - known
                known |= new
                fresh += new
    return known


class TestTable:
    """R042: closed loops only; R040: received to closed."""

    def test_reaches_every_state_from_received(self) -> None:
        assert reached_from(S.RECEIVED) == set(STATES)

    @pytest.mark.parametrize("state", OPEN)
    def test_leads_from_every_open_state_to_an_end(self, state: str) -> None:
        assert reached_from(state) & ENDED

    @pytest.mark.parametrize("state", OPEN)
    def test_lets_the_desk_or_a_second_hand_move_every_open_state(self, state: str) -> None:
        people = {who for move in MOVES.moves if state in move.sources for who in move.who} - {"clock"}
        assert people & {"desk", "reviewer"}, "nobody of the community could move it on"

    @pytest.mark.parametrize("state", sorted(ENDED - {S.WITHDRAWN, S.REFUSED}))
    def test_has_a_way_back_from_ends_that_may_be_wrong(self, state: str) -> None:
        assert any(state in move.sources for move in MOVES.moves)

    def test_names_only_known_states(self) -> None:
        named = {state for move in MOVES.moves for state in (*move.sources, move.to)} - {None}
        assert named == set(STATES)

    def test_has_one_move_for_each_verb_and_state(self) -> None:
        pairs = [(move.verb, state) for move in MOVES.moves for state in move.sources]
        assert len(pairs) == len(set(pairs))

    def test_keeps_closing_from_those_who_served(self) -> None:
        """R036: the moves that turn the second key name reviewers and askers only."""
        for verb in ("review", "hear", "stand_in", "dissent", "send_back", "call_back", "close"):
            for move in (move for move in MOVES.moves if move.verb == verb):
                assert set(move.who) <= {"asker", "reviewer"}, verb

    def test_knows_how_every_role_is_called(self) -> None:
        assert {who for move in MOVES.moves for who in move.who} <= set(beats.WHO)

    def test_knows_who_every_hearer_is(self) -> None:
        assert {hearer for move in MOVES.moves for hearer in move.hearers} <= set(beats.HEARERS)


class TestVerbs:
    @pytest.mark.parametrize("verb", VERBS)
    def test_have_an_action_that_asks_for_what_the_table_asks(self, verb: str) -> None:
        moves = [move for move in MOVES.moves if move.verb == verb]
        if {who for move in moves for who in move.who} == {"clock"}:
            assert verb in ticking.STEPS
            return
        parameters = inspect.signature(getattr(actions, verb)).parameters.values()
        assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)
        needed = {parameter.name for parameter in parameters if parameter.default is parameter.empty}
        assert needed == ALWAYS | set(moves[0].asks)
        assert len({move.asks for move in moves}) == 1

    def test_are_all_the_verbs_that_actions_take(self) -> None:
        taken = {"file", "place", "join", "add_photo", "tick"}
        public = {name for name in actions.__all__ if name[0].islower()}
        assert public - set(VERBS) <= taken | {"judge_and_open", "judge_and_offer", "called", "file"}


class TestClocks:
    def test_are_all_known_to_the_winder(self) -> None:
        assert {move.clock for move in MOVES.moves} <= clocks.CLOCKS

    def test_run_after_a_move_into_an_open_state_and_only_then(self) -> None:
        for move in MOVES.moves:
            assert bool(move.clock) == (move.to not in ENDED), move.verb

    @pytest.mark.parametrize("state", OPEN)
    @pytest.mark.django_db
    def test_have_a_step_in_every_open_state(self, cast: Cast, state: str) -> None:
        order = Order.objects.get(pk=an_order(cast, state).pk)
        assert order.next_at is not None
        assert order.next_at > order.touched_at
        assert order.next_step in ticking.STEPS
        assert order.owner_id
        assert order.custody.filter(to_at__isnull=True).count() == 1

    @pytest.mark.parametrize("name", sorted(clocks.CLOCKS - {""}))
    @pytest.mark.django_db
    def test_name_a_step_that_the_worker_knows(self, cast: Cast, name: str) -> None:
        order = an_order(cast, S.JUDGED)
        clocks.wind(order, name, order.touched_at, None)
        assert order.next_step in ticking.STEPS
        assert order.next_at is not None
        assert order.next_at > order.touched_at

    @pytest.mark.parametrize("state", sorted(ENDED))
    @pytest.mark.django_db
    def test_are_silent_in_every_end(self, cast: Cast, state: str) -> None:
        order = Order.objects.get(pk=an_order(cast, state).pk)
        assert (order.next_at, order.next_step, order.is_open) == (None, "", False)
        assert not order.custody.filter(to_at__isnull=True).exists()


class TestDesks:
    def test_stand_on_every_level(self) -> None:
        from_levels = {1: Role.DISPATCHER, 2: Role.DISPATCHER, 3: Role.LIAISON, 4: Role.DISTRICT}
        assert from_levels == beats.access.DESK_OF_LEVEL
