"""The organisation tree with its gaps, its own space, centre households (R115, R116, R199; G1, G12)."""

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.test import Client
from django.urls import reverse

import sandan
import sandan.people.models as models
from sandan.core.errors import NotAllowed
from sandan.core.models import Entry
from sandan.notices.models import Notice
from sandan.people.actions import centre_households, memberships, organisations
from sandan.people.actions.centre_households import BadPoint
from sandan.people.models import CentreHousehold, Organisation, Person, Role
from sandan.people.models.membership import Membership
from sandan.people.queries import organisations as queries
from tests.factories.people import (
    COMMUNITY,
    COUNTY,
    GRID,
    NOON,
    OTHER_COMMUNITY,
    OTHER_GRID,
    Cast,
    a_place,
    somebody,
)  # fmt: skip

MICRO = f"{GRID}01"
SPACE = {"membership", "memberships"}  # the modules of the organisations' own space
MAY_READ = {
    "people/models/__init__.py", "people/models/membership.py", "people/queries/memberships.py",
    "people/actions/memberships.py", "people/views/organisations.py",
}  # fmt: skip


@pytest.fixture
def keeper(cast: Cast) -> Person:
    a_place(MICRO)
    return somebody("组织员", Role.ORG_KEEPER, COUNTY)


def a_branch(keeper: Person, scope: str = GRID) -> Organisation:
    return organisations.found(scope=scope, name="第一网格党支部", by=keeper, at=NOON)


class TestLevels:
    def test_count_what_is_there_and_what_is_missing(self, keeper: Person) -> None:
        """R116: branches of grids, groups of micro-grids; the gaps are counted and named."""
        a_branch(keeper)
        found = {level.key: (level.there, level.places, level.missing) for level in queries.levels([COUNTY], NOON)}
        assert found == {"committee": (0, 2, 2), "branch": (1, 2, 1), "group": (0, 1, 1)}
        assert [code for code, _n, _u in queries.gaps("branch", [COUNTY], NOON)] == [OTHER_GRID]

    def test_tell_every_community_s_share(self, keeper: Person, django_assert_num_queries: Any) -> None:
        a_branch(keeper)
        with django_assert_num_queries(3):
            lines = {line.code: line for line in queries.communities([COUNTY], NOON)}
        assert (lines[COMMUNITY].branches, lines[COMMUNITY].grids, lines[COMMUNITY].has_committee) == (1, 2, False)

    def test_follow_the_ground_as_a_tree(self, keeper: Person, cast: Cast) -> None:
        """R115: four levels; a place without an organisation stays in the tree."""
        organisations.found(scope=COMMUNITY, name="社区党委", by=keeper, at=NOON)
        organisations.found(scope=MICRO, name="党小组", by=keeper, at=NOON)
        CentreHousehold.objects.create(person=cast.member, scope=MICRO, from_at=NOON)
        tree = queries.tree(a_place(COMMUNITY), NOON)
        grid = next(node for node in tree.below if node.code == GRID)
        assert (tree.organisation.name, grid.organisation, grid.below[0].organisation.name) == (
            "社区党委",
            None,
            "党小组",
        )
        assert (tree.households, grid.households, grid.below[0].households) == (1, 1, 1)


class TestFound:
    def test_is_the_keeper_s_alone(self, keeper: Person, cast: Cast) -> None:
        for other in (cast.district, cast.dispatcher, cast.member):
            with pytest.raises(NotAllowed):
                a_branch(other)
        assert a_branch(keeper).level == "branch"

    def test_refuses_a_second_one_on_the_same_ground(self, keeper: Person) -> None:
        a_branch(keeper)
        with pytest.raises(organisations.BadOrganisation, match="已经有一个"):
            a_branch(keeper)

    def test_can_be_undone_when_nobody_belongs_to_it(self, keeper: Person, cast: Cast) -> None:
        row = a_branch(keeper)
        held = memberships.enter(organisation=row, person=cast.member, duty="member", by=keeper, at=NOON)
        with pytest.raises(organisations.BadOrganisation, match="先转出"):
            memberships.dissolve(organisation=row, by=keeper, at=NOON + timedelta(hours=1))
        memberships.leave(membership=held, by=keeper, at=NOON + timedelta(hours=1))
        memberships.dissolve(organisation=row, by=keeper, at=NOON + timedelta(hours=2))
        assert queries.levels([COUNTY], NOON + timedelta(hours=3))[1].there == 0


