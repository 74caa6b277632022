"""notices.queries: what a person was told, in words."""

from datetime import timedelta

import pytest

from sandan.notices import queries
from sandan.notices.actions import read_all, tell
from sandan.notices.models import Notice
from sandan.orders.workflow import MOVES
from tests.factories.people import NOON, Cast

NUMBER = "990201001001-2026-0810-048"
TOLD_TO_STAFF = {"owner", "holder", "server", "upper", "offered", "fitting"}
BY_THE_CLOCK = ("place", "remind", "overdue", "nudge")


class TestInboxOf:
    def test_gives_the_newest_first_and_what_was_read_apart(self, cast: Cast) -> None:
        for minute, kind in enumerate(("place", "lapse", "finish")):
            tell(cast.unit, kind, persons=[cast.dispatcher], at=NOON + timedelta(minutes=minute))
        read_all(until=NOON, by=cast.dispatcher, at=NOON + timedelta(hours=1))
        tell(cast.unit, "place", persons=[cast.neighbour], at=NOON)
        inbox = queries.inbox_of(cast.dispatcher)
        assert [notice.kind for notice in inbox.unread] == ["finish", "lapse"]
        assert [notice.kind for notice in inbox.recent] == ["place"]
        assert inbox.unread_count == 2

    def test_shows_a_hundred_and_counts_them_all(self, cast: Cast) -> None:
        for _ in range(queries.SHOWN + 3):
            tell(cast.unit, "place", persons=[cast.dispatcher], at=NOON)
        inbox = queries.inbox_of(cast.dispatcher)
        assert (len(inbox.unread), inbox.unread_count) == (queries.SHOWN, queries.SHOWN + 3)

    def test_takes_three_queries(self, cast: Cast, django_assert_num_queries: object) -> None:
        for _ in range(20):
            tell(cast.unit, "place", persons=[cast.dispatcher], at=NOON)
        with django_assert_num_queries(3):  # type: ignore[operator]
            queries.inbox_of(cast.dispatcher)


class TestSentence:
    @pytest.mark.parametrize(
        "kind", sorted({move.verb for move in MOVES.moves if TOLD_TO_STAFF & set(move.hearers)} | set(BY_THE_CLOCK))
    )
    def test_has_words_for_every_move_staff_hear_of(self, kind: str) -> None:
        words = queries.sentence(Notice(kind=kind, facts={"number": NUMBER}))
        assert "0810-048" in words
        assert words != queries.sentence(Notice(kind="of_no_known_kind", facts={"number": NUMBER}))

    def test_says_that_something_moved_for_a_kind_without_words(self) -> None:
        assert queries.sentence(Notice(kind="of_no_known_kind", facts={"number": NUMBER})) == "0810-048 有新进展。"
