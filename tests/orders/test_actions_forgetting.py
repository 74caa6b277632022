"""What residents were promised about forgetting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sandan.core import chain, journal, retention
from sandan.orders import actions
from sandan.orders.actions.forgetting import KEEP_CONTACT, KEEP_PICTURES, forget
from sandan.orders.models import Asker, Order, Pass, Photo, Words
from sandan.orders.queries import timeline
from sandan.orders.workflow import S
from tests.factories.orders import a_picture, an_order
from tests.factories.people import COMMUNITY, cast

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture
def closed() -> Order:
    return an_order(cast(), S.CLOSED)


def ended_at(order: Order):  # type: ignore[no-untyped-def]
    assert order.ended_at is not None
    return order.ended_at


class TestForget:
    """G3: contact goes two years after the end; masked words, counts and the chain stay."""

    def test_erases_contact_door_and_original_words_after_two_years(self, closed: Order) -> None:
        assert Asker.objects.get(order=closed).phone is not None
        assert forget(at=ended_at(closed) + KEEP_CONTACT + A_DAY) > 0
        asker = Asker.objects.get(order=closed)
        assert (asker.name, asker.phone, asker.phone_digest, asker.phone_tail) == (None, None, None, "")
        assert not Words.objects.filter(order=closed, original__isnull=False).exists()
        after = Order.objects.get(pk=closed.pk)
        assert after.door is None
        assert after.masked == closed.masked

    def test_keeps_all_until_then(self, closed: Order) -> None:
        forget(at=ended_at(closed) + KEEP_CONTACT - A_DAY)
        assert Asker.objects.get(order=closed).phone is not None
        assert Words.objects.filter(order=closed, original__isnull=False).exists()

    def test_never_touches_an_open_order(self) -> None:
        order: Order = an_order(cast(), S.TAKEN)
        forget(at=order.placed_at + 5 * KEEP_CONTACT)
        assert Asker.objects.get(order=order).phone is not None

    def test_leaves_one_line_a_whole_chain_and_a_readable_course(self, closed: Order) -> None:
        at = ended_at(closed) + KEEP_CONTACT + A_DAY
        forget(at=at)
        assert forget(at=at) == 0
        verbs = [(line.verb, line.facts.get("what")) for line in journal.lines_of(closed)]
        assert verbs.count(("forget", "contact")) == 1
        assert chain.audit().broken == ""
        assert timeline.of(closed, "desk", at)

    def test_keeps_only_the_small_picture_after_half_a_year(self, closed: Order) -> None:
        """G5: 180 days, then thinned, and nothing of where it was taken."""
        people = Photo.objects.filter(order=closed)
        if not people.exists():
            actions.add_photo(target=closed, stage="check", content=a_picture(), by=None, at=ended_at(closed))
        forget(at=ended_at(closed) + KEEP_PICTURES + A_DAY)
        for photo in Photo.objects.filter(order=closed):
            assert photo.large.open_bytes() == photo.small.open_bytes()
            assert photo.taken is None
        assert Asker.objects.get(order=closed).phone is not None

    def test_forgets_the_device_of_a_pass_that_is_over(self) -> None:
        """Nightly: which phone typed it is nobody's business once the pass lifts nothing any more; its use stays."""
        people = cast()
        at = timezone.now()
        rows = [
            Pass.objects.create(
                community_id=COMMUNITY, by=people.dispatcher, at=at, code_digest=b"c" * 32, type_by=at, used_at=at,
                device=b"d" * 32, until=at + A_DAY * days, ended_at=at if is_ended else None,
            )
            for days, is_ended in ((1, False), (9, True), (9, False))
        ]  # fmt: skip
        forget(at=at + A_DAY)
        kept = Pass.objects.filter(pk__in=[row.pk for row in rows], device__isnull=False)
        assert [row.pk for row in kept] == [rows[2].pk]
        assert Pass.objects.filter(used_at=at).count() == 3

    def test_keeps_up_with_what_a_large_district_adds_in_a_day(self) -> None:
        """G3, G5: a million orders a year are some 3,000 a day, with three pictures each; one statement finds them."""
        assert retention.MOST >= 2 * 9_000
