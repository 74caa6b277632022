"""News of the journal for pages that wait: late commits are never missed, nobody hears of other areas."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connections, transaction

from sandan.core import live
from sandan.core.live import Reader
from sandan.core.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
HERE, THERE = "990201001001", "990201002001"


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EVERY", 0.02)


def line(scope: str = HERE) -> Entry:
    return Entry.objects.create(
        at=datetime(2026, 8, 10, tzinfo=UTC), subject="orders.order", subject_id=1, verb="place", actor="asker",
        scope=scope,
    )  # fmt: skip


@pytest.fixture
def reader() -> Reader:
    """A reader that has found its place."""
    made = Reader()
    line("990201009009")
    assert made.look() is None
    return made


class TestLook:
    def test_tells_where_something_was_committed_and_tells_it_once(self, reader: Reader) -> None:
        line(HERE)
        line(THERE)
        batch = reader.look()
        assert batch is not None
        assert batch.scopes == {HERE, THERE}
        assert reader.look() is None

    def test_finds_a_commit_that_came_late(self, reader: Reader) -> None:
        begun, may_end = threading.Event(), threading.Event()

        def slow() -> None:
            with transaction.atomic():
                line(HERE)
                begun.set()
                may_end.wait(30)
            connections["default"].close()

        thread = threading.Thread(target=slow)
        thread.start()
        begun.wait(30)
        line(THERE)
        first = reader.look()
        may_end.set()
        thread.join(30)
        second = reader.look()
        assert first is not None
        assert second is not None
        assert (first.scopes, second.scopes) == ({THERE}, {HERE})

    def test_that_fails_sends_every_page_to_look_for_itself(
        self, reader: Reader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(live, "NOW", "SELECT nothing")
            batch = reader.look()
        assert batch is not None
        assert batch.touches(["110101"])
        assert reader.look() is None  # its place again


class TestWait:
    def test_hears_of_its_own_areas_only(self, reader: Reader) -> None:
        line(THERE)
        reader.look()
        assert reader.wait([HERE], 0, 0) == (False, 1)
        assert reader.wait([THERE[:9]], 0, 0) == (True, 1)
        assert reader.wait(["990201"], 0, 0) == (True, 1)
        assert reader.wait([THERE], 1, 0) == (False, 1)

    def test_is_told_to_look_when_it_was_away_too_long(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        for _n in range(live.KEPT + 2):
            reader._tell(frozenset({THERE}))
        assert reader.wait([HERE], 1, 0)[0] is True
        assert reader.wait([HERE], live.KEPT, 0)[0] is False


class TestEvents:
    def lines(self, reader: Reader, codes: list[str]) -> Iterator[bytes]:
        assert reader.enter()
        return live.events(codes, reader)

    def test_push_a_change_without_content_and_leave_when_the_page_goes(self) -> None:
        reader = Reader()
        events = self.lines(reader, [HERE])
        assert next(events) == b"retry: 3000\n\n"
        threading.Timer(0.3, line, [HERE]).start()
        assert next(events).startswith(b"event: changed\ndata: ")
        events.close()  # type: ignore[attr-defined]
        self.until_gone(reader)

    def test_leave_when_the_page_has_gone_before_it_read_anything(self) -> None:
        """A HEAD request, or a line cut at once: nobody asks for the first event."""
        reader = Reader()
        self.lines(reader, [HERE]).close()  # type: ignore[attr-defined]
        self.until_gone(reader)

    @pytest.mark.django_db(transaction=True)
    def test_hold_no_connection_while_they_wait(self) -> None:
        """What the request did to the database after the view, writing its session, is over before the first event."""
        reader = Reader()
        events = self.lines(reader, [HERE])
        connections["default"].ensure_connection()
        next(events)
        assert connections["default"].connection is None
        events.close()  # type: ignore[attr-defined]
        self.until_gone(reader)

    def test_carry_signs_of_life(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(live, "BEAT", 0.0)
        reader = Reader()
        events = self.lines(reader, [HERE])
        assert [next(events), next(events)][1] == b": still here\n\n"
        events.close()  # type: ignore[attr-defined]
        self.until_gone(reader)

    def test_end_when_the_server_is_about_to(self, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
        mark = tmp_path / "stopping"
        monkeypatch.setenv("SANDAN_STOPPING", str(mark))
        reader = Reader()
        events = self.lines(reader, [HERE])
        next(events)
        mark.touch()
        assert list(events) == []
        assert not reader.enter()
        self.until_gone(reader)

    def test_are_for_as_many_as_the_house_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(live, "MOST", 1)
        reader = Reader()
        assert [reader.enter(), reader.enter()] == [True, False]
        reader.leave()
        self.until_gone(reader)

    def test_wake_a_new_reader_where_the_last_one_has_died(self) -> None:
        reader = Reader()
        reader._thread = threading.Thread()
        reader._thread.start()
        reader._thread.join()
        events = self.lines(reader, [HERE])
        assert reader._thread.is_alive()
        events.close()  # type: ignore[attr-defined]
        self.until_gone(reader)

    def until_gone(self, reader: Reader) -> None:
        """The reader's own thread ends, so that the test's tables can be emptied."""
        with reader._news:
            assert reader._news.wait_for(lambda: reader._thread is None, 60)
