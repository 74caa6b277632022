"""Pages and data of the ground."""

import gzip
import json

import pytest
from django.test import Client
from django.urls import reverse

from sandan.people.models import Person
from sandan.places import actions
from sandan.places.models import Place
from tests.factories.places import AT, COUNTY, a_county

pytestmark = pytest.mark.django_db
PAGES = ("/places/", "/places/map/", "/places/990201001001/")


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(Person.objects.create_user("desk", "景师古"))
    return client


class TestPages:
    @pytest.mark.parametrize("address", PAGES)
    def test_ask_a_stranger_to_log_in(self, client: Client, address: str) -> None:
        a_county()
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("front:login"))

    @pytest.mark.parametrize("address", PAGES)
    def test_say_that_they_are_schematic_and_generated(self, desk: Client, address: str) -> None:
        a_county()
        html = desk.get(address).content.decode()
        assert "示意图，不是测绘成果" in html
        assert "生成数据" in html

    @pytest.mark.parametrize("address", [*PAGES[:2], "/places/990201001009/"])
    def test_are_not_found_where_there_is_no_such_place(self, desk: Client, address: str) -> None:
        assert desk.get(address).status_code == 404


class TestTree:
    def test_lists_communities_with_their_counts_and_the_warnings(self, desk: Client) -> None:
        """R103 R108"""
        county = a_county()
        Place.objects.filter(code=county.grids[0].code).update(households=250)
        html = desk.get("/places/").content.decode()
        assert all(place.name in html for place in (*county.streets, *county.communities))
        assert "不足 300 户" in html
        assert "250 户" in html

    def test_says_which_communities_take_no_orders(self, desk: Client) -> None:
        """R043"""
        county = a_county()
        assert "没开通" not in desk.get("/places/").content.decode()
        actions.switch_off(place=county.communities[0], by="system", at=AT)
        assert "没开通" in desk.get("/places/").content.decode()

    def test_asks_the_database_as_often_for_many_as_for_few(self, desk: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
        a_county()
        with django_assert_max_num_queries(14):
            desk.get("/places/")


class TestCommunity:
    def test_shows_grids_estates_and_history(self, desk: Client) -> None:
        """R103 R104"""
        county = a_county()
        change = actions.merge(grids=county.grids[:2], by="system", at=AT)
        html = desk.get("/places/990201001001/").content.decode()
        assert change.new_codes[0] in html
        assert "合并" in html
        assert "桐花苑" in html
        assert "超过 500 户" in html
        assert county.exclusive[0].name in html


class TestMap:
    def test_names_a_tile_source_only_with_its_approval_number(self, desk: Client, settings) -> None:  # type: ignore[no-untyped-def]
        a_county()
        assert "data-tiles" not in desk.get("/places/map/").content.decode()
        settings.MAP_TILES = "https://tiles.example/{z}/{x}/{y}.png"
        settings.MAP_APPROVAL = "GS(2026)0001"
        html = desk.get("/places/map/").content.decode()
        assert "tiles.example" in html
        assert "审图号：GS(2026)0001" in html

    def test_fetches_nothing_from_outside(self, desk: Client) -> None:
        a_county()
        html = desk.get("/places/map/").content.decode()
        assert "https://" not in html
        assert "http://" not in html


class TestOutlines:
    def test_gives_a_layer_as_geojson(self, desk: Client) -> None:
        """R103"""
        a_county()
        answer = desk.get(f"/places/outlines/{COUNTY}/grid.json")
        assert answer["Content-Type"] == "application/geo+json"
        assert len(json.loads(gzip.decompress(answer.content))["features"]) == 6

    def test_answers_304_until_the_ground_changes(self, desk: Client) -> None:
        county = a_county()
        address = f"/places/outlines/{COUNTY}/grid.json"
        tag = desk.get(address)["ETag"]
        assert desk.get(address, headers={"If-None-Match": tag}).status_code == 304
        actions.merge(grids=county.grids[:2], by="system", at=AT)
        assert desk.get(address, headers={"If-None-Match": tag}).status_code == 200

    def test_shows_strangers_streets_and_communities_only(self, client: Client) -> None:
        a_county()
        codes = {
            kind: client.get(f"/places/outlines/{COUNTY}/{kind}.json").status_code for kind in ("community", "grid")
        }
        assert codes == {"community": 200, "grid": 302}
        assert client.get(f"/places/outlines/{COUNTY}/building.json").status_code == 302

    def test_knows_no_other_kind_and_no_other_county(self, desk: Client) -> None:
        a_county()
        assert desk.get(f"/places/outlines/{COUNTY}/person.json").status_code == 404
        assert desk.get("/places/outlines/000000/grid.json").status_code == 404


class TestEstates:
    def test_gives_names_to_anybody(self, client: Client) -> None:
        county = a_county()
        found = client.get("/places/estates.json", {"q": "thy"}).json()["estates"]
        assert county.estate.pk in [e["id"] for e in found]
        assert set(found[0]) == {"id", "name", "community", "community_code", "word", "lon", "lat"}

    def test_gives_the_buildings_of_an_estate_in_order(self, client: Client) -> None:
        county = a_county()
        labels = client.get("/places/estates.json", {"estate": county.estate.pk}).json()["buildings"]
        assert labels == [b.label for b in county.buildings]
        assert labels[:2] == ["1", "2"]

    @pytest.mark.parametrize("bad", [{"q": "x" * 41}, {"county": "x"}, {"estate": "-1"}, {"estate": "9" * 30}])
    def test_refuses_bad_input_with_422(self, client: Client, bad: dict[str, str]) -> None:
        a_county()
        assert client.get("/places/estates.json", bad).status_code == 422
