"""The register of members: what serving needs, whose area or unit it is, a page at a time (R011, R013, G1)."""

from typing import Any

import pytest
from django.test import Client

from sandan.core.models import Look
from sandan.core.sealed import digest
from sandan.people.models import MemberCheckin, MemberProfile, Person, Post, Role
from sandan.people.queries import member_register, member_scope
from sandan.people.queries.member_register import Wish
from tests.factories.members import a_keeper, a_member
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    GRID,
    LONG_AGO,
    NOON,
    OTHER_COMMUNITY,
    OTHER_GRID,
    a_place,
    a_unit,
    somebody,
)

pytestmark = pytest.mark.django_db
LIST = "/people/members/"
PHONE = "16400007719"
FAR = OTHER_COMMUNITY + "001"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def people() -> dict[str, Person]:
    """Two members of a unit on two grids, one of another community without a unit."""
    unit = a_unit("统计局", "unit")
    given = {"phone": PHONE, "phone_digest": digest(PHONE, "phone"), "phone_tail": PHONE[-4:]}
    return {
        "near": a_member("贺连生", unit=unit, skills=["电工", "理发"], **given),
        "other": a_member("茹晓东", OTHER_GRID, unit=unit, skills=["理发"]),
        "far": a_member("景师古", FAR, skills=["法律"]),
        "desk": a_keeper(),
        "clerk": somebody("甘露", Role.UNIT_CLERK, COUNTY, unit=unit),
        "district": somebody("缪凤英", Role.DISTRICT, COUNTY),
    }


def row_of(person: Person) -> MemberCheckin:
    return MemberCheckin.objects.get(person=person)


class TestRegister:
    def test_shows_each_reader_their_own(self, people: dict[str, Person]) -> None:
        """R011: the area of a desk, the unit of a clerk, the whole for the district."""
        seen = {
            name: [who for who in ("贺连生", "茹晓东", "景师古") if who in text_of(signed_in(people[name]).get(LIST))]
            for name in ("desk", "clerk", "district")
        }
        assert seen["desk"] == seen["clerk"] == ["贺连生", "茹晓东"]
        assert len(seen["district"]) == 3

    def test_shows_what_serving_needs_and_nothing_else(self, people: dict[str, Person]) -> None:
        """R011, G1: name, unit, grid, skills, times, distance, count; no phone, no own words, no login."""
        MemberProfile.objects.create(person=people["near"], interests="会修收音机")
        page = text_of(signed_in(people["desk"]).get(LIST))
        for shown in ("统计局", "造纸厂第一网格", "电工、理发", "下班后和休息日", "1 公里"):
            assert shown in page
        for hidden in (PHONE, PHONE[-4:], "收音机", people["near"].login):
            assert hidden not in page

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"skill": "法律"}, ["景师古"]), ({"skill": "理发", "place": COMMUNITY}, ["贺连生", "茹晓东"]),
            ({"name": "茹"}, ["茹晓东"]), ({"place": OTHER_COMMUNITY}, ["景师古"]), ({"skill": "没有的"}, None),
        ],
    )  # fmt: skip
    def test_finds_by_skill_place_and_name(
        self, people: dict[str, Person], asked: dict[str, str], found: list[str] | None
    ) -> None:  # fmt: skip
        page = text_of(signed_in(people["district"]).get(LIST, asked))
        assert [who for who in ("贺连生", "茹晓东", "景师古") if who in page] == (
            found or ["贺连生", "茹晓东", "景师古"]
        )

    def test_finds_by_unit_and_never_beyond_one_s_area(self, people: dict[str, Person]) -> None:
        unit = row_of(people["near"]).unit
        assert unit
        page = text_of(signed_in(people["desk"]).get(LIST, {"unit": unit.pk, "place": OTHER_COMMUNITY}))
        assert "景师古" not in page
        assert "贺连生" in page

    def test_is_shut_for_members_and_auditors(self, people: dict[str, Person]) -> None:
        for person in (
            people["near"],
            somebody("乜强", Role.AUDITOR, COUNTY),
            somebody("宿梅", Role.GRID_WORKER, GRID),
        ):
            assert signed_in(person).get(LIST).status_code == 403

    def test_costs_the_same_for_three_as_for_a_thousand(
        self, people: dict[str, Person], django_assert_num_queries: Any
    ) -> None:
        """R013: members by grid, a page at a time; the count a grid is the mean of those that have any."""
        seen = member_scope.seen_by(Post.objects.filter(person=people["district"]))
        with django_assert_num_queries(6):
            few = member_register.register(seen, Wish(), 1, NOON)
        assert (few.total, few.people, few.grids, few.a_grid) == (3, 3, 3, 1.0)
        _many(1000)
        with django_assert_num_queries(6):
            many = member_register.register(seen, Wish(), 3, NOON)
        assert (many.total, many.grids, len(many.lines), many.first) == (1003, 3, 50, 101)
        assert many.a_grid == 334.3
        assert member_register.register(seen, Wish(), 99, NOON).page == 21


def _many(count: int) -> None:
    """So many members more, on the grids in turn."""
    persons = Person.objects.bulk_create(
        [Person(login=f"crowd{number}", name=f"党员{number}", password="!") for number in range(count)], batch_size=500
    )
    grids = [GRID, OTHER_GRID]
    posts = Post.objects.bulk_create(
        [Post(person=one, role="member", scope=grids[n % 2], from_at=LONG_AGO) for n, one in enumerate(persons)],
        batch_size=500,
    )
    MemberCheckin.objects.bulk_create(
        [MemberCheckin(person=p.person, grid=p.scope, post=p, how="import", from_at=LONG_AGO) for p in posts],
        batch_size=500,
    )


