"""A small simulated month: made by the real actions, the same for one seed, to be gone on with when broken off."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from sandan.core.models import Entry
from sandan.demo import county, course, messages, month, names, organisations, people, scenes, world
from sandan.demo.course import beside
from sandan.demo.people import Login
from sandan.orders.models import Asker, Call, Check, Custody, Order, Sending, Share
from sandan.orders.workflow import STATES, S
from sandan.people.models import Person, Post, Role
from sandan.places.models import Building, Place
from tests.factories.places import a_county

AT = datetime(2026, 8, 10, 8, 0, tzinfo=UTC)  # Monday 10 August 2026, 16:00 in Shanghai
SCALE, TINY = 40 / month.ORDERS, 8 / month.ORDERS
VERBS = {
    *("place", "judge", "file", "open_up", "grab", "offer", "accept", "decline", "set_out", "finish", "review", "hear"),
    *("call_back", "dissent", "close", "ask", "answer", "pause", "ledger", "escalate", "withdraw", "merge", "miss"),
}
pytestmark = pytest.mark.django_db
FROM_THE_END = ("reopen", "unmerge", "take_back", "unfile")
Facts = list[tuple[str, str, str, str, datetime]]


class Broken(Exception):
    """The month is broken off here."""


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """The small county with the catalogue and a few dozen people; gone when the file is done."""
    few = pytest.MonkeyPatch()
    for name, count in (("MEMBERS", 60), ("WORKERS", 6), ("HELPERS", 12), ("STAFF", 21)):
        few.setattr(people, name, count)
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load", verbosity=0)
        place = a_county().county
        people.make(place, Random(1), AT)
        people.give_logins(place)
        few.undo()
        yield place
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def played(ground: Place) -> Iterator[month.Month]:
    """One month played in it, on top of which every test looks."""
    with transaction.atomic():
        yield play(ground)
        transaction.set_rollback(True)


def play(place: Place, seed: int = 7, scale: float = SCALE) -> month.Month:
    """The month at about a hundredth of its scale, with all scenes of the last hours."""
    played = month.Month(world.load(place, Random(seed)), AT)
    played.run(lambda _share: None, scale=scale)
    return played


def undone(work: Callable[[], Facts]) -> Facts:
    """What `work` gives, its changes taken back."""
    with transaction.atomic():
        facts = work()
        transaction.set_rollback(True)
    return facts


def facts_of(place: Place, seed: int) -> Facts:
    """What became of every order of a month."""
    play(place, seed, TINY)
    orders = Order.objects.select_related("owner").order_by("community_id", "on", "serial")
    return [(o.full_number, o.state, o.masked, o.owner.name, o.placed_at) for o in orders]


class TestRun:
    def test_makes_every_order_by_real_actions(self, played: month.Month) -> None:
        """The journal tells of each order from its placing on, and of the state it is in."""
        for order in Order.objects.all():
            lines = Entry.objects.filter(subject="orders.order", subject_id=order.pk).order_by("pk")
            verbs = [line.verb for line in lines]
            assert verbs[0] in {"place", "bear", "split_off"}
            assert [line.facts["after"] for line in lines if "after" in line.facts][-1] == order.state

    def test_leaves_no_gap_in_custody(self, played: month.Month) -> None:
        """R043's promise: somebody has it in hand at every minute until it has ended."""
        for order in Order.objects.all():
            held = list(Custody.objects.filter(order=order).order_by("from_at", "pk"))
            assert held[0].from_at == order.placed_at
            gaps = [(a.to_at, b.from_at) for a, b in pairwise(held) if a.to_at != b.from_at]
            again = Entry.objects.filter(subject="orders.order", subject_id=order.pk, verb__in=FROM_THE_END).count()
            assert len(gaps) <= again, (order.state, gaps)  # between an end and a new beginning nobody has it
            assert (held[-1].to_at is None) == order.is_open

    def test_has_something_of_every_course(self, played: month.Month) -> None:
        assert set(Entry.objects.values_list("verb", flat=True)) >= VERBS

    def test_has_field_checks_owed_and_seen(self, played: month.Month) -> None:
        """R050: the page of visits is not empty."""
        checks = Check.objects.filter(person__login="demo.review")
        assert checks.filter(done_at=None).exists()
        assert checks.filter(result="good").exists()

    def test_ends_with_open_orders_in_every_state_before_the_end(self, played: month.Month) -> None:
        states = set(Order.objects.values_list("state", flat=True))
        assert states >= set(STATES) - {S.PASSED, S.REFUSED}  # these two come by chance, a few in a hundred

    def test_is_hardly_ever_refused_and_says_so(self, played: month.Month) -> None:
        """A refusal on the way means that the simulation asks for what nobody could do."""
        assert sum(played.refused.values()) < 0.02 * Entry.objects.filter(subject="orders.order").count()
        assert played.placed >= 40

    def test_asks_for_every_item_of_the_catalogue_in_turn(self, played: month.Month) -> None:
        codes = set(Order.objects.exclude(category=None).values_list("category_id", flat=True))
        assert len(codes) >= 35  # the others still wait, or were merged, refused, withdrawn before anybody judged

    def test_is_busiest_where_the_logins_are(self, played: month.Month) -> None:
        home = people.home_of(played.world.county)
        assert Order.objects.open().filter(community=home).count() >= 15

    def test_keeps_telephones_among_numbers_that_do_not_exist(self, played: month.Month) -> None:
        phones = [asker.phone.open_unlogged() for asker in Asker.objects.exclude(phone=None)]
        assert phones
        assert {phone[:3] for phone in phones} <= set(names.UNALLOCATED)

    def test_leaves_a_visitors_own_order_alone(self, played: month.Month) -> None:
        """What somebody places while the month is played is not served by invented people."""
        own = Order.objects.open().filter(state=S.RECEIVED).first()
        assert own
        own.key = own.key.__class__(int=own.key.int, version=4)
        before = len(played.heap)
        course.go_on(played, own, AT)
        assert len(played.heap) == before


