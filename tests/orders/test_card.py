"""Contact cards: true as of now, printable by a street at once, reissued on change, old ones lead on (R109, R060)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sandan.core import journal
from sandan.core.models import Entry
from sandan.orders.actions import drafting, whistle_phone
from sandan.orders.actions import whistle_card as actions
from sandan.orders.models import CardIssue, CardRun, Order, Ring
from sandan.orders.queries import whistle_card as queries
from sandan.orders.queries.resident_writing import Where
from sandan.people.actions import photos
from sandan.people.models import Person, Role
from sandan.places import actions as places
from sandan.places.models import Place
from tests.factories import people
from tests.factories.people import Cast, somebody
from tests.factories.places import County, a_county
from tests.people.test_photos import a_face

pytestmark = pytest.mark.django_db
TOWN, STREET = "990201001001", "990201001"
NUMBER = "16400007719"
CARDS = "/desk/cards/"


@pytest.fixture
def county() -> County:
    return a_county()


@pytest.fixture
def cast(county: County) -> Cast:
    return people.cast()


@pytest.fixture
def grid(county: County) -> Place:
    return county.grids[0]


@pytest.fixture
def worker(cast: Cast, grid: Place) -> Person:
    cast.grid_worker.posts.update(to_at=timezone.now())
    return somebody("宿大姐", Role.GRID_WORKER, grid.code, phone=NUMBER)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def print_all(cast: Cast, scope: str = TOWN, **facts: Any) -> CardRun:
    at = facts.pop("at", timezone.now())
    found = queries.cards_within(scope, at)
    return actions.print_cards(cards=found, scope=scope, size="a6", by=cast.dispatcher, at=at)


def state_of(grid: Place) -> str:
    card = queries.card_of(grid.code, timezone.now())
    assert card
    return card.state


class TestCardOf:
    def test_names_who_serves_and_who_leads(self, cast: Cast, grid: Place) -> None:
        """R109: the grid's own worker before the community's, then the leader."""
        Person.objects.filter(pk=cast.grid_worker.pk).update(is_active=False)
        somebody("聂远", Role.GRID_WORKER, TOWN)
        somebody("景师古", Role.GRID_LEADER, TOWN)
        somebody("宿大姐", Role.GRID_WORKER, grid.code, phone=NUMBER)
        card = queries.card_of(grid.code, timezone.now())
        assert card
        assert [(one.name, one.role, one.phone) for one in card.keepers] == [
            ("宿大姐", "grid_worker", NUMBER), ("景师古", "grid_leader", ""),
        ]  # fmt: skip

    def test_leaves_out_who_has_left(self, cast: Cast, grid: Place, worker: Person) -> None:
        worker.posts.update(to_at=timezone.now())
        card = queries.card_of(grid.code, timezone.now())
        assert card
        assert "宿大姐" not in {one.name for one in card.keepers}

    def test_costs_the_same_for_one_and_for_a_county(self, cast: Cast, county: County, worker: Person) -> None:
        at = timezone.now()
        with CaptureQueriesContext(
            connection,
        ) as one:
            queries.card_of(county.grids[0].code, at)
        with CaptureQueriesContext(connection) as all_of_them:
            found = queries.cards_within("990201", at)
        assert len(found) == Place.objects.current().filter(kind__in=queries.GRIDS).count() > 1
        assert len(all_of_them) == len(one) == 5


class TestIssue:
    def test_a_first_print_is_number_one_and_good(self, cast: Cast, grid: Place, worker: Person) -> None:
        assert state_of(grid) == "new"
        run = print_all(cast)
        assert state_of(grid) == "good"
        assert run.issues.get(grid=grid.code).number == 1
        assert Entry.objects.get(verb="print_cards").scope == TOWN

    def test_another_holder_makes_the_hanging_card_old(self, cast: Cast, grid: Place, worker: Person) -> None:
        """R109: reissued on change."""
        print_all(cast)
        worker.posts.update(to_at=timezone.now())
        somebody("聂远", Role.GRID_WORKER, grid.code, phone="16400008888")
        assert state_of(grid) == "old"
        print_all(cast)
        assert [row.number for row in CardIssue.objects.filter(grid=grid.code).order_by("pk")] == [1, 2]

    @pytest.mark.parametrize("what", ["phone", "face", "town_phone"])
    def test_so_does_another_number_or_face(self, cast: Cast, grid: Place, worker: Person, what: str) -> None:
        print_all(cast)
        if what == "phone":
            worker.phone = "16400006666"
            worker.save()
        elif what == "face":
            photos.give(content=a_face(), by=worker, at=timezone.now())
        else:
            Place.objects.filter(pk=TOWN).update(phone="03514040110")
        assert state_of(grid) == "old"

    def test_printed_again_unchanged_it_keeps_number_and_day(self, cast: Cast, grid: Place, worker: Person) -> None:
        first = print_all(cast).issues.get(grid=grid.code)
        later = print_all(cast, at=timezone.now() + timedelta(hours=1)).issues.get(grid=grid.code)
        assert (later.number, later.at) == (1, first.at)

    def test_nothing_of_a_person_stands_in_the_issue_or_the_journal(self, cast: Cast, worker: Person) -> None:
        """G7: a keyed digest alone."""
        run = print_all(cast)
        assert NUMBER not in str([line.facts for line in journal.lines_of(run)])
        assert all(len(bytes(issue.digest)) == 32 for issue in run.issues.all())


class TestAnOldCode:
    """The code on a card that hangs somewhere opens the card of today."""

    def test_leads_to_the_grid_that_took_its_place(self, cast: Cast, county: County) -> None:
        change = places.merge(grids=county.grids[:2], by="system", at=timezone.now())
        answer = Client().get(f"/card/{county.grids[0].code}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/card/{change.new_codes[0]}/")
        assert Client().get(answer["Location"]).status_code == 200

    def test_leads_to_the_renumbered_one(self, cast: Cast, grid: Place) -> None:
        text = f"old_code,new_code,new_name,from,to,source\n{TOWN},990201001077,,2026-01-01,,公告"
        places.load_area_codes(text=text, by="system", at=timezone.now())
        assert Client().get(f"/card/{grid.code}/")["Location"] == "/card/990201001077001/"

    def test_asks_which_part_after_a_split(self, cast: Cast, grid: Place) -> None:
        middle = ((grid.west or 0) + (grid.east or 0)) / 2
        line = ((middle, (grid.south or 0) - 0.01), (middle, (grid.north or 0) + 0.01))
        change = places.split(grid=Place.objects.get(pk=grid.pk), line=line, by="system", at=timezone.now())
        page = Client().get(f"/card/{grid.code}/").content.decode()
        assert all(f'href="/card/{code}/"' in page for code in change.new_codes)

    @pytest.mark.parametrize("code", ["990201001001899", "990201001001", "abc", "9" * 15])
    def test_of_nothing_is_the_404(self, cast: Cast, code: str) -> None:
        assert Client().get(f"/card/{code}/").status_code == 404


class TestPhoto:
    def test_is_shown_while_its_owner_is_on_the_card_and_wishes_it(
        self, cast: Cast, grid: Place, worker: Person
    ) -> None:
        photos.give(content=a_face(), by=worker, at=timezone.now())
        address = f"/card/{grid.code}/photo/1/"
        assert address in Client().get(f"/card/{grid.code}/").content.decode()
        assert Client().get(address)["Content-Type"] == "image/jpeg"
        photos.take_back(by=worker, at=timezone.now())
        assert Client().get(address).status_code == 404

    def test_of_who_has_left_cannot_be_asked_for(self, cast: Cast, grid: Place, worker: Person) -> None:
        photos.give(content=a_face(), by=worker, at=timezone.now())
        worker.posts.update(to_at=timezone.now())
        assert {Client().get(f"/card/{grid.code}/photo/{nth}/").status_code for nth in range(4)} == {404}


class TestDesk:
    def test_sees_whose_card_has_to_be_printed(self, cast: Cast, grid: Place, worker: Person) -> None:
        """R109: staff see which grids need reprinting since the holder changed."""
        desk = signed_in(cast.dispatcher)
        assert "没印过" in desk.get(CARDS).content.decode()
        facts = {"place": TOWN, "which": "changed", "size": "a6"}
        sheet = desk.post(f"{CARDS}print/", facts)
        assert sheet.status_code == 302
        assert "要换" not in desk.get(CARDS).content.decode().split("<tbody>")[1]
        worker.posts.update(to_at=timezone.now())
        assert ">要换<" in desk.get(CARDS).content.decode().split("<tbody>")[1]
        again = desk.post(f"{CARDS}print/", facts)
        assert CardRun.objects.get(pk=int(again["Location"].split("/")[-2])).issues.get().grid == grid.code
        assert desk.post(f"{CARDS}print/", facts)["Location"].startswith(CARDS + "?")

    def test_prints_every_grid_with_number_code_and_issue(self, cast: Cast, grid: Place, worker: Person) -> None:
        run = print_all(cast)
        page = signed_in(cast.dispatcher).get(f"{CARDS}{run.pk}/").content.decode()
        grids = Place.objects.current().filter(kind__in=queries.GRIDS, code__startswith=TOWN).count()
        assert page.count('class="slip"') == page.count("<svg shape-rendering") == grids
        assert "164 0000 7719" in page
        assert "第 1 版" in page

    def test_stays_inside_its_area(self, cast: Cast, county: County, worker: Person) -> None:
        """G2: another community's list, print key and sheets are the same 404 as none."""
        run = print_all(cast)
        stranger = signed_in(cast.neighbour)
        facts = {"place": TOWN, "which": "all", "size": "a6"}
        answers = (
            stranger.get(f"{CARDS}?place={TOWN}"), stranger.post(f"{CARDS}print/", facts),
            stranger.get(f"{CARDS}{run.pk}/"), stranger.get(f"{CARDS}{run.pk + 1000}/"),
            signed_in(cast.dispatcher).post(f"{CARDS}print/", facts | {"place": "99020100100", "size": "a1"}),
        )  # fmt: skip
        assert [answer.status_code for answer in answers] == [404] * 5
        assert signed_in(cast.member).get(CARDS).status_code == 403
        assert Client().get(CARDS).status_code == 302

    def test_a_street_with_853_and_345_grids_is_printed_at_once(self, cast: Cast) -> None:
        """R109: one page, one statement more for nothing: 300 sheets of A4."""
        sample = Place.objects.current().filter(kind="grid").first()
        facts = {f.attname: getattr(sample, f.attname) for f in Place._meta.fields} | {"outline": None}
        codes = [f"{TOWN}{n:03d}" for n in range(101, 900)] + [f"{TOWN[:11]}2{n:03d}" for n in range(101, 500)]
        Place.objects.bulk_create(
            Place(**facts | {"code": code, "parent_id": code[:12], "name": f"第{code[-3:]}网格"}) for code in codes
        )
        desk = signed_in(cast.liaison)
        answer = desk.post(f"{CARDS}print/", {"place": STREET, "which": "all", "size": "a6"})
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(answer["Location"])
        content = page.content.decode()
        assert content.count('class="slip"') == CardRun.objects.get().issues.count() >= len(codes)
        assert content.count('class="leaf') == -(-content.count('class="slip"') // 4)
        assert len(asked) < 20


class TestACallFromTheCard:
    def test_opens_an_order_by_one_tap_of_who_answers(self, cast: Cast, grid: Place, worker: Person) -> None:
        """R060 from end to end: the card rings the work number; the worker presses once; the grid is known."""
        card = Client().get(f"/card/{grid.code}/").content.decode()
        assert f'href="tel:{NUMBER}"' in card
        phone = signed_in(worker)
        assert phone.get("/phone/").status_code == 200
        done = phone.post("/phone/", {"key": str(uuid4())})
        order = Order.objects.get()
        assert done["Location"] == reverse("orders:phone_more", args=[order.full_number])
        assert (order.grid, order.community_id, order.channel) == (grid.code, TOWN, "phone")
        assert Ring.objects.get().person == worker
        assert order.masked == whistle_phone.NOTHING_YET

    def test_and_its_key_leads_to_an_order_in_the_grid(self, cast: Cast, grid: Place, worker: Person) -> None:
        page = Client().get(f"/card/{grid.code}/").content.decode()
        address = page.split('id="order"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
        first = Client().get(address).content.decode()
        assert f'name="grid" value="{grid.code}"' in first
        assert 'name="source" value="card"' in first

    @pytest.mark.parametrize("wrong", [f"{TOWN}899", "990201001002001", f"{TOWN}00a", TOWN])
    def test_a_grid_that_is_not_there_is_taken_for_none(self, cast: Cast, grid: Place, wrong: str) -> None:
        first = Client().get(f"/order/?c={TOWN}&g={wrong}&from=card").content.decode()
        assert f'name="grid" value="{wrong}"' not in first
        assert drafting.ground_of(Where(community=TOWN), wrong).grid == ""
        assert drafting.ground_of(Where(community=TOWN), grid.code).grid == grid.code
