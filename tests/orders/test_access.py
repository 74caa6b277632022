"""Who stands how to an order, and the only way to get one (R113: prefix, role, state)."""

from datetime import timedelta

import pytest
from django.http import Http404

from sandan.orders import access
from sandan.orders.models import Order
from sandan.orders.workflow import S
from sandan.people.models import Person, Role
from tests.factories.orders import MORNING, a_course, an_order, asker_of
from tests.factories.people import COMMUNITY, COUNTY, GRID, Cast, a_post, somebody

pytestmark = pytest.mark.django_db


def roles(order: Order, person: Person) -> set[str]:
    return set(access.roles_of(order, person, MORNING))


class TestRolesOf:
    def test_tells_desk_ladder_ground_and_strangers_apart(self, cast: Cast) -> None:
        order = an_order(cast)
        assert roles(order, cast.dispatcher) == {"desk", "seer", "reviewer"}
        assert roles(order, cast.liaison) == {"upper", "seer", "reviewer"}
        assert roles(order, cast.district) == {"upper", "seer", "reviewer"}
        assert roles(order, cast.grid_worker) == {"seer"}
        for stranger in (cast.member, cast.neighbour, cast.auditor, cast.clerk):
            assert roles(order, stranger) == set()

    def test_gives_the_server_no_second_key(self, cast: Cast) -> None:
        """R036: whatever posts he holds."""
        order = an_order(cast, S.SERVED, helper=cast.dispatcher)
        assert "server" in roles(order, cast.dispatcher)
        assert "reviewer" not in roles(order, cast.dispatcher)
        assert "reviewer" in roles(order, cast.reviewer)

    def test_follows_the_level_of_the_order(self, cast: Cast) -> None:
        order = an_order(cast, S.ESCALATED)
        assert "desk" in roles(order, cast.liaison)
        assert "desk" not in roles(order, cast.dispatcher)
        assert "seer" in roles(order, cast.dispatcher)

    def test_ends_with_the_post(self, cast: Cast) -> None:
        order = an_order(cast)
        former = somebody("前任", Role.MEMBER, COMMUNITY)
        a_post(former, Role.DISPATCHER, COMMUNITY, to_at=MORNING - timedelta(days=1))
        coming = somebody("后任", Role.MEMBER, COMMUNITY)
        a_post(coming, Role.DISPATCHER, COMMUNITY, from_at=MORNING + timedelta(days=1))
        assert roles(order, former) == roles(order, coming) == set()
        assert "desk" in access.roles_of(order, coming, MORNING + timedelta(days=2))

    def test_ends_with_the_account(self, cast: Cast) -> None:
        order = an_order(cast)
        gone = Person.objects.get(pk=cast.reviewer.pk)
        gone.is_active = False
        assert roles(order, gone) == set()

    def test_knows_exclusive_and_micro_grids(self, cast: Cast) -> None:
        exclusive, micro = f"{COMMUNITY}901", f"{GRID}02"
        market = somebody("专属", Role.GRID_WORKER, exclusive)
        stairs = somebody("微格", Role.GRID_WORKER, micro)
        order = an_order(cast)
        assert roles(order, market) == roles(order, stairs) == set()
        order.exclusive, order.micro = exclusive, micro
        assert roles(order, market) == roles(order, stairs) == {"seer"}

    def test_lets_helpers_of_the_county_see_what_may_be_grabbed(self, cast: Cast) -> None:
        assert roles(an_order(cast, S.OPEN), cast.member) == {"fitting"}
        assert roles(an_order(cast, S.OPEN), cast.grid_worker) == {"fitting", "seer"}
        assert roles(an_order(cast, S.JUDGED), cast.member) == set()

    def test_knows_first_askers_and_joined_ones(self, cast: Cast) -> None:
        order = an_order(cast)
        assert access.roles_of(order, asker_of(order), MORNING) == {"asker"}
        assert access.roles_of(order, asker_of(an_order(cast)), MORNING) == frozenset()

    def test_ends_for_the_former_holder(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        assert roles(course.order, cast.member) == {"holder", "seer"}
        course.do("release", cast.member, reason="ill")
        assert roles(course.order, cast.member) == set()


class TestOrderOf:
    def test_gives_the_order_to_those_who_may_see_it(self, cast: Cast) -> None:
        order = an_order(cast)
        for person in (cast.dispatcher, cast.liaison, cast.district, cast.grid_worker):
            assert access.order_of(person, order.full_number, MORNING) == order

    def test_is_the_same_404_for_absent_and_alien(self, cast: Cast) -> None:
        order = an_order(cast)
        texts = set()
        for person, number in (
            (cast.neighbour, order.full_number),
            (cast.auditor, order.full_number),
            (cast.dispatcher, order.full_number[:-3] + "999"),
        ):
            with pytest.raises(Http404) as refusal:
                access.order_of(person, number, MORNING)
            texts.add(str(refusal.value))
        assert len(texts) == 1


class TestParse:
    def test_reads_a_full_number(self) -> None:
        parsed = access.parse("140106001001-2026-0810-048")
        assert parsed
        assert (parsed["community_id"], parsed["serial"]) == ("140106001001", 48)

    @pytest.mark.parametrize(
        "number", ["", "0810-048", "140106001001-2026-1340-048", "140106001001-2026-0810-48", "x" * 500, "１４０１０６"]
    )
    def test_reads_nothing_else(self, number: str) -> None:
        assert access.parse(number) is None

    def test_reads_what_the_order_prints(self, cast: Cast) -> None:
        order = an_order(cast)
        order.serial = 12_345
        parsed = access.parse(order.full_number)
        assert parsed == {"community_id": COMMUNITY, "on": order.on, "serial": 12_345}


class TestMaySeeContact:
    """G3: who serves or answers for it, while it is open."""

    @pytest.mark.parametrize(
        ("state", "name", "may"),
        [
            (S.OPEN, "member", False), (S.OFFERED, "member", False), (S.TAKEN, "member", True),
            (S.SERVED, "member", False), (S.TAKEN, "second_member", False), (S.TAKEN, "dispatcher", True),
            (S.TAKEN, "grid_worker", False), (S.TAKEN, "neighbour", False), (S.CLOSED, "dispatcher", False),
        ],
    )  # fmt: skip
    def test_opens_with_taking_and_shuts_with_the_end(self, cast: Cast, state: str, name: str, may: bool) -> None:
        order = an_order(cast, state)
        assert access.may_see_contact(frozenset(roles(order, getattr(cast, name))), order) is may

    def test_keeps_sealed_matters_from_those_above(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN, code="0702")
        assert access.may_see_contact(frozenset(roles(order, cast.member)), order)
        assert not access.may_see_contact(frozenset(roles(order, cast.liaison)), order)


class TestWithin:
    @pytest.mark.parametrize("code", [COUNTY, COMMUNITY[:9], COMMUNITY, GRID])
    def test_finds_by_every_scope(self, cast: Cast, code: str) -> None:
        order = an_order(cast)
        assert list(Order.objects.within(code)) == [order]
        assert not Order.objects.within(code[:-1] + "9")

    def test_finds_by_the_second_layer_of_grids(self, cast: Cast) -> None:
        order = an_order(cast, exclusive=f"{COMMUNITY}901")
        assert list(Order.objects.within(f"{COMMUNITY}901")) == [order]
