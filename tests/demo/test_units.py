"""The demo's units: 26 in the home community, an overseer, departments elsewhere with a gap to look at (R009, R010)."""

from random import Random

import pytest
from django.core.management import call_command

from sandan.demo import members, people, units
from sandan.people.models import CommunitySurvey, MemberCheckin, Post, Role
from sandan.people.queries import units_lists
from sandan.places.models import Place
from tests.demo.test_bulk import AT
from tests.factories.places import a_county

pytestmark = pytest.mark.django_db


class TestMake:
    def test_fills_a_county_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, count in (("MEMBERS", 60), ("WORKERS", 6), ("HELPERS", 12), ("STAFF", 21)):
            monkeypatch.setattr(people, name, count)
        call_command("load", verbosity=0)
        county = a_county().county
        people.make(county, Random(1), AT)
        members.make(county, Random(1), AT)
        for _twice in range(2):
            units.make(county, Random(1), AT)
        home = people.home_of(county)
        found = units_lists.community_page(home.code, AT)
        expected = MemberCheckin.objects.live(AT).filter(grid__startswith=home.code).count()
        assert len(found.servings) == 26
        assert (found.tally.total, found.tally.per_cent) == (expected, 100.0)
        level = units_lists.progress(units_lists.registered(Post.objects.filter(role=Role.OVERSEER), AT), AT)
        assert level.tally.gap > 0
        assert CommunitySurvey.objects.count() == 3
        assert any(login.login == "demo.overseer" for login in people.give_logins(county))


class TestCrowd:
    def test_brings_268_of_7247_members_to_one_community(self) -> None:
        """R009"""
        grids = [Place(code=f"9902010010{i // 8:02}{i % 8:03}") for i in range(853)]
        homes = [grids[i % len(grids)] for i in range(people.MEMBERS)]
        people._crowd(homes)
        assert len(homes) == 7247
        assert sum(home.code.startswith(grids[0].code[:12]) for home in homes) == 268
