"""Open orders follow the ground and official codes: by house or position, in small steps, without anybody waiting."""

import threading
from datetime import date, timedelta

import pytest
import structlog
from django.db import connection, transaction
from django.test import Client

from sandan.calc.ground import Datum
from sandan.core.models import Entry
from sandan.intake.models import Route
from sandan.orders import access
from sandan.orders.actions import moving
from sandan.orders.models import OldNumber, Order
from sandan.orders.queries import boards_figures
from sandan.orders.workflow import S
from sandan.people.models import Person, Post, Unit
from sandan.places import actions as places
from sandan.places import queries as ground
from sandan.places.models import Place, PlaceChange
from tests.factories import people
from tests.factories.orders import MORNING, an_order
from tests.factories.places import County, a_county
from tests.places.sheets import workbook

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=1)
MUCH_LATER = LATER + timedelta(minutes=5)
TOWN, NEXT, NEW = "990201001001", "990201001002", "990201001077"
SOURCE = "民政部公告 2026 第 9 号"


@pytest.fixture
def county() -> County:
    return a_county()


@pytest.fixture
def cast(county: County) -> people.Cast:
    return people.cast()


def placed(cast: people.Cast, grid: Place, state: str = S.RECEIVED) -> Order:
    """An order in the middle of a grid."""
    return an_order(cast, state, lon=grid.lon, lat=grid.lat, grid=grid.code, building="")


