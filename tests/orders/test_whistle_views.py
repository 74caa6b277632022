"""The pages beside an order: who may open them, one press a step, refusals as sentences, no statement per row."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sandan.orders.actions import joint, partner, whistle
from sandan.orders.models import Call, Order, Sending, Share, Whistle
from sandan.orders.workflow import S
from sandan.people.models import Person, Role
from tests.factories.orders import a_category, an_order, asker_of
from tests.factories.people import COMMUNITY, COUNTY, Cast, a_unit, somebody
from tests.factories.whistle import Beside
from tests.factories.whistle import beside as a_beside

MOST_STATEMENTS = 22  # of the part beside an order, sign-in, forms and all, whatever the number of rows


@pytest.fixture
def beside(cast: Cast) -> Beside:
    return a_beside(cast)


@pytest.fixture
def order(cast: Cast) -> Order:
    return an_order(cast, S.TAKEN, at=timezone.now() - timedelta(hours=2))


@pytest.fixture
def blown(cast: Cast, beside: Beside, order: Order) -> Whistle:
    return whistle.blow(
        order=order, units=[cast.unit, beside.office], ask="请来看看", by=cast.grid_worker, at=timezone.now()
    )


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def side(order: Order, *verb: str) -> str:
    return "/".join(["/desk/side", order.full_number, *verb, ""])


class TestSide:
    def test_opens_for_desk_street_grid_and_holder_alone(self, cast, beside, order, blown) -> None:
        """G2: whoever else asks gets the same 404, also the called unit and who could take orders."""
        for person in (cast.dispatcher, cast.liaison, cast.district, cast.grid_worker, cast.member):
            assert signed_in(person).get(side(order)).status_code == 200
        for person in (cast.second_member, cast.neighbour, cast.clerk, cast.auditor, beside.estate_clerk):
            assert signed_in(person).get(side(order)).status_code == 404

    def test_is_loaded_by_the_order_s_page_from_its_own_address(self, cast, order) -> None:
        source = signed_in(cast.dispatcher).get(f"/desk/orders/{order.full_number}/").content.decode()
        assert f'hx-get="{side(order)}"' in source
        part = signed_in(cast.dispatcher).get(side(order), headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert "吹哨" in part

    def test_blows_adds_ends_and_rates(self, cast, beside, order) -> None:
        """R058 from the page: called, added to, ended, rated."""
        desk = signed_in(cast.dispatcher)
        assert desk.post(side(order, "blow"), {"units": [], "ask": "来"}).status_code == 422
        assert desk.post(side(order, "blow"), {"units": [cast.unit.pk], "ask": "来看看"}).status_code == 302
        row = {"row": Whistle.objects.get().pk}
        desk.post(side(order, "more"), {**row, "units": [beside.office.pk]})
        assert Call.objects.count() == 2
        call = Call.objects.get(unit=cast.unit)
        whistle.report(call=call, text="好了", by=cast.clerk, at=timezone.now()) if call.state == "arrived" else None
        assert desk.post(side(order, "end"), row).status_code == 302
        whistled = Whistle.objects.get()
        assert whistled.end == "solved"

    def test_says_no_with_a_sentence_and_422(self, cast, order, blown) -> None:
        desk = signed_in(cast.dispatcher)
        answer = desk.post(side(order, "blow"), {"units": [cast.unit.pk], "ask": "来"})
        assert answer.status_code == 422
        assert "哨还没收" in answer.content.decode()
        early = desk.post(side(order, "stars"), {"call": Call.objects.filter(unit=cast.unit).get().pk, "stars": 5})
        assert early.status_code == 422

    def test_asks_for_help_by_the_list_or_by_an_exact_name(self, cast, order) -> None:
        """R061; G2: members are found by the exact name, never listed."""
        lead = signed_in(cast.member)
        assert cast.second_member.name not in lead.get(side(order)).content.decode()
        assert lead.post(side(order, "ask"), {"who": "", "name": "茹"}).status_code == 422
        assert (
            lead.post(side(order, "ask"), {"name": "茹晓东", "text": "递工具", "goes_there": "on"}).status_code == 302
        )
        assert lead.post(side(order, "ask"), {"who": f"t{cast.team.pk}"}).status_code == 302
        assert Share.objects.filter(order=order, state="asked").count() == 2
        assert Share.objects.get(person=cast.second_member).goes_there

    def test_settles_shares_and_sends_out(self, cast, beside, order) -> None:
        share = joint.ask(order=order, who=cast.second_member, by=cast.member, at=timezone.now())
        joint.join(share=share, by=cast.second_member, at=timezone.now())
        assert signed_in(cast.member).post(side(order, "agree"), {"share": share.pk, "per_cent": 30}).status_code == 302
        assert (
            signed_in(cast.member).post(side(order, "agree"), {"share": share.pk, "per_cent": 130}).status_code == 422
        )
        desk, excerpt = signed_in(cast.dispatcher), {"unit": beside.estate.pk, "text": "灯坏了", "days": 3}
        assert desk.post(side(order, "send"), excerpt).status_code == 302
        sending = Sending.objects.get()
        assert desk.post(side(order, "recall"), {"row": sending.pk}).status_code == 302
        share.refresh_from_db()
        sending.refresh_from_db()
        assert (share.per_cent, sending.state) == (30, "ended")

    def test_moves_no_row_of_another_order(self, cast, order, blown) -> None:
        other = an_order(cast, S.TAKEN, at=timezone.now() - timedelta(hours=1))
        answer = signed_in(cast.dispatcher).post(side(other, "end"), {"row": blown.pk})
        assert answer.status_code == 404
        blown.refresh_from_db()
        assert blown.ended_at is None

    def test_costs_the_same_for_many_rows(self, cast, beside, order, blown) -> None:
        few = self._statements(cast, order)
        for number in range(3):
            joint.ask(
                order=order, who=somebody(f"帮{number}", Role.MEMBER, COMMUNITY), by=cast.member, at=timezone.now()
            )
        offices = [a_unit(f"{number}局") for number in range(4)]
        for office in offices:
            somebody(f"办{office.pk}", Role.UNIT_CLERK, COUNTY, unit=office)
        whistle.call_more(whistle=blown, units=offices, by=cast.grid_worker, at=timezone.now())
        partner.send(order=order, unit=beside.estate, text="灯", by=cast.dispatcher, at=timezone.now())
        assert few <= MOST_STATEMENTS
        assert (
            self._statements(cast, order) <= few + 4
        )  # helpers' roles and pictures, what went out with its photos: once each

    def _statements(self, cast: Cast, order: Order) -> int:
        desk = signed_in(cast.dispatcher)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            desk.get(side(order), headers={"HX-Request": "true"})
        return len(seen)


class TestCalled:
    def page(self, order: Order, *verb: str) -> str:
        return "/".join(["/called", order.full_number, *verb, ""])

    def test_one_press_each(self, cast, order, blown) -> None:
        """R058: the unit answers on a phone in one press; arrival and result are noted."""
        clerk, states = signed_in(cast.clerk), []
        for verb, said in (("come", {}), ("arrive", {}), ("report", {"text": "清了"}),
                           ("judge", {"was_needed": "1", "was_clear": "0"})):  # fmt: skip
            assert clerk.post(self.page(order, verb), said).status_code == 302
            states.append(blown.calls.get(unit=cast.unit).state)
            assert clerk.get(self.page(order)).status_code == 200
        assert states == ["coming", "arrived", "done", "done"]
        assert blown.calls.get(unit=cast.unit).was_clear is False

    def test_no_takes_a_reason(self, cast, order, blown) -> None:
        clerk = signed_in(cast.clerk)
        assert clerk.post(self.page(order, "decline"), {"text": "没空"}).status_code == 422
        assert clerk.post(self.page(order, "decline"), {"reason": "no_hands"}).status_code == 302

    def test_who_presses_second_hears_who_was_first(self, cast, beside, order, blown) -> None:
        signed_in(cast.clerk).post(self.page(order, "come"))
        answer = signed_in(beside.second_clerk).post(self.page(order, "come"))
        assert answer.status_code == 422
        assert "甘露" in answer.content.decode()

    def test_is_closed_to_all_others(self, cast, order, blown) -> None:
        other = somebody("旁人", Role.UNIT_CLERK, COUNTY, unit=a_unit("别局"))
        for person in (other, cast.second_member):
            assert signed_in(person).get(self.page(order)).status_code == 404
            assert signed_in(person).post(self.page(order, "come")).status_code == 404

    def test_shows_no_contact_and_of_a_personal_matter_no_words(self, cast) -> None:
        """G3: what is asked, the building; never name, number, door, and no words of a personal matter."""
        order = an_order(cast, S.JUDGED, at=timezone.now() - timedelta(hours=2), code="0701")
        whistle.blow(order=order, units=[cast.unit], ask="请来调解", by=cast.dispatcher, at=timezone.now())
        source = signed_in(cast.clerk).get(self.page(order)).content.decode()
        first = asker_of(order)
        hidden = [order.masked, first.name.open_unlogged(), first.phone_tail, "2单元501", "3号楼"]
        assert [word for word in hidden if word in source] == []
        assert a_category("0701").name in source

    def test_names_of_a_sealed_matter_the_department_alone(self, cast) -> None:
        """G3: neither the called unit nor the street's list reads what a sealed matter is."""
        order = an_order(cast, S.JUDGED, at=timezone.now() - timedelta(hours=2), code="0702")
        whistle.blow(order=order, units=[cast.unit], ask="请来一趟", by=cast.dispatcher, at=timezone.now())
        pages = [(cast.clerk, self.page(order)), (cast.liaison, "/desk/whistles/?list=open")]
        for person, path in pages:
            source = signed_in(person).get(path).content.decode()
            assert a_category("0702").department in source
            assert a_category("0702").name not in source

    def test_after_the_end_says_nothing_of_the_order(self, cast, order, blown) -> None:
        whistle.decline(call=blown.calls.get(unit=cast.unit), reason="not_ours", by=cast.clerk, at=timezone.now())
        whistle.end(whistle=blown, by=cast.grid_worker, at=timezone.now())
        source = signed_in(cast.clerk).get(self.page(order)).content.decode()
        assert order.masked not in source
        assert "这声哨吹得怎么样" in source

    def test_stand_on_the_list_beside_one_s_own_orders(self, cast, order, blown) -> None:
        joint.ask(order=order, who=cast.unit, by=cast.member, at=timezone.now())
        source = signed_in(cast.clerk).get("/beside/").content.decode()
        assert self.page(order) in source
        assert f"/together/{order.full_number}/" in source
        assert self.page(order) not in signed_in(cast.second_member).get("/beside/").content.decode()

    def test_a_message_leads_there(self, cast, order, blown) -> None:
        assert signed_in(cast.clerk).get(f"/go/{order.full_number}/")["Location"] == self.page(order)
        joint.ask(order=order, who=cast.second_member, by=cast.member, at=timezone.now())
        there = signed_in(cast.second_member).get(f"/go/{order.full_number}/")["Location"]
        assert there == f"/together/{order.full_number}/"


