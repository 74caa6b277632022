"""The wish to be forgotten: PIPL 47."""

from uuid import UUID

import pytest
from django.test import Client

from sandan.core import consents, journal, retention
from sandan.core.models import Erasure
from sandan.notices.models import Notice
from sandan.orders import actions
from sandan.orders.actions import resident_consent, resident_data, whistle_phone
from sandan.orders.models import EraseWish, Order, Photo, Ring, Words
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, STEP, a_picture, an_order, asker_of
from tests.factories.people import Cast, cast
from tests.privacy.resident_kit import DOOR, LATER, NAME, PHONE, address, joined, mine, with_grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


class TestWish:
    """PIPL 47: what nothing keeps goes at once, the rest when its reason ends."""

    def test_of_an_ended_order_erases_all_at_once_with_proof(self, people: Cast, client: Client) -> None:
        order = mine(people, S.WITHDRAWN)
        photo = actions.add_photo(target=order, stage="report", content=a_picture(), by=None, at=LATER)
        with_grant(client, asker_of(order)).post(address(order, "erase"))
        asker = asker_of(order)
        assert (asker.name, asker.phone, asker.phone_digest) == (None, None, None)
        assert Order.objects.get(pk=order.pk).door is None
        assert not Words.objects.filter(order=order, original__isnull=False).exists()
        assert not Photo.objects.filter(pk=photo.pk).exists()
        assert Order.objects.get(pk=order.pk).masked == order.masked
        assert asker.erase_wish.state == "done"
        proof = Erasure.objects.get(rule="wishes")
        assert proof.count == 4, "asker, order, words, photo"

    def test_of_an_open_order_erases_the_contact_now_and_the_rest_at_its_end(
        self, people: Cast, client: Client
    ) -> None:
        order = mine(people, S.TAKEN)
        with_grant(client, asker_of(order)).post(address(order, "erase"))
        assert asker_of(order).phone is None
        assert Order.objects.get(pk=order.pk).door is not None, "who serves must find the door"
        assert asker_of(order).erase_wish.state == "waiting"
        retention.run([resident_data.WISHES], at=LATER)
        assert Order.objects.get(pk=order.pk).door is not None
        actions.withdraw(order=order, by=asker_of(order), at=LATER)
        proof = retention.run([resident_data.WISHES], at=LATER + STEP)["wishes"]
        assert Order.objects.get(pk=order.pk).door is None
        assert not Words.objects.filter(order=order, original__isnull=False).exists()
        assert (asker_of(order).erase_wish.state, proof.left) == ("done", 0)

    def test_is_told_to_the_desk_and_noted(self, people: Cast) -> None:
        order = mine(people)
        resident_data.wish(asker=asker_of(order), at=LATER)
        assert Notice.objects.filter(kind="wish_erase", person=order.owner, subject_id=order.pk).count() == 1
        assert journal.lines_of(order).filter(verb="wish_erase").count() == 1
        resident_data.wish(asker=asker_of(order), at=LATER)
        assert Notice.objects.filter(kind="wish_erase").count() == 1, "wishing twice is wishing once"

    def test_forgets_the_number_in_the_callers_log(self, people: Cast) -> None:
        rung = whistle_phone.pick_up(
            key=UUID(int=9), by=people.grid_worker, at=MORNING, phone=PHONE, name=NAME, keep=True
        )
        assert Ring.objects.get(order=rung).number is not None
        resident_data.wish(asker=asker_of(rung), at=LATER)
        ring = Ring.objects.get(order=rung)
        assert (ring.number, ring.name, ring.digest, ring.tail_digest) == (None, None, None, None)

    def test_of_a_neighbour_takes_nothing_from_the_first(self, people: Cast) -> None:
        order = an_order(people, S.JUDGED, phone=PHONE, door=DOOR)
        other = joined(order)
        resident_data.wish(asker=other, at=LATER)
        other.refresh_from_db()
        assert (other.phone, other.erase_wish.state) == (None, "done")
        assert asker_of(order).phone is not None
        assert Order.objects.get(pk=order.pk).door is not None

    def test_takes_the_children_too(self, people: Cast) -> None:
        order = mine(people, S.SERVED)
        actions.review(order=order, word="half", by=asker_of(order), at=LATER, text="还差一截")
        child = Order.objects.get(parent=order)
        resident_data.wish(asker=asker_of(order), at=LATER + STEP)
        assert asker_of(child).phone is None
        assert asker_of(child).erase_wish.state == "waiting"

    def test_of_a_sealed_matter_waits_for_the_desk(self, people: Cast) -> None:
        """The one who hurts must not be able to erase what was said about it."""
        order = mine(people, code="0301")
        wish = resident_data.wish(asker=asker_of(order), at=LATER)
        assert wish.state == "held"
        assert asker_of(order).phone is not None
        refused = resident_data.decide(wish=wish, agrees=False, by=people.dispatcher, at=LATER)
        assert refused.state == "refused"
        again = resident_data.wish(asker=asker_of(order), at=LATER)
        assert again.state == "held"
        with pytest.raises(resident_data.NotAllowed):
            resident_data.decide(wish=again, agrees=True, by=people.neighbour, at=LATER)
        agreed = resident_data.decide(wish=again, agrees=True, by=people.dispatcher, at=LATER)
        assert (agreed.state, asker_of(order).phone) == ("waiting", None)
        with pytest.raises(resident_data.Stale):
            resident_data.decide(wish=agreed, agrees=False, by=people.dispatcher, at=LATER)

    def test_of_a_contact_of_a_sealed_matter_is_held_too(self, people: Cast, client: Client) -> None:
        order = mine(people, code="0301")
        answer = with_grant(client, asker_of(order)).post(address(order, "no_contact"))
        assert answer.status_code == 422
        assert asker_of(order).phone is not None
        assert EraseWish.objects.count() == 0
        resident_consent.withdraw(asker=asker_of(order), purpose=consents.CALL_BACK, at=LATER)
        assert asker_of(order).may_call is False, "not to be rung can be said at any time"
