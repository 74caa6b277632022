"""小事不出格，大事不出社区: shares against a count by hand, lists that hold exactly what a number says (R059)."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.intake.models import Category
from sandan.orders.models import LevelLimit, Order, Step
from sandan.orders.queries import ladder_figures, ladder_order, ladder_street
from sandan.orders.queries.boards_figures import Scope
from sandan.orders.queries.boards_filter import Filters, asked
from sandan.orders.queries.boards_lists import LISTS
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, a_category, a_course, an_order
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    OTHER_COMMUNITY,
    OTHER_STREET,
    STREET,
    Cast,
    a_place,
)

pytestmark = pytest.mark.django_db
NOW = MORNING + timedelta(days=3)
FAR = f"{OTHER_STREET}001"
REASONS = ("no_right", "no_means", "over_time", "danger", "several_areas")


@pytest.fixture
def county(cast: Cast) -> list[Order]:
    """Forty orders over three communities, four levels, many states, with steps up for every reason."""
    a_place(FAR)
    rng = Random(3)
    orders = []
    for number in range(40):
        community = rng.choice([COMMUNITY, OTHER_COMMUNITY, FAR])
        facts = {
            "community_id": community, "street": community[:9], "level": rng.choice([1, 1, 2, 2, 2, 3, 4]),
            "placed_at": MORNING - timedelta(days=rng.choice([0, 1, 2, 40])),
            "on": date(2026, 8, 1), "serial": number + 1,
        }  # fmt: skip
        order = an_order(cast, rng.choice([S.CLOSED, S.CLOSED, S.CLOSED, S.JUDGED, S.TAKEN, S.WITHDRAWN, S.PAUSED]))
        Order.objects.filter(pk=order.pk).update(**facts)
        for reason in rng.sample(REASONS, rng.choice([0, 0, 1, 2])):
            Step.objects.create(
                order=order, verb="escalate", from_level=2, to_level=3, reason=reason, from_person=cast.dispatcher,
                at=MORNING,
            )  # fmt: skip
        Order.objects.filter(pk=order.pk).update(step_count=order.steps.count())
        orders.append(order)
    return list(Order.objects.filter(pk__in=[order.pk for order in orders]).prefetch_related("steps"))


def counted(orders: list[Order], code: str, since: date, until: date) -> dict[str, int]:
    """The same counts by hand."""
    found: Counter[str] = Counter()
    for order in orders:
        day = timezone.localtime(order.placed_at).date()
        if not order.community_id.startswith(code) or not since <= day <= until:
            continue
        if order.state == S.CLOSED:
            found["closed"] += 1
            found["near"] += order.level <= 2
            found[("in_grid", "in_community", "at_street", "at_district")[order.level - 1]] += 1
        if order.state not in (S.FILED, S.MERGED, S.WITHDRAWN):
            reasons = {step.reason for step in order.steps.all()}
            found["stepped_up"] += bool(reasons)
            for reason in reasons:
                found[f"up_{reason}"] += 1
    return {name: found[name] for name in ladder_figures.NAMES}


class TestShares:
    def test_are_those_of_a_count_by_hand(self, county: list[Order]) -> None:
        """By area and period; the places add up to the whole; each number opens exactly its orders."""
        until = MORNING.date()
        for code in (COUNTY, STREET, OTHER_STREET, COMMUNITY, FAR):
            for days in (0, 2, 60):
                since = until - timedelta(days=days)
                solved = ladder_figures.totals(Scope((code,), since, until), NOW)
                by_hand = counted(county, code, since, until)
                assert solved.of == by_hand
                assert (solved.near().numerator, solved.near().denominator) == (by_hand["near"], by_hand["closed"])
                assert by_hand["near"] == by_hand["in_grid"] + by_hand["in_community"]
                for name, count in by_hand.items():
                    filters = Filters(list=name, place=code, since=since, until=until)
                    assert asked(filters, (COUNTY,), NOW).count() == count, name
        self.places_add_up()

    def places_add_up(self) -> None:
        scope = Scope((COUNTY,))
        places = ladder_figures.by_place(scope, NOW)
        assert {code for code, _name, _solved in places} == {STREET, OTHER_STREET}
        whole = ladder_figures.totals(scope, NOW).of
        assert {name: sum(solved.of[name] for _c, _n, solved in places) for name in whole} == whole

    def test_say_whether_the_target_is_reached(self) -> None:
        def share(near: int, closed: int) -> bool | None:
            names = dict.fromkeys(ladder_figures.NAMES, 0)
            return ladder_figures.Solved(names | {"near": near, "closed": closed}).reaches_target

        assert [share(17, 20), share(16, 20), share(9, 9), share(85, 100), share(849, 1000)] == [
            True, False, None, True, False,
        ]  # fmt: skip

    def test_come_from_real_courses_as_well(self, cast: Cast) -> None:
        an_order(cast, S.CLOSED, helper=cast.grid_worker)
        an_order(cast, S.CLOSED)
        course = a_course(cast, S.ESCALATED).do("judge", cast.liaison, category=a_category(), urgency=1)
        course.do("offer", cast.liaison, to=[cast.member]).do("accept", cast.member).do("set_out", cast.member)
        course.handed_in().do("review", course.order.askers.get(), word="yes", satisfaction=1)
        if course.order.needs_call:
            course.do("call_back", cast.district, is_reached=True)
        course.do("close", cast.liaison, outcome="solved")
        down = a_course(cast, S.ESCALATED).do("hand_down", cast.liaison, reason="means_given")
        assert down.order.level == 2
        of = ladder_figures.totals(Scope((COUNTY,)), NOW).of
        assert [of[name] for name in ladder_figures.BY_LEVEL] == [1, 1, 1, 0]
        assert (of["stepped_up"], of["up_no_means"]) == (2, 2)


class TestAreas:
    def test_count_each_light_as_the_board_does(self, cast: Cast, county: list[Order]) -> None:
        """A number opens its list: the same orders, light by light, place by place."""
        LevelLimit.objects.create(category=a_category(), level=2, minutes=5, is_step=False)
        an_order(cast, S.JUDGED, at=NOW - timedelta(minutes=30))
        found = 0
        for codes in ((COUNTY,), (STREET,), (COMMUNITY,), (STREET, OTHER_STREET)):
            for area in ladder_street.areas(codes, NOW):
                for key, count in area.counts.items():
                    name, light = (key, "") if key in ladder_street.NUMBERS else ("open", key)
                    filters = Filters(list=name, place=area.code, light=light)
                    assert asked(filters, codes, NOW).count() == count, (area.code, key)
                    found += count
        assert found

    def test_of_a_county_are_its_streets(self, cast: Cast) -> None:
        assert {area.code for area in ladder_street.areas((COUNTY,), NOW)} == {STREET, OTHER_STREET}
        assert {area.code for area in ladder_street.areas((STREET,), NOW)} == {COMMUNITY, OTHER_COMMUNITY}


class TestLists:
    def test_of_the_ladder_stand_among_the_named_ones(self) -> None:
        assert set(ladder_figures.NAMES) | {"stuck"} <= set(LISTS)

    def test_of_what_waits_name_reason_and_level(self, cast: Cast) -> None:
        order = an_order(cast, S.ESCALATED)
        risen = ladder_street.waiting((STREET,), 3, NOW)
        assert [(one.row.id, one.why, one.who) for one in risen] == [(order.pk, "没有人或钱", "社区 周敏")]
        assert [one.row.id for one in ladder_street.above((COMMUNITY,), 2, NOW)] == [order.pk]
        assert ladder_street.waiting((OTHER_STREET,), 3, NOW) == []
        assert ladder_street.across((COMMUNITY,), NOW) == []


class TestAdvice:
    def test_is_given_for_what_the_catalogue_keeps_for_a_higher_level(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        assert ladder_order.advice(order, order.touched_at) is None
        order.category = Category(code="0102", level=3)
        assert (ladder_order.advice(order, order.touched_at) or ("",))[0] == "no_right"

    @pytest.mark.parametrize("state", [S.RECEIVED, S.TAKEN, S.PAUSED, S.SERVED, S.CLOSED, S.ESCALATED, S.REFUSED])
    def test_is_given_for_what_stays_too_long(self, cast: Cast, state: str) -> None:
        order = an_order(cast, state)
        late = ladder_order.advice(order, MORNING + timedelta(days=300))
        runs = order.is_open and not order.is_standing and state not in (S.SERVED, S.REVIEWED)
        assert (late is not None) == runs
        assert late is None or late[0] == "over_time"


class TestPages:
    """G2: a desk opens its own places and no other's."""

    @pytest.fixture(autouse=True)
    def _at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(timezone, "now", lambda: NOW)

    @pytest.mark.parametrize("name", ["ladder", "duty"])
    def test_give_another_street_the_same_404(self, cast: Cast, client: Client, name: str) -> None:
        client.force_login(cast.liaison)
        url = reverse(f"orders:{name}")
        assert client.get(url).status_code == 200
        assert client.get(f"{url}?place={COMMUNITY}").status_code == 200
        strange = {client.get(f"{url}?place={code}").status_code for code in (OTHER_STREET, COUNTY, "9902", "x' --")}
        assert strange == {404}

    @pytest.mark.parametrize("name", ["member", "grid_worker", "auditor", "clerk"])
    def test_are_for_desks(self, cast: Cast, client: Client, name: str) -> None:
        client.force_login(getattr(cast, name))
        assert {client.get(reverse(f"orders:{page}")).status_code for page in ("ladder", "duty")} == {403}

    def test_show_the_shares_with_rule_and_lists(self, cast: Cast, client: Client) -> None:
        an_order(cast, S.CLOSED, helper=cast.grid_worker)
        client.force_login(cast.district)
        page = client.get(reverse("orders:figures"), {"period": "dates", "since": "2026-07-01"}).content.decode()
        assert "在哪一级办成的" in page
        assert "管这一片的网格员、网格长自己接、自己办完的，算网格" in page
        assert "list=up_several_areas" in page

    def test_cost_a_fixed_number_of_statements(
        self, cast: Cast, client: Client, django_assert_max_num_queries: object
    ) -> None:
        for _ in range(3):
            an_order(cast, S.ESCALATED)
        client.force_login(cast.district)
        with django_assert_max_num_queries(36):  # type: ignore[operator]
            client.get(reverse("orders:ladder"))
