"""notices.actions: a row for each receiver, and who has read it."""

from datetime import timedelta

from sandan.notices.actions import read, read_all, tell
from sandan.notices.models import Notice
from tests.factories.people import NOON, Cast


class TestTell:
    def test_writes_one_row_for_each_receiver(self, cast: Cast) -> None:
        tell(cast.unit, "place", persons=[cast.dispatcher, cast.dispatcher], asker_ids=[7, 7], at=NOON, number="n")
        rows = Notice.objects.order_by("pk").values_list("person", "asker_id", "kind", "facts")
        assert list(rows) == [(cast.dispatcher.pk, None, "place", {"number": "n"}), (None, 7, "place", {"number": "n"})]


class TestRead:
    def test_keeps_the_first_time(self, cast: Cast) -> None:
        tell(cast.unit, "place", persons=[cast.dispatcher], at=NOON)
        notice = Notice.objects.get()
        assert read(notice=notice, by=cast.dispatcher, at=NOON).read_at == NOON
        assert read(notice=notice, by=cast.dispatcher, at=NOON + timedelta(days=1)).read_at == NOON

    def test_is_for_the_receiver(self, cast: Cast) -> None:
        tell(cast.unit, "place", persons=[cast.dispatcher], at=NOON)
        assert read(notice=Notice.objects.get(), by=cast.neighbour, at=NOON).read_at is None


class TestReadAll:
    def test_leaves_what_came_since_and_what_is_not_mine(self, cast: Cast) -> None:
        tell(cast.unit, "place", persons=[cast.dispatcher, cast.neighbour], at=NOON)
        tell(cast.unit, "lapse", persons=[cast.dispatcher], at=NOON + timedelta(minutes=1))
        assert read_all(until=NOON, by=cast.dispatcher, at=NOON + timedelta(hours=1)) == 1
        assert set(Notice.objects.filter(read_at=None).values_list("person", "kind")) == {
            (cast.dispatcher.pk, "lapse"),
            (cast.neighbour.pk, "place"),
        }