class TestOwnSpace:
    """G1, G12: the party link stands apart by construction."""

    def test_has_no_name_on_a_person(self, keeper: Person, cast: Cast) -> None:
        """Nothing can be asked or filtered by it from a person, nor from an organisation."""
        memberships.enter(organisation=a_branch(keeper), person=cast.member, duty="member", by=keeper, at=NOON)
        for model in (Person, Organisation):
            for name in ("membership", "memberships", "membership_set", "organisations"):
                with pytest.raises(FieldError):
                    model.objects.filter(**{f"{name}__isnull": False}).count()

    def test_is_not_handed_on_by_the_room(self) -> None:
        assert "Membership" not in models.__all__
        assert not hasattr(models, "Membership")

    def test_is_read_by_its_own_pages_alone(self) -> None:
        """No other file of the house names the table or its modules, in whatever way."""
        root = Path(sandan.__file__).parent
        found = set()
        for path in root.rglob("*.py"):
            if "migrations" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            imports = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom))
            named = {part for node in imports for name in node.names for part in name.name.split(".")}
            named |= {
                part for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)
                for part in (node.module or "").split(".")
            }  # fmt: skip
            if "people_membership" in text or "Membership" in named or named & SPACE:
                found.add(path.relative_to(root).as_posix())
        assert found <= MAY_READ

    def test_leaves_nobody_s_name_in_the_journal(self, keeper: Person, cast: Cast) -> None:
        """Auditors and figures read the journal: who belongs where is not in it."""
        row = memberships.enter(organisation=a_branch(keeper), person=cast.member, duty="member", by=keeper, at=NOON)
        memberships.leave(membership=row, by=keeper, at=NOON + timedelta(hours=1))
        lines = Entry.objects.filter(subject__in=["people.organisation", "people.membership"])
        assert {line.verb for line in lines} == {"found", "enter", "leave"}
        assert all(cast.member.pk not in line.facts.values() for line in lines)
        assert not Entry.objects.filter(subject="people.person", subject_id=cast.member.pk).exists()

    def test_opens_to_its_keeper_alone(self, keeper: Person, cast: Cast, client: Client) -> None:
        """The same 404 for every other reader, also those who see the tree, and for a keeper of other ground."""
        row = a_branch(keeper)
        memberships.enter(organisation=row, person=cast.member, duty="member", by=keeper, at=NOON)
        page = reverse("people:organisation_members", args=[row.pk])
        other = somebody("别处", Role.ORG_KEEPER, OTHER_COMMUNITY)
        for reader in (cast.district, cast.liaison, cast.dispatcher, cast.member, cast.auditor, other):
            client.force_login(reader)
            assert client.get(page).status_code == 404
        client.force_login(keeper)
        assert "贺连生" in client.get(page).content.decode()

    def test_stays_out_of_the_tree_that_staff_see(self, keeper: Person, cast: Cast, client: Client) -> None:
        row = a_branch(keeper)
        memberships.enter(organisation=row, person=cast.member, duty="secretary", by=keeper, at=NOON)
        client.force_login(cast.district)
        text = client.get(reverse("people:organisation_tree", args=[COMMUNITY])).content.decode()
        assert "第一网格党支部" in text
        assert "贺连生" not in text

    def test_takes_one_person_once(self, keeper: Person, cast: Cast) -> None:
        row = a_branch(keeper)
        memberships.enter(organisation=row, person=cast.member, duty="member", by=keeper, at=NOON)
        with pytest.raises(memberships.BadMembership):
            memberships.enter(organisation=row, person=cast.member, duty="deputy", by=keeper, at=NOON)
        assert Membership.objects.count() == 1


