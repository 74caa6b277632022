"""A phone call opens an order in one tap, and the contact card (R060, R109): by consent, sealed, forgotten (G3)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from sandan.core import journal
from sandan.core.errors import NotAllowed, Stale
from sandan.core.models import Entry
from sandan.core.sealed import Sealed
from sandan.orders import limits
from sandan.orders.actions import forgetting, whistle_phone
from sandan.orders.models import Order, Ring
from sandan.orders.queries import whistle_phone as queries
from sandan.people.models import Role
from sandan.places.models import Place
from tests.factories.orders import MORNING, an_order, asker_of
from tests.factories.people import COMMUNITY, GRID, OTHER_GRID, Cast, a_person, a_post, somebody
from tests.factories.resident import Town, a_town, hand_in, point, say

NUMBER = "16400007719"
LATER = MORNING + timedelta(hours=1)


def pick_up(cast: Cast, **facts: object) -> Order:
    return whistle_phone.pick_up(**({"key": uuid4(), "by": cast.grid_worker, "at": LATER} | facts))  # type: ignore[arg-type]


class TestPickUp:
    def test_needs_nothing_at_all(self, cast) -> None:
        """R060: one tap; an order with an owner in the grid of who took the call."""
        order = pick_up(cast)
        assert (order.grid, order.channel, order.owner) == (GRID, "phone", cast.dispatcher)
        assert order.is_anonymous
        assert order.masked == whistle_phone.NOTHING_YET

    def test_twice_with_one_key_is_one_order(self, cast) -> None:
        key = uuid4()
        assert pick_up(cast, key=key) == pick_up(cast, key=key)
        assert Ring.objects.count() == 1

    def test_without_a_yes_no_number_stays_in_the_log(self, cast) -> None:
        """G3: the number serves this order; the log has it only by consent."""
        order = pick_up(cast, phone=NUMBER, name="邓阿姨")
        ring = order.rings.get()
        assert (ring.number, ring.name, ring.digest, ring.keep_until) == (None, None, None, None)
        assert asker_of(order).phone.open_unlogged() == NUMBER
        assert queries.known(GRID, NUMBER[-4:], LATER) == []

    def test_with_a_yes_it_is_kept_under_seal_for_half_a_year(self, cast) -> None:
        ring = pick_up(cast, phone=NUMBER, name="邓阿姨", keep=True).rings.get()
        assert isinstance(ring.number, Sealed)
        assert NUMBER.encode() not in bytes(ring.number.box)
        assert ring.keep_until == LATER + timedelta(days=180)
        assert NUMBER not in str([entry.facts for entry in journal.lines_of(ring.order)])

    def test_a_known_caller_is_one_tap_and_nobody_sees_the_number(self, cast) -> None:
        """R060: already known by consent."""
        pick_up(cast, phone=NUMBER, name="邓阿姨", keep=True)
        (known,) = queries.known(GRID, "7719", LATER)
        order = pick_up(cast, known=known, at=LATER + timedelta(days=3))
        first = asker_of(order)
        assert (first.phone.open_unlogged(), first.name.open_unlogged()) == (NUMBER, "邓阿姨")
        known.refresh_from_db()
        assert known.keep_until == LATER + timedelta(days=183)
        assert order.rings.get().number is None  # one place holds it

    def test_is_for_people_of_the_ground(self, cast) -> None:
        with pytest.raises(whistle_phone.NoGround):
            pick_up(cast, by=cast.member)

    def test_words_of_danger_make_it_a_burst(self, cast) -> None:
        town_words = "楼道着火了，烟很大"
        order = pick_up(cast, text=town_words)
        assert order.masked == town_words
        assert order.urgency >= 1


class TestKnown:
    def test_needs_four_digits_and_knows_one_grid_alone(self, cast) -> None:
        """G2: no browsing list of people."""
        pick_up(cast, phone=NUMBER, keep=True)
        assert queries.known(GRID, "", LATER) == queries.known(GRID, "77", LATER) == []
        assert queries.known(GRID, "____", LATER) == queries.known(OTHER_GRID, "7719", LATER) == []
        assert len(queries.known(GRID, "7719", LATER)) == 1

    def test_ends_at_its_time_whether_swept_or_not(self, cast) -> None:
        ring = pick_up(cast, phone=NUMBER, keep=True).rings.get()
        until = ring.keep_until
        assert queries.known(GRID, "7719", until) == []
        with pytest.raises(whistle_phone.NotKnown):
            pick_up(cast, known=ring, at=until)
        assert forgetting.forget(at=until) == 1
        ring.refresh_from_db()
        assert (ring.number, ring.name, ring.digest, ring.tail_digest) == (None, None, None, None)

    def test_ends_at_a_word_of_the_caller(self, cast) -> None:
        ring = pick_up(cast, phone=NUMBER, keep=True).rings.get()
        pick_up(cast, phone=NUMBER, keep=True)
        assert whistle_phone.forget_caller(ring=ring, by=cast.grid_worker, at=LATER) == 2
        assert queries.known(GRID, "7719", LATER) == []

    def test_of_another_grid_cannot_be_used_or_forgotten(self, cast) -> None:
        ring = pick_up(cast, phone=NUMBER, keep=True).rings.get()
        other = somebody("隔壁", Role.GRID_WORKER, OTHER_GRID)
        with pytest.raises(whistle_phone.NotKnown):
            pick_up(cast, known=ring, by=other)
        with pytest.raises(whistle_phone.NotKnown):
            whistle_phone.forget_caller(ring=ring, by=other, at=LATER)


class TestComplete:
    def test_replaces_the_words_and_adds_the_number(self, cast) -> None:
        """R060: fields can follow after."""
        order = whistle_phone.complete(
            order=pick_up(cast),
            text="摊位占了楼道",
            phone=NUMBER,
            name="王阿姨",
            keep=True,
            by=cast.grid_worker,
            at=LATER,
        )
        assert (order.masked, order.is_anonymous) == ("摊位占了楼道", False)
        assert asker_of(order).phone.open_unlogged() == NUMBER
        assert order.rings.get().keep_until is not None

    def test_is_for_who_took_the_call_and_until_it_is_judged(self, cast) -> None:
        with pytest.raises(NotAllowed):
            whistle_phone.complete(order=pick_up(cast), text="x", by=cast.dispatcher, at=LATER)
        judged = pick_up(cast)
        Order.objects.filter(pk=judged.pk).update(state="judged", category_id=an_order(cast, "judged").category_id)
        with pytest.raises(Stale):
            whistle_phone.complete(order=judged, text="x", by=cast.grid_worker, at=LATER)


class TestPages:
    def test_one_press_then_the_rest(self, cast, client) -> None:
        client.force_login(cast.grid_worker)
        answer = client.post("/phone/", {"key": str(uuid4())})
        order = Order.objects.get()
        assert answer["Location"] == f"/phone/{order.full_number}/"
        page = client.get(answer["Location"])
        assert page.status_code == 200
        client.post(answer["Location"], {"text": "灯坏了", "phone": "1640000771"})
        assert client.post(answer["Location"], {"text": "灯坏了", "phone": NUMBER}).status_code == 302
        order.refresh_from_db()
        assert order.masked == "灯坏了"

    def test_never_print_a_kept_number(self, cast, client) -> None:
        """G3: sealed also from who took the call."""
        pick_up(cast, phone=NUMBER, name="邓阿姨", keep=True)
        client.force_login(cast.grid_worker)
        source = client.post("/phone/", {"tail": "7719"}).content.decode()
        assert "是他，开单" in source
        assert NUMBER not in source
        assert "邓阿姨" not in source

    def test_look_for_callers_only_when_asked_counted_and_limited(self, cast, client) -> None:
        """G2: no address finds anybody, each look leaves a line without the digits, and an hour holds so many."""
        pick_up(cast, phone=NUMBER, keep=True)
        client.force_login(cast.grid_worker)
        assert "是他，开单" not in client.get("/phone/?tail=7719").content.decode()
        assert client.post("/phone/", {"tail": "77"}).status_code == 422
        answers = [client.post("/phone/", {"tail": "7719"}) for _ in range(limits.CALLERS.most + 1)]
        assert {answer.status_code for answer in answers[:-1]} == {200}
        assert answers[-1].status_code == 422
        assert "是他，开单" not in answers[-1].content.decode()
        lines = Entry.objects.filter(verb="ring_look")
        assert lines.count() == limits.CALLERS.most
        assert not any("7719" in str(line.facts) for line in lines)

    def test_are_closed_to_members_and_to_others_orders(self, cast, client) -> None:
        client.force_login(cast.member)
        assert client.get("/phone/").status_code == 403
        client.force_login(somebody("隔壁", Role.GRID_WORKER, GRID))
        assert client.get(f"/phone/{pick_up(cast).full_number}/").status_code == 404


@pytest.fixture
def town(db: None) -> Town:
    return a_town()


class TestCard:
    @pytest.fixture
    def grid(self, town: Town) -> Place:
        return town.ground.grids[0]

    def test_shows_the_keeper_with_the_work_number_to_everybody(self, client, grid) -> None:
        """R109, R060: the number to ring, and one key to place an order."""
        somebody("宿大姐", Role.GRID_WORKER, grid.code, phone=NUMBER)
        a_post(a_person("帮忙的", phone="16400000001"), Role.GRID_WORKER, grid.code, grade="helper")
        source = client.get(f"/card/{grid.code}/").content.decode()
        assert f'href="tel:{NUMBER}"' in source
        assert "16400000001" not in source
        assert f"g={grid.code}" in source

    def test_of_no_grid_is_the_404(self, client, grid) -> None:
        for code in (grid.code[:12], "990201001001899", "x"):
            assert client.get(f"/card/{code}/").status_code == 404

    def test_opens_the_form_with_the_grid_set(self, client: Client, town: Town, grid: Place) -> None:
        """R060: an order from the card lies in the card's grid where the place says no other."""
        community = Place.objects.get(pk=grid.code[:12])
        source = client.get(f"/order/?c={community.code}&g={grid.code}&from=card").content.decode()
        assert grid.code in source
        key, _answer = say(client, "路灯不亮了", source="card", community=community.code, grid=grid.code)
        point(client, key, where="rough", spot="菜场后面", community=community.code)
        hand_in(client, key)
        order = Order.objects.get(key=key)
        assert (order.grid, order.channel) == (grid.code, "card")

    def test_takes_no_grid_of_another_community(self, client: Client, town: Town, grid: Place) -> None:
        other = next(one for one in town.ground.grids if one.code[:12] != grid.code[:12])
        source = client.get(f"/order/?c={grid.code[:12]}&g={other.code}&from=card").content.decode()
        assert other.code not in source
        assert COMMUNITY in grid.code
