"""The pages on which an office brings its own ground: for the county's administrator and its district alone."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page

from sandan.people import actions as people
from sandan.people.models import Person, Post
from sandan.places.models import GroundImport, Place, PlaceChange
from tests.factories.places import AT, COUNTY, County, a_county
from tests.pages.conftest import DESK, PHONE, SIZES
from tests.places.sheets import workbook

TOWN = f"{COUNTY}001001"


def office(role: str = "admin", login: str = "office") -> Person:
    """Somebody with a post over the county."""
    person = Person.objects.create_user(login, "景师古")
    people.give_post(person=person, role=role, scope=COUNTY, from_at=AT, by="system", at=AT)
    return person


@pytest.fixture
def county() -> County:
    return a_county()


@pytest.fixture
def admin(client: Client, county: County) -> Client:
    client.force_login(office())
    return client


def sheet(county: County, *rows: list[object]) -> SimpleUploadedFile:
    data = workbook(("网格", [["网格编码", "网格名称", "户数"], *rows]))
    return SimpleUploadedFile("网格.xlsx", data)


def uploaded(client: Client, file: SimpleUploadedFile, rest: str = "end", datum: str = "WGS-84") -> str:
    """The address of the preview."""
    answer = client.post("/places/own/", {"file": file, "rest": rest, "datum": datum})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(answer["Location"])


@pytest.mark.django_db
class TestWhoMay:
    @pytest.mark.parametrize("role", ["admin", "district"])
    def test_the_administrator_and_the_district(self, client: Client, county: County, role: str) -> None:
        client.force_login(office(role))
        assert client.get("/places/own/").status_code == 200
        assert "导入网格" in client.get("/places/").content.decode()
        assert "拆分、合并" in client.get(f"/places/{TOWN}/").content.decode()

    @pytest.mark.parametrize("role", ["dispatcher", "grid_leader", "auditor"])
    def test_nobody_else(self, client: Client, county: County, role: str) -> None:
        client.force_login(office(role))
        draft = GroundImport.objects.create(county=county.county, at=AT, name="a", digest="", size=1, file=b"a")
        pages = ("/places/own/", f"/places/own/{draft.pk}/", f"/places/own/{COUNTY}.xlsx", f"/places/{TOWN}/grids/")
        assert [client.get(page).status_code for page in pages] == [404] * 4
        moves = (f"/places/own/{draft.pk}/undo/", f"/places/{TOWN}/grids/divide/", f"/places/{TOWN}/grids/merge/")
        assert [client.post(page).status_code for page in moves] == [404] * 3
        assert "导入网格" not in client.get("/places/").content.decode()

    def test_nobody_of_another_county(self, client: Client, county: County) -> None:
        a_county("990301")
        client.force_login(office())
        assert client.get("/places/own/?county=990301").status_code == 404


@pytest.mark.django_db
class TestUpload:
    def test_shows_what_is_new_changed_and_gone_and_then_does_it(self, admin: Client, county: County) -> None:
        """R102 R103"""
        address = uploaded(
            admin, sheet(county, [county.grids[0].code, "湖滨网格", 433], [f"{TOWN}050", "站前网格", 320])
        )
        html = admin.get(address).content.decode()
        assert all(
            words in html for words in ("新增 1 个", "有改动 1 个", "户数", "→ 433", f"站前网格 {TOWN}050", "停用")
        )
        assert Place.objects.get(code=county.grids[0].code).name != "湖滨网格"
        county.county.refresh_from_db()
        answer = admin.post(address, {"version": county.county.version})
        assert answer.status_code == 302
        assert Place.objects.get(code=county.grids[0].code).name == "湖滨网格"
        page = admin.get("/places/own/").content.decode()
        assert "网格.xlsx" in page
        assert "景师古" in page

    def test_names_row_and_column_of_what_is_wrong(self, admin: Client, county: County) -> None:
        address = uploaded(admin, sheet(county, [county.grids[0].code, "湖滨网格", "很多"]))
        assert "表“网格”第 2 行“户数”：“很多”不是这里能用的数。" in admin.get(address).content.decode()
        answer = admin.post(address, {"version": 0})
        assert answer.status_code == 422

    def test_asks_for_the_datum(self, admin: Client, county: County) -> None:
        features = [{"type": "Feature", "properties": {"code": f"{TOWN}050"}, "geometry": county.grids[0].outline}]
        file = SimpleUploadedFile("a.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode())
        address = uploaded(admin, file, datum="")
        assert "先选坐标系" in admin.get(address).content.decode()
        assert admin.post(address, {"datum": "GCJ-02"}).status_code == 302
        assert "导入后会怎样" in admin.get(address).content.decode()

    def test_lets_the_office_choose_who_goes_where(self, admin: Client, county: County) -> None:
        keeper = Person.objects.create_user("keeper", "和桐")
        people.give_post(person=keeper, role="grid_worker", scope=county.grids[0].code, from_at=AT, by="system", at=AT)
        address = uploaded(admin, sheet(county, [county.grids[1].code, "东", 433], [f"{TOWN}050", "站前网格", 320]))
        html = admin.get(address).content.decode()
        assert f'name="to_{county.grids[0].code}"' in html
        assert "1 人在岗" in html
        admin.post(address, {f"to_{county.grids[0].code}": f"{TOWN}050"})
        assert Post.objects.filter(person=keeper, to_at=None).get().scope == f"{TOWN}050"

    def test_refuses_a_file_that_is_too_large_or_empty(self, admin: Client, county: County) -> None:
        answer = admin.post("/places/own/", {"file": BytesIO(bytes(40 * 2**20 + 1)), "rest": "end"})
        assert answer.status_code == 422
        assert "40 MB" in answer.content.decode()
        assert not GroundImport.objects.exists()
        empty = admin.post("/places/own/", {"file": SimpleUploadedFile("a.xlsx", b""), "rest": "end"})
        assert empty.status_code == 422

    def test_says_what_a_file_of_another_kind_is(self, admin: Client, county: County) -> None:
        address = uploaded(admin, SimpleUploadedFile("网格.xls", b"\xd0\xcf\x11\xe0" + bytes(99)))
        assert "另存为 .xlsx" in admin.get(address).content.decode()


@pytest.mark.django_db
class TestUndo:
    def test_puts_it_back_or_says_why_not(self, admin: Client, county: County) -> None:
        """R103"""
        grid = county.grids[0]
        address = uploaded(admin, sheet(county, [grid.code, "湖滨网格", 433]), rest="keep")
        admin.post(address)
        answer = admin.post(f"{address}undo/")
        assert answer.status_code == 302, answer.content.decode()
        assert Place.objects.get(code=grid.code).name == grid.name
        again = admin.post(f"{address}undo/")
        assert again.status_code == 422
        assert "已经撤回过" in again.content.decode()


@pytest.mark.django_db
class TestExport:
    @pytest.mark.parametrize("form", ["xlsx", "geojson"])
    def test_gives_a_file_that_comes_back_untouched(self, admin: Client, county: County, form: str) -> None:
        """R102"""
        answer = admin.get(f"/places/own/{COUNTY}.{form}")
        address = uploaded(admin, SimpleUploadedFile(f"a.{form}", answer.content), datum="")
        assert "和现在的一样" in admin.get(address).content.decode()


@pytest.mark.django_db
class TestGrids:
    def test_splits_by_ticked_micro_grids_merges_and_takes_back(self, admin: Client, county: County) -> None:
        """R103 R105"""
        grid, here = county.grids[0], f"/places/{TOWN}/grids/"
        micro = list(Place.objects.filter(parent=grid).order_by("code").values_list("code", flat=True))
        assert admin.get(here).status_code == 200
        assert admin.post(f"{here}divide/", {"codes": micro[:1]}).status_code == 302
        change = PlaceChange.objects.get(kind="split")
        assert len(change.new_codes) == 2
        assert admin.post(f"{here}merge/", {"codes": change.new_codes}).status_code == 302
        last = PlaceChange.objects.get(kind="merge")
        assert admin.post(f"{here}undo/{last.pk}/").status_code == 302
        assert Place.objects.current().filter(code__in=change.new_codes).count() == 2

    def test_says_why_not(self, admin: Client, county: County) -> None:
        here = f"/places/{TOWN}/grids/"
        nothing = admin.post(f"{here}divide/")
        assert (nothing.status_code, "请在一个网格里选" in nothing.content.decode()) == (422, True)
        alone = admin.post(f"{here}merge/", {"codes": [county.grids[0].code]})
        assert (alone.status_code, "两个以上" in alone.content.decode()) == (422, True)
        assert admin.post(f"{here}merge/", {"codes": ["990201001001777", county.grids[0].code]}).status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestPagesInABrowser:
    @pytest.mark.parametrize("size", SIZES)
    def test_stay_clean(
        self, visit: Callable[..., Page], assert_clean: Callable[..., None], county: County, size: tuple[int, int]
    ) -> None:
        """R102 R103"""
        person, client = office(), Client()
        client.force_login(person)
        keeper = Person.objects.create_user("keeper", "和桐")
        people.give_post(person=keeper, role="grid_worker", scope=county.grids[1].code, from_at=AT, by="system", at=AT)
        features = [{"type": "Feature", "properties": {"code": f"{TOWN}050"}, "geometry": county.grids[0].outline}]
        features += [
            {"type": "Feature", "properties": {"code": county.grids[0].code}, "geometry": county.grids[0].outline}
        ]
        data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
        address = uploaded(client, SimpleUploadedFile("a.geojson", data))
        wrong = uploaded(client, sheet(county, [county.grids[0].code, "湖滨网格", "很多"]))
        for page_address in ("/places/own/", address, wrong, f"/places/{TOWN}/grids/"):
            page = visit(page_address, size, login=person)
            if page.locator("[data-map]").count():
                page.wait_for_selector("[data-mounted]", timeout=30_000)
            assert_clean(page)
        client.post(address)
        assert_clean(visit(address, size, login=person))
        assert_clean(visit("/places/own/", size, login=person))

    def test_are_walked_with_the_keyboard(self, visit: Callable[..., Page], county: County) -> None:
        page = visit(f"/places/{TOWN}/grids/", DESK, login=office())
        page.focus("details summary")
        page.focus("main details summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.focus("main details[open] button")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=拆好了")

    def test_stack_on_a_phone(self, visit: Callable[..., Page], county: County) -> None:
        page = visit("/places/own/", PHONE, login=office())
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