class TestPages:
    def test_show_counts_and_gaps_to_staff(self, keeper: Person, cast: Cast, client: Client) -> None:
        a_branch(keeper)
        client.force_login(cast.district)
        assert "1 / 2" in client.get(reverse("people:organisations")).content.decode()
        assert "第二网格" in client.get(reverse("people:organisation_gaps", args=["branch"])).content.decode()
        assert client.get(reverse("people:organisation_gaps", args=["nothing"])).status_code == 404

    def test_let_the_keeper_found_and_register(self, keeper: Person, cast: Cast, client: Client) -> None:
        client.force_login(keeper)
        client.post(reverse("people:organisation_new", args=[GRID]), {"name": "一网格党支部"})
        row = Organisation.objects.get()
        members = reverse("people:organisation_members", args=[row.pk])
        assert client.post(members, {"who": "贺连生", "duty": "member"}).status_code == 422  # by exact key only
        client.post(members, {"who": cast.member.login, "duty": "member"})
        one = Membership.objects.get()
        client.post(reverse("people:organisation_leave", args=[row.pk, one.pk]))
        client.post(reverse("people:organisation_dissolve", args=[row.pk]))
        assert Organisation.objects.get().to_at is not None

    def test_are_closed_to_members(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.member)
        assert client.get(reverse("people:organisations")).status_code == 403


class TestCentreHousehold:
    def point(self, cast: Cast) -> CentreHousehold:
        a_place(MICRO)
        return centre_households.set_up(person=cast.member, scope=MICRO, by=cast.dispatcher, at=NOON)

    def test_is_asked_only_when_it_said_yes(self, cast: Cast) -> None:
        """R199: willingness is the household's own word."""
        point = self.point(cast)
        with pytest.raises(BadPoint, match="不方便"):
            centre_households.ask(point=point, by=cast.dispatcher, at=NOON)
        with pytest.raises(NotAllowed):
            centre_households.will(point=point, can=["tell"], paused_until=None, by=cast.dispatcher, at=NOON)
        centre_households.will(point=point, can=["tell"], paused_until=None, by=cast.member, at=NOON)
        centre_households.ask(point=point, by=cast.dispatcher, at=NOON)
        assert Notice.objects.filter(person=cast.member, kind="centre_ask").count() == 1
        with pytest.raises(BadPoint, match="刚请过"):
            centre_households.ask(point=point, by=cast.dispatcher, at=NOON)

    def test_is_left_alone_while_it_pauses(self, cast: Cast) -> None:
        point = self.point(cast)
        until = (NOON + timedelta(days=3)).date()
        centre_households.will(point=point, can=["tell"], paused_until=until, by=cast.member, at=NOON)
        with pytest.raises(BadPoint):
            centre_households.ask(point=point, by=cast.dispatcher, at=NOON)
        centre_households.ask(point=point, by=cast.dispatcher, at=NOON + timedelta(days=4))

    def test_is_reached_through_the_platform_alone(self, cast: Cast, client: Client) -> None:
        """R199: neither name nor number nor address on the page."""
        Person.objects.filter(pk=cast.member.pk).update(phone_tail="7719")
        point = self.point(cast)
        centre_households.will(point=point, can=["room"], paused_until=None, by=cast.member, at=NOON)
        client.force_login(cast.dispatcher)
        text = client.get(reverse("people:points")).content.decode()
        assert "贺家" in text
        assert "借出一间屋议事" in text
        assert "贺连生" not in text
        assert "7719" not in text
        client.force_login(cast.neighbour)
        assert client.post(reverse("people:point_ask", args=[point.pk])).status_code == 404

    def test_says_itself_what_it_will_do(self, cast: Cast, client: Client) -> None:
        self.point(cast)
        client.force_login(cast.member)
        assert client.get(reverse("people:point_mine")).status_code == 200
        client.post(reverse("people:point_mine"), {"can": ["tell", "watch"]})
        assert CentreHousehold.objects.get().can == ["tell", "watch"]
        client.force_login(cast.second_member)
        assert client.get(reverse("people:point_mine")).status_code == 404
