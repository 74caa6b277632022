"""people.actions.member_moving: check-ins, charges and service posts follow the ground and come back with it."""

from datetime import timedelta

import pytest

from sandan.people.actions import member_links, service_posts
from sandan.people.models import MemberCheckin, Person, Post, Role, ServicePost
from sandan.places import actions as places
from sandan.places.models import Place
from tests.factories.members import a_member, a_service_post, checked_in
from tests.factories.people import somebody
from tests.factories.places import AT, County, a_county

pytestmark = pytest.mark.django_db
MID, LATER = AT + timedelta(days=20), AT + timedelta(days=60)


@pytest.fixture
def ground() -> County:
    return a_county()


def desk_of(ground: County) -> Person:
    return somebody("周敏", Role.DISPATCHER, ground.communities[0].code)


def stands(person: Person) -> list[str]:
    """The grids of the live check-ins; each must have its member's post over the very same grid."""
    rows = list(person.checkins.filter(to_at=None).select_related("post").order_by("grid"))
    assert all((row.post.scope, row.post.role, row.post.to_at) == (row.grid, Role.MEMBER, None) for row in rows)
    return [row.grid for row in rows]


class TestFollow:
    def test_a_merge_makes_one_of_two_and_its_undoing_two_again(self, ground: County) -> None:
        """R013: nobody stands twice on one grid, nobody is lost, and the way back is whole."""
        first, second = ground.grids[:2]
        desk, both = desk_of(ground), a_member("贺连生", first.code)
        checked_in(both, second.code, at=MID)
        alone = a_member("茹晓东", second.code)
        row = MemberCheckin.objects.get(person=alone)
        member_links.set_charges(checkin=row, scopes=[second.code], by=desk, at=MID)
        post = a_service_post(
            desk, Place.objects.get(code=first.code), from_at=AT, to_at=AT + timedelta(days=90), at=AT
        )
        service_posts.claim(post=post, by=alone, at=MID)
        change = places.merge(grids=[first, second], by="system", at=LATER)
        new = change.new_codes[0]
        assert stands(both) == stands(alone) == [new]
        assert row.charges.get().scope == ServicePost.objects.get().scope == new
        assert both.checkins.filter(end="ground").count() == 1
        places.undo(change=change, by="system", at=LATER + timedelta(hours=1))
        assert stands(both) == [first.code, second.code]
        assert stands(alone) == [second.code]
        assert (row.charges.get().scope, ServicePost.objects.get().scope) == (second.code, first.code)

    def test_a_split_keeps_a_check_in_for_every_post(self, ground: County) -> None:
        grid = ground.grids[0]
        person = a_member("贺连生", grid.code)
        micro = [cell.code for cell in ground.micro if cell.code.startswith(grid.code)]
        change = places.divide(grid=grid, micro=micro[:1], by="system", at=LATER)
        held = Post.objects.held(LATER).filter(person=person).order_by("scope").values_list("scope", flat=True)
        assert stands(person) == list(held) == sorted(change.new_codes)
        places.undo(change=change, by="system", at=LATER + timedelta(hours=1))
        assert stands(person) == [grid.code]
