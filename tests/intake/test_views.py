"""Pages of the catalogue and its gate: who may see them, what they say, what they refuse."""

import pytest
from django.test import Client
from django.urls import reverse

from sandan.intake.actions import lay_routes, propose_item
from sandan.intake.models import Category, Proposal
from sandan.people.models import Person
from tests.factories.intake import an_ask
from tests.factories.people import COUNTY, NOON, Cast

pytestmark = pytest.mark.usefixtures("catalogue")
CATALOGUE, GATE = "/intake/", "/intake/gate/"
FORM = vars(an_ask())


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestAccess:
    @pytest.mark.parametrize("address", [CATALOGUE, GATE])
    def test_sends_a_visitor_to_the_login(self, address: str) -> None:
        response = Client().get(address)
        assert response.status_code == 302
        assert reverse("front:login") in response["Location"]

    @pytest.mark.parametrize("address", [CATALOGUE, GATE])
    def test_is_closed_to_members_and_open_to_staff(self, cast: Cast, address: str) -> None:
        assert signed_in(cast.member).get(address).status_code == 403
        for person in (cast.dispatcher, cast.grid_worker, cast.clerk, cast.district, cast.auditor):
            assert signed_in(person).get(address).status_code == 200


class TestCatalogue:
    def test_shows_all_items_with_limits_duties_and_routes(self, cast: Cast) -> None:
        """R112, R113: what there is, what the grid worker does, by when, and where it goes."""
        lay_routes(county=COUNTY, by="system", at=NOON)
        html = signed_in(cast.dispatcher).get(CATALOGUE).content.decode()
        assert "11 个部门，43 项" in html
        for words in (
            "房屋渗漏",
            "7 个工作日",
            "每周看一遍顶层住户和外墙",
            "住建局",
            "替补 城管局",
            "诉求反馈",
            "社会保障",
        ):
            assert words in html
        assert html.count('<tr id="c') == 47

    def test_shows_a_department_of_another_county_nothing_of_this_one(self, cast: Cast) -> None:
        lay_routes(county="990301", by="system", at=NOON)
        assert "替补" not in signed_in(cast.dispatcher).get(CATALOGUE).content.decode()

    def test_takes_the_same_queries_with_many_routes(self, cast: Cast, django_assert_max_num_queries: object) -> None:
        client = signed_in(cast.dispatcher)
        client.get(CATALOGUE)
        lay_routes(county=COUNTY, by="system", at=NOON)
        with django_assert_max_num_queries(4):  # type: ignore[operator]  # session, user, posts, routes
            client.get(CATALOGUE)

    def test_says_what_to_do_when_nothing_is_loaded(self, cast: Cast) -> None:
        Category.objects.update(is_active=False)
        assert "sandan load" in signed_in(cast.dispatcher).get(CATALOGUE).content.decode()


class TestGate:
    def test_shows_the_form_to_those_who_may_ask(self, cast: Cast) -> None:
        assert "提出一项" in signed_in(cast.clerk).get(GATE).content.decode()
        assert "提出一项" not in signed_in(cast.dispatcher).get(GATE).content.decode()

    def test_shows_the_decision_to_a_second_person_only(self, cast: Cast) -> None:
        propose_item(ask=an_ask(), by=cast.district, at=NOON)
        html = signed_in(cast.district).get(GATE).content.decode()
        assert "您提的要由区里的另一个人来定" in html
        assert "同意进目录" not in html

    def test_takes_the_same_queries_with_many_proposals(
        self, cast: Cast, django_assert_max_num_queries: object
    ) -> None:
        for number in range(8, 28):
            propose_item(ask=an_ask(code=f"01{number:02}"), by=cast.clerk, at=NOON)
        client = signed_in(cast.district)
        with django_assert_max_num_queries(4):  # type: ignore[operator]  # session, user, posts, proposals
            client.get(GATE)


class TestPropose:
    def test_puts_it_before_the_gate(self, cast: Cast) -> None:
        response = signed_in(cast.clerk).post(GATE + "propose/", FORM)
        assert (response.status_code, response["Location"]) == (302, GATE)
        assert Proposal.objects.get().name == "老旧门禁换新"

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ({"code": "一零八"}, "编号是四位数字"),
            ({"code": "0101"}, "已经在目录里了"),
            ({"funding": ""}, "经费从哪来"),
            ({"finish_days": "0"}, "几个工作日办完"),
            ({"name": "门" * 41}, "事项"),
        ],
    )
    def test_answers_422_and_says_what_is_wrong(self, cast: Cast, words: dict[str, str], says: str) -> None:
        response = signed_in(cast.clerk).post(GATE + "propose/", FORM | words)
        assert response.status_code == 422
        assert says in response.content.decode()
        assert not Proposal.objects.exists()

    def test_is_refused_to_who_may_not(self, cast: Cast) -> None:
        response = signed_in(cast.dispatcher).post(GATE + "propose/", FORM)
        assert response.status_code == 422
        assert not Proposal.objects.exists()


class TestDecide:
    @pytest.fixture
    def address(self, cast: Cast) -> str:
        return f"{GATE}{propose_item(ask=an_ask(), by=cast.clerk, at=NOON).pk}/decide/"

    def test_lets_the_district_say_yes(self, cast: Cast, address: str) -> None:
        """R112: the yes of the district makes the item."""
        assert signed_in(cast.district).post(address, {"is_approved": "yes"}).status_code == 302
        assert Category.objects.filter(code="0108").exists()

    def test_wants_a_reason_for_a_no_and_shows_it_beside_the_proposal(self, cast: Cast, address: str) -> None:
        response = signed_in(cast.district).post(address, {"is_approved": "no"})
        assert response.status_code == 422
        assert "不同意要写一句为什么" in response.content.decode()

    def test_is_the_same_404_for_others_and_for_none(self, cast: Cast, address: str) -> None:
        assert signed_in(cast.dispatcher).post(address, {"is_approved": "yes"}).status_code == 404
        assert signed_in(cast.district).post(GATE + "999999/decide/", {"is_approved": "yes"}).status_code == 404