def codes(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.grid, order.community_id


class TestFollowTheGround:
    def test_open_orders_lie_in_the_grid_that_took_the_place(self, county: County, cast: people.Cast) -> None:
        """R103"""
        order, done = placed(cast, county.grids[0]), placed(cast, county.grids[0], S.CLOSED)
        change = places.merge(grids=county.grids[:2], by="system", at=LATER)
        assert moving.settle(LATER) == 1
        assert codes(order)[0] == change.new_codes[0]
        assert order.micro.startswith(change.new_codes[0])
        assert codes(done)[0] == county.grids[0].code
        assert Entry.objects.get(verb="orders_follow").facts["orders"] == [order.pk]

    def test_the_line_lies_in_the_county_also_where_no_grid_is_left(self, county: County, cast: people.Cast) -> None:
        order = placed(cast, county.grids[0])
        Place.objects.filter(kind="grid").update(outline=None)
        Order.objects.filter(pk=order.pk).update(lon=1.0, lat=1.0)
        PlaceChange.objects.create(at=LATER, kind="merge", old_codes=[], new_codes=[], communities=[TOWN])
        moving.settle(LATER)
        assert codes(order)[0] == ""
        assert Entry.objects.get(verb="orders_follow").scope == order.county

    def test_an_order_with_a_building_goes_with_the_building(self, county: County, cast: people.Cast) -> None:
        house = county.buildings[0]
        order = an_order(cast, estate=county.estate, building=house.label, lon=1.0, lat=1.0, grid=county.grids[0].code)
        change = places.merge(grids=county.grids[:2], by="system", at=LATER)
        moving.settle(LATER)
        assert codes(order)[0] == change.new_codes[0]

    def test_taking_back_brings_them_back(self, county: County, cast: people.Cast) -> None:
        order = placed(cast, county.grids[0])
        rows = [["网格编码", "户数"], [county.grids[1].code, 300], [f"{TOWN}050", 300]]
        draft = places.receive(
            county=Place.objects.get(code="990201"), name="a", data=workbook(("网格", rows)), by="system", at=LATER,
            datum=Datum.WGS84,
        )  # fmt: skip
        done = places.apply(draft=draft, by="system", at=LATER)
        moving.settle(LATER)
        assert codes(order)[0] == ""
        places.undo_import(ground_import=done, by="system", at=LATER)
        moving.settle(LATER)
        assert codes(order)[0] == county.grids[0].code

    def test_a_change_is_settled_when_nothing_is_left_and_some_time_has_passed(
        self, county: County, cast: people.Cast
    ) -> None:
        placed(cast, county.grids[0])
        change = places.merge(grids=county.grids[:2], by="system", at=LATER)
        moving.settle(LATER)
        assert PlaceChange.objects.get(pk=change.pk).settled_at is None
        assert moving.settle(MUCH_LATER) == 0
        assert PlaceChange.objects.get(pk=change.pk).settled_at == MUCH_LATER

    def test_asks_the_database_as_often_for_many_as_for_few(
        self, county: County, cast: people.Cast, django_assert_max_num_queries
    ) -> None:  # type: ignore[no-untyped-def]
        for _ in range(12):
            placed(cast, county.grids[0])
        places.merge(grids=county.grids[:2], by="system", at=LATER)
        with django_assert_max_num_queries(12):
            assert moving.settle(LATER) == 12

    def test_a_change_that_fails_stops_no_other_and_is_tried_again(
        self, county: County, cast: people.Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = placed(cast, county.grids[0])
        PlaceChange.objects.create(
            at=LATER, kind="area", old_codes=["110101001001"], new_codes=["110101001002"],
            followed={moving.__name__: {"mapping": {"110101001001": ["110101001002"]}}},
        )  # fmt: skip
        change = places.merge(grids=county.grids[:2], by="system", at=LATER)
        real = moving.settle_area
        monkeypatch.setattr(moving, "settle_area", lambda *_rest: 1 // 0)
        with structlog.testing.capture_logs() as lines:
            assert moving.settle(MUCH_LATER) == 1
        assert [line["event"] for line in lines] == ["change of the ground not followed"]
        assert codes(order)[0] == change.new_codes[0]
        assert [row.kind for row in PlaceChange.objects.filter(settled_at=None)] == ["area"]
        monkeypatch.setattr(moving, "settle_area", real)
        moving.settle(MUCH_LATER)
        assert not PlaceChange.objects.filter(settled_at=None).exists()

    def test_a_batch_that_fails_leaves_its_change_open(
        self, county: County, cast: people.Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bad, good = placed(cast, county.grids[0]), placed(cast, county.grids[0])
        change = places.merge(grids=county.grids[:2], by="system", at=LATER)
        real = moving._move
        monkeypatch.setattr(moving, "BATCH", 1)
        monkeypatch.setattr(moving, "_move", lambda wanted, *rest: 1 // 0 if bad.pk in wanted else real(wanted, *rest))
        assert moving.settle(MUCH_LATER) == 1
        assert codes(good)[0] == change.new_codes[0]
        assert PlaceChange.objects.get(pk=change.pk).settled_at is None


@pytest.mark.django_db(transaction=True)
class TestNobodyWaits:
    def test_an_order_in_somebodys_hand_is_passed_over_and_followed_later(
        self, county: County, cast: people.Cast
    ) -> None:
        """R103"""
        held, free = placed(cast, county.grids[0]), placed(cast, county.grids[0])
        places.merge(grids=county.grids[:2], by="system", at=LATER)
        moved: list[int] = []

        def follow() -> None:
            try:
                moved.append(moving.settle(LATER))
            finally:
                connection.close()

        with transaction.atomic():
            Order.objects.select_for_update().get(pk=held.pk)
            thread = threading.Thread(target=follow)
            thread.start()
            thread.join(60)
            assert moved == [1]
        assert codes(free)[0] != county.grids[0].code
        assert moving.settle(LATER) == 1
        assert codes(held)[0] != county.grids[0].code

    def test_a_change_of_the_ground_waits_for_no_order(self, county: County, cast: people.Cast) -> None:
        order = placed(cast, county.grids[0])
        done: list[str] = []

        def change() -> None:
            try:
                places.merge(grids=county.grids[:2], by="system", at=LATER)
                done.append("merged")
            finally:
                connection.close()

        with transaction.atomic():
            Order.objects.select_for_update().get(pk=order.pk)
            thread = threading.Thread(target=change)
            thread.start()
            thread.join(60)
            assert done == ["merged"]


def areas(*rows: str) -> None:
    """A list of changed codes, loaded on the day after."""
    text = "old_code,new_code,new_name,from,to,source\n" + "\n".join(rows)
    places.load_area_codes(text=text, by="system", at=LATER)
    moving.settle(LATER)


class TestFollowOfficialCodes:
    def test_a_community_with_a_new_number_keeps_people_orders_and_links(
        self, county: County, cast: people.Cast, client: Client
    ) -> None:
        order, done = placed(cast, county.grids[0]), placed(cast, county.grids[0], S.CLOSED)
        printed = order.full_number
        areas(f"{TOWN},{NEW},霁山新村社区,2026-08-11,,{SOURCE}")
        assert codes(order) == (f"{NEW}001", NEW)
        assert codes(done) == (f"{NEW}001", NEW)
        assert (order.number, order.full_number) == (printed[18:], printed.replace(TOWN, NEW))
        assert Post.objects.filter(person=cast.dispatcher, to_at=None).get().scope == NEW
        desk = Person.objects.get(pk=cast.dispatcher.pk)
        for number in (printed, order.full_number):
            assert access.order_of(desk, number, LATER) == order
        client.force_login(cast.dispatcher)
        assert (
            client.get(f"/desk/orders/{printed}/").status_code
            == client.get(f"/desk/orders/{order.full_number}/").status_code
        )

    def test_two_communities_that_become_one_lose_no_number(self, county: County, cast: people.Cast) -> None:
        first = placed(cast, county.grids[0])
        people.somebody("第二", "dispatcher", NEXT)
        second = an_order(
            cast, community=Place.objects.get(code=NEXT), lon=county.communities[1].lon, lat=county.communities[1].lat
        )
        printed = (first.full_number, second.full_number)
        assert first.serial == second.serial
        areas(f"{TOWN},{NEW},霁桐社区,2026-08-11,,{SOURCE}", f"{NEXT},{NEW},霁桐社区,2026-08-11,,{SOURCE}")
        assert codes(first)[1] == codes(second)[1] == NEW
        assert first.serial != second.serial
        found = [access.order_of(cast.dispatcher, number, LATER) for number in printed]
        assert found == [first, second]
        assert OldNumber.objects.count() == 2
        whole = Place.objects.get(code=NEW)
        assert whole.households == county.communities[0].households + county.communities[1].households
        grids = Place.objects.current().filter(parent=NEW, kind="grid")
        assert grids.count() == Place.objects.filter(parent__in=(TOWN, NEXT), kind="grid").count()

    def test_a_chain_over_two_past_days_takes_nobody_further_than_its_link(
        self, county: County, cast: people.Cast
    ) -> None:
        """R103: the order of the first community stays in its new one, however often the worker comes by."""
        first = placed(cast, county.grids[0])
        people.somebody("第二", "dispatcher", NEXT)
        town = county.communities[1]
        second = an_order(cast, community=Place.objects.get(code=NEXT), lon=town.lon, lat=town.lat)
        text = "old_code,new_code,new_name,from,to,source\n"
        text += f"{TOWN},{NEXT},,2026-08-02,,{SOURCE}\n{NEXT},{NEW},,2026-08-01,,{SOURCE}"
        places.load_area_codes(text=text, by="system", at=LATER)
        for seconds in (5, 10, 65, 70, 75, 130, 135):  # as often as the worker looks
            at = LATER + timedelta(seconds=seconds)
            moving.settle(at)
            places.apply_areas(by="clock", at=at, strict=False)
        assert (codes(first)[1], codes(second)[1]) == (NEXT, NEW)

    def test_figures_of_a_past_quarter_name_the_communities_of_then(self, county: County, cast: people.Cast) -> None:
        placed(cast, county.grids[0])
        areas(f"{TOWN},{NEW},霁桐社区,2026-08-11,,{SOURCE}")
        past = boards_figures.Scope(("990201001",), date(2026, 4, 1), date(2026, 8, 10))
        assert [line.code for line in boards_figures.by_place(past, LATER)] == [TOWN]
        now = boards_figures.Scope(("990201001",))
        assert [line.code for line in boards_figures.by_place(now, LATER)] == [NEW]

    def test_a_street_takes_its_communities_grids_and_people_along(self, county: County, cast: people.Cast) -> None:
        order = placed(cast, county.grids[0])
        areas("990201001,990201005,霁水街道,2026-08-11,,公告")
        assert codes(order) == ("990201005001001", "990201005001")
        assert order.street == "990201005"
        assert Post.objects.filter(person=cast.liaison, to_at=None).get().scope == "990201005"
        assert ground.present_code(f"{TOWN}001") == "990201005001001"
        assert ground.codes_on("990201005", date(2026, 8, 1)) == ("990201001",)

    def test_routes_go_along(self, county: County, cast: people.Cast) -> None:
        order = placed(cast, county.grids[0], S.OPEN)
        unit = Unit.objects.create(name="房管所", scope="990201")
        Route.objects.create(category=order.category, scope=TOWN, unit=unit)
        areas(f"{TOWN},{NEW},霁山新村社区,2026-08-11,,{SOURCE}")
        assert Route.objects.get().scope == NEW
