"""Two at once: the last place of a service post, one's own limit, one check-in (R005, R015)."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from sandan.core.errors import Refused
from sandan.people.actions import member_checkin, service_posts
from sandan.people.models import MemberCheckin, Person, ServiceHolding, ServicePost
from sandan.places.models import Place
from tests.factories.members import a_keeper, a_member, a_service_post, checked_in
from tests.factories.people import GRID, NOON, OTHER_GRID, a_person, a_place

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(days=1)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run them in threads that start together; what each came to: "won" or the refusal's name."""
    barrier, told = Barrier(len(acts)), list[str]()

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(30)
            act()
            told.append("won")
        except Refused as refusal:
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(told)


def a_claim(post: ServicePost, person: Person) -> Callable[[], object]:
    fresh = Person.objects.get(pk=person.pk)
    return lambda: service_posts.claim(post=ServicePost.objects.get(pk=post.pk), by=fresh, at=LATER)


class TestClaim:
    def test_of_the_last_place_has_one_winner(self) -> None:
        """R015: six reach for two places; four hear that it is full."""
        people = [a_member(f"党员{number}") for number in range(6)]
        post = a_service_post(a_keeper(), seats=2)
        assert at_once(*(a_claim(post, person) for person in people)) == ["Stale"] * 4 + ["won"] * 2
        assert sorted(ServiceHolding.objects.live(LATER).values_list("seat", flat=True)) == [1, 2]

    def test_of_several_posts_keeps_one_s_limit(self) -> None:
        """Four posts at once by one person: two are hers, the limit is counted one by one."""
        person, keeper = a_member(), a_keeper()
        posts = [a_service_post(keeper) for _number in range(4)]
        assert at_once(*(a_claim(post, person) for post in posts)) == ["TooManyPosts"] * 2 + ["won"] * 2
        assert ServiceHolding.objects.live(LATER).count() == 2

    def test_beside_a_release_or_a_yes_leaves_no_place_twice(self) -> None:
        holder, heir, third = (a_member(name) for name in ("贺连生", "茹晓东", "景师古"))
        post = a_service_post(a_keeper())
        row = service_posts.claim(post=post, by=holder, at=NOON)
        service_posts.ask_to_take_over(holding=row, to=heir, by=holder, at=NOON)
        at_once(
            lambda: service_posts.release(holding=row, reason="busy", by=holder, at=LATER),
            lambda: service_posts.take_over(holding=row, by=Person.objects.get(pk=heir.pk), at=LATER),
            a_claim(post, third),
        )
        assert ServiceHolding.objects.live(LATER).count() <= 1


class TestCheckIn:
    def test_by_two_desks_at_once_is_one(self) -> None:
        """R005: no double, also where two clerks press in the same second."""
        a_place(GRID)
        person, desks = a_person(), [a_keeper(), a_keeper()]

        def act(desk: Person) -> Callable[[], object]:
            fresh = Person.objects.get(pk=person.pk)
            grid = Place.objects.get(code=GRID)
            return lambda: member_checkin.check_in(person=fresh, grid=grid, by=desk, at=LATER)

        assert at_once(*map(act, desks)) == ["AlreadyThere", "won"]
        assert MemberCheckin.objects.count() == 1

    def test_moved_twice_at_once_stands_on_one_grid(self) -> None:
        person = a_person()
        row = checked_in(person)
        grids = [a_place(OTHER_GRID), a_place(GRID[:-1] + "3")]

        def act(grid: Place) -> Callable[[], object]:
            found = MemberCheckin.objects.select_related("person", "unit").get(pk=row.pk)
            return lambda: member_checkin.change_grid(checkin=found, grid=grid, by="system", at=LATER)

        assert at_once(*map(act, grids)) == ["Stale", "won"]
        assert MemberCheckin.objects.filter(to_at=None).count() == 1