class TestLive:
    def test_goes_on_where_it_was_broken_off(self, ground: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        """Ctrl-C half-way and a second start: the same orders go on, none is begun twice, the end is reached."""
        with transaction.atomic():
            with monkeypatch.context() as patched:
                patched.setattr(county, "Bar", lambda _title: breaking)
                with pytest.raises(Broken):
                    county.live(ground, SCALE, AT)
            half, waiting = Order.objects.count(), set(Order.objects.open().values_list("pk", flat=True))
            assert not county.is_lived_in(ground.code)
            county.live(ground, SCALE, AT)
            assert county.is_lived_in(ground.code)
            assert half < Order.objects.count() < 40 * 1.5 + len(scenes.SCENES)
            since = Order.objects.filter(pk__in=waiting)
            assert len(waiting) > since.open().count()
            transaction.set_rollback(True)

    def test_gives_the_same_month_for_one_seed(self, ground: Place) -> None:
        first, again = (undone(lambda: facts_of(ground, 11)) for _ in range(2))
        assert len(first) >= len(scenes.SCENES)
        assert first == again


def breaking(share: float) -> None:
    """A bar that breaks the month off half-way."""
    if share > 0.5:
        raise Broken


class TestMessages:
    def test_speak_of_the_house_they_come_from(self, ground: Place) -> None:
        """A text that names a place names its own building's; one without stays without."""
        building = Building.objects.select_related("estate").first()
        assert building
        building.estate.name = "无名苑"  # no message speaks of such a place
        for message in messages.everything():
            words, door = messages.where(building, message.grain, Random(3))
            text = message.at(words)
            assert bool(words) == bool(message.spans)
            assert (building.estate.name in text) == bool(message.spans)
            assert message.grain != "room" or door in text
            assert all(message.text[a:b] not in text for a, b in message.spans), text

    def test_are_found_again_by_the_key_of_their_order(self) -> None:
        rng = Random(5)
        for message in messages.everything():
            assert messages.of_key(message.key(rng)) is message

    def test_cover_the_catalogue(self) -> None:
        codes = Counter(message.category for message in messages.everything())
        assert len([code for code in codes if not code.startswith("99")]) == 43


def all_logins(county: Place) -> list[people.Login]:
    """As the demo gives them: those with posts of their own, the keeper of organisations, the guest of the day."""
    organisations.make(county, Random(3), AT)
    return [*people.give_logins(county), *organisations.give_logins(county, AT)]


class TestGiveLogins:
    def test_gives_one_for_each_role_in_one_community(self, ground: Place) -> None:
        logins = all_logins(ground)
        assert len({login.login for login in logins}) == len(logins)
        assert roles_of(logins) == set(Role)

    def test_ends_no_session_of_those_it_has_given(self, ground: Place) -> None:
        """A demo started again: boards that stand open go on without a new login."""
        people.give_logins(ground)
        before = Person.objects.get(login="demo.desk").password
        people.give_logins(ground)
        assert Person.objects.get(login="demo.desk").password == before

    def test_moves_them_to_another_county(self, ground: Place) -> None:
        """A demo of a second county on the same database: the names lead there, the former people keep no password."""
        with transaction.atomic():
            other = a_county("990202").county
            few = pytest.MonkeyPatch()
            for name, count in (("MEMBERS", 9), ("WORKERS", 6), ("HELPERS", 6), ("STAFF", 15)):
                few.setattr(people, name, count)
            people.make(other, Random(2), AT)
            people.give_logins(other)
            few.undo()
            desk = Person.objects.get(login="demo.desk")
            assert desk.posts.get().scope.startswith("990202")
            assert roles_of(all_logins(ground)) == set(Role)
            transaction.set_rollback(True)


class TestBeside:
    def test_plays_whistles_helpers_and_partners(self, ground: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        """R058, R061, R117: through the real actions, where the demo's logins are."""
        for name, share in (("WHISTLES", 0.4), ("HELPERS", 0.7), ("SENDINGS", 1.0)):
            monkeypatch.setattr(beside, name, share)
        monkeypatch.setattr(world, "HOME_SHARE", 0.9)
        with transaction.atomic():
            played = play(ground)
            answered = Call.objects.exclude(answered_at=None).count()
            counts = (answered, Share.objects.filter(state="joined").count(), Sending.objects.count())
            stuck = Call.objects.filter(state="sent", next_at__lt=AT - timedelta(hours=1)).count()
            transaction.set_rollback(True)
        assert all(counts), counts
        assert stuck == 0
        assert sum(played.refused.values()) < 40


def roles_of(logins: list[Login]) -> set[str]:
    """The roles of the people behind these logins."""
    found = Post.objects.filter(person__login__in=[login.login for login in logins])
    return set(found.values_list("role", flat=True))
