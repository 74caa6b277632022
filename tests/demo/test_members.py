"""The demo's members: every post has its check-in, and the home community's posts have free places (R013, R014)."""

from random import Random

import pytest
from django.core.management import call_command

from sandan.demo import members, people
from sandan.people.models import MemberCheckin, Post, Role, ServiceHolding, ServicePost
from sandan.people.queries import member_lists
from tests.demo.test_bulk import AT
from tests.factories.places import a_county

pytestmark = pytest.mark.django_db


class TestMake:
    def test_checks_every_member_in_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, count in (("MEMBERS", 60), ("WORKERS", 6), ("HELPERS", 12), ("STAFF", 21)):
            monkeypatch.setattr(people, name, count)
        call_command("load", verbosity=0)
        county = a_county().county
        people.make(county, Random(1), AT)
        for _twice in range(2):
            members.make(county, Random(1), AT)
        posts = Post.objects.filter(role=Role.MEMBER)
        assert MemberCheckin.objects.live(AT).count() == posts.count() == 60
        assert 20 < MemberCheckin.objects.filter(unit__isnull=False).count() < 60
        assert ServicePost.objects.running(AT).count() == len(member_lists.post_kinds())
        held = ServiceHolding.objects.live(AT).count()
        assert 0 < held < sum(ServicePost.objects.values_list("seats", flat=True))
