"""Finding a move in a table."""

import pytest

from sandan.core.errors import NotAllowed, Stale
from sandan.core.workflow import Move, Workflow

OPEN_DOOR = Move("open", ("shut",), "ajar", ("guest", "host"))
SHUT_DOOR = Move("shut", ("ajar", "wide"), "shut", ("host",))
DOOR = Workflow((OPEN_DOOR, SHUT_DOOR))


class TestTake:
    def test_finds_the_move(self) -> None:
        assert DOOR.take("open", "shut", ["guest"]) is OPEN_DOOR

    def test_says_stale_where_the_thing_has_moved_on(self) -> None:
        with pytest.raises(Stale):
            DOOR.take("open", "ajar", ["guest", "host"])

    def test_says_not_allowed_to_the_wrong_role(self) -> None:
        with pytest.raises(NotAllowed):
            DOOR.take("shut", "wide", ["guest"])

    def test_does_not_know_unknown_verbs(self) -> None:
        with pytest.raises(Stale):
            DOOR.take("paint", "shut", ["host"])


class TestOpenTo:
    def test_gives_the_buttons_in_table_order(self) -> None:
        assert DOOR.open_to("ajar", ["host"]) == (SHUT_DOOR,)
        assert DOOR.open_to("shut", ["guest"]) == (OPEN_DOOR,)

    def test_gives_strangers_nothing(self) -> None:
        assert DOOR.open_to("shut", ["stranger"]) == ()