class TestBoard:
    def test_renews_itself_on_the_boards_own_line(self, cast, blown) -> None:
        """R058: the page names the line on which it hears of changes, and a refresh gets the rows alone."""
        street = signed_in(cast.liaison)
        page = street.get("/desk/whistles/?list=open").content.decode()
        assert 'id="refresh" hx-get="/desk/whistles/?list=open"' in page
        assert 'data-events="/desk/live/"' in page
        assert "orders/boards.js" in page
        part = street.get("/desk/whistles/?list=open", headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert part.count('<tr id="call-') == blown.calls.count()
        assert 'data-rows="list"' in part


class TestNew:
    def test_opens_the_order_and_blows_once(self, cast, beside) -> None:
        """R058: for a place, with an order opened along."""
        worker = signed_in(cast.grid_worker)
        key = worker.get("/whistle/").content.decode().split('name="key" value="')[1][:36]
        said = {"key": key, "text": "沿街井盖坏了", "units": [cast.unit.pk], "ask": "请来认领"}
        first, again = (worker.post("/whistle/", said) for _ in range(2))
        assert first["Location"] == again["Location"]
        assert Whistle.objects.get().order.masked == "沿街井盖坏了"

    def test_is_for_people_of_the_ground(self, cast) -> None:
        assert signed_in(cast.member).get("/whistle/").status_code == 403