class TestContact:
    def test_shows_the_number_once_and_leaves_a_line(self, people: dict[str, Person]) -> None:
        """R011, G2: contact is behind a step of its own, and who looked stands written before it is shown."""
        desk, row = signed_in(people["desk"]), row_of(people["near"])
        assert PHONE not in text_of(desk.get(f"{LIST}{row.pk}/"))
        answer = desk.post(f"{LIST}{row.pk}/contact/")
        assert "164 0000 7719" in text_of(answer)
        assert "no-store" in answer["Cache-Control"]
        look = Look.objects.get()
        assert (look.person, look.subject, look.subject_id) == (people["desk"], "people.person", people["near"].pk)
        assert (look.field, look.why) == ("phone", "member")

    def test_of_a_stranger_is_the_same_404_as_of_nobody(self, people: dict[str, Person]) -> None:
        far = row_of(people["far"])
        for reader in ("desk", "clerk"):
            client = signed_in(people[reader])
            for path in ("contact/", "charges/", "rate/", "end/", "answer/1/"):
                pages = [client.post(f"{LIST}{pk}/{path}", {"word": "good"}) for pk in (far.pk, 999_999)]
                assert [page.status_code for page in pages] == [404, 404]
            assert client.get(f"{LIST}{far.pk}/").status_code == 404
        assert not Look.objects.exists()


class TestAdding:
    def test_brings_a_member_in_by_the_desk(self, people: dict[str, Person]) -> None:
        """R005: the same phone is the same person, also when the desk types it anew."""
        desk = signed_in(people["desk"])
        given = {"name": "单玉梅", "phone": "164 0000 8888", "grid": GRID, "unit": ""}
        assert desk.post(f"{LIST}add/", given).status_code == 302
        given |= {"grid": OTHER_GRID}
        assert desk.post(f"{LIST}add/", given).status_code == 302
        person = Person.objects.get(name="单玉梅")
        assert sorted(person.checkins.values_list("grid", "how")) == [(GRID, "staff"), (OTHER_GRID, "staff")]
        assert not person.has_usable_password()

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"grid": FAR}, "不归您管"), ({"phone": "164"}, "少了 8 位"), ({"phone": PHONE}, "另一个名字"),
            ({"grid": ""}, "还没有选网格"), ({"name": ""}, "写上姓名"),
        ],
    )  # fmt: skip
    def test_says_what_to_do(self, people: dict[str, Person], change: dict[str, str], says: str) -> None:
        given = {"name": "单玉梅", "phone": "16400008888", "grid": GRID, "unit": ""} | change
        answer = signed_in(people["desk"]).post(f"{LIST}add/", given)
        assert answer.status_code == 422
        assert says in text_of(answer)
        assert not Person.objects.filter(name="单玉梅").exists()

    def test_of_a_clerk_is_for_the_own_unit_alone(self, people: dict[str, Person]) -> None:
        other = a_unit("财政局", "unit")
        clerk, own = signed_in(people["clerk"]), row_of(people["near"]).unit
        assert own
        given = {"name": "单玉梅", "phone": "16400008888", "grid": GRID}
        for unit in ("", other.pk):
            assert clerk.post(f"{LIST}add/", {**given, "unit": unit}).status_code == 422
        assert clerk.post(f"{LIST}add/", {**given, "unit": own.pk}).status_code == 302


class TestLinks:
    def test_of_a_charge_are_parts_of_the_grid(self, people: dict[str, Person]) -> None:
        """R001: the charge link of a member, set by the community, kept with its past."""
        micro = a_place(GRID + "01")
        micro.name = "三号院"
        micro.save()
        desk, row = signed_in(people["desk"]), row_of(people["near"])
        assert desk.post(f"{LIST}{row.pk}/charges/", {"scopes": [micro.code]}).status_code == 302
        assert "三号院" in text_of(signed_in(people["near"]).get("/people/me/"))
        desk.post(f"{LIST}{row.pk}/charges/", {"scopes": [GRID]})
        assert [(one.scope, one.to_at is None) for one in row.charges.order_by("pk")] == [
            (micro.code, False), (GRID, True),
        ]  # fmt: skip
        refused = desk.post(f"{LIST}{row.pk}/charges/", {"scopes": [OTHER_GRID]})
        assert refused.status_code == 422

    def test_are_not_for_a_clerk(self, people: dict[str, Person]) -> None:
        clerk, row = signed_in(people["clerk"]), row_of(people["near"])
        assert clerk.post(f"{LIST}{row.pk}/charges/", {"scopes": [GRID]}).status_code == 422
        assert clerk.post(f"{LIST}{row.pk}/rate/", {"word": "poor"}).status_code == 422
        assert not row.ratings.exists()

    def test_end_with_the_check_in(self, people: dict[str, Person]) -> None:
        desk, row = signed_in(people["desk"]), row_of(people["near"])
        desk.post(f"{LIST}{row.pk}/charges/", {"scopes": [GRID]})
        assert desk.post(f"{LIST}{row.pk}/end/").status_code == 302
        assert not row.charges.filter(to_at=None).exists()
        desk.get(LIST)  # which says once that it ended
        assert "贺连生" not in text_of(desk.get(LIST, {"name": "贺"}))
