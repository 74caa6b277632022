"""Very many orders by copies: each keeps all promises that actions keep, with a place, people and words of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import Count, Max
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sandan.core import journal
from sandan.core.models import KindFile
from sandan.core.sealed import digest
from sandan.core.serving import DEMO_MARK
from sandan.demo import bulk, messages, month, people, world
from sandan.demo.bulk import filling, saying, studio, tables
from sandan.orders import access
from sandan.orders.actions import saying as product
from sandan.orders.actions.placing import secret_of
from sandan.orders.models import Asker, Order, Words
from sandan.orders.workflow import STATES, S
from sandan.people.models import Post, Role
from sandan.places.models import Building, Place
from tests.factories.places import a_county
from tests.orders.machine_checks import CHECKS

AT = datetime(2026, 8, 10, 8, 0, tzinfo=UTC)  # Monday 10 August 2026, 16:00 in Shanghai
SCALE = 60 / month.ORDERS
TOTAL, SHARE = 700, 0.3
COPIES = ("copies", "990201", "5")
FORGET_AFTER = timedelta(days=730)
FACT_KINDS: dict[str, type[models.Model]] = {"words": Words, "asker": Asker}


def a_town() -> Place:
    """The small county with the catalogue and a few dozen people."""
    few = pytest.MonkeyPatch()
    for name, count in (("MEMBERS", 60), ("WORKERS", 6), ("HELPERS", 12), ("STAFF", 21)):
        few.setattr(people, name, count)
    call_command("load", verbosity=0)
    place = a_county().county
    people.make(place, Random(1), AT)
    people.give_logins(place)
    KindFile.objects.create(name=DEMO_MARK)
    few.undo()
    return place


def play(place: Place, scale: float) -> None:
    month.Month(world.load(place, Random(7)), AT).run(lambda _share: None, scale=scale)


def fill(place: Place, total: int) -> bulk.Filled:
    """In this process, at the moment of the tests."""
    stopped = pytest.MonkeyPatch()
    stopped.setattr(timezone, "now", lambda: AT)
    stopped.setattr(filling, "OPEN_SHARE", SHARE)  # so small a month leaves nearly as many open itself
    try:
        return bulk.fill(place.code, total, lambda _share: None, processes=0)
    finally:
        stopped.undo()


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """A county filled once; gone when the file is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        place = a_town()
        play(place, SCALE)
        fill(place, TOTAL)
        yield place
        transaction.set_rollback(True)


def copied(place: Place) -> models.QuerySet[Order]:
    """The copies among the orders."""
    return Order.objects.filter(county=place.code, pk__gt=bulk.patterns.top(place.code))


@pytest.mark.django_db
class TestFill:
    def test_makes_as_many_as_were_asked_for_with_a_share_under_way(self, town: Place) -> None:
        count = Order.objects.count()
        assert TOTAL <= count < TOTAL + 10  # a family that was merged or split comes whole
        assert Order.objects.open().count() / count == pytest.approx(SHARE, abs=0.05)

    def test_keeps_every_promise_of_the_machine(self, town: Place) -> None:
        """R042 for copies: an owner, a clock, custody without a gap, two keys, a journal that tells its course."""
        for order in copied(town).select_related("category"):
            for check in CHECKS:
                check(order)

    def test_has_orders_in_nearly_every_state_and_of_every_kind(self, town: Place) -> None:
        assert set(copied(town).values_list("state", flat=True)) >= set(STATES) - {S.PASSED, S.REFUSED, S.REOPENED}
        assert copied(town).exclude(category=None).values("category").distinct().count() >= 30

    def test_lies_within_two_years_and_never_ahead(self, town: Place) -> None:
        """What residents were promised to be forgotten is not made anew."""
        times = copied(town).aggregate(Max("touched_at"), first=models.Min("placed_at"))
        assert times["touched_at__max"] <= AT
        assert AT - FORGET_AFTER < times["first"] < AT - timedelta(days=365)

    def test_is_answered_for_by_people_of_its_own_community(self, town: Place) -> None:
        for order in copied(town).filter(level__lte=2).select_related("owner")[:200]:
            held = Post.objects.held(order.placed_at).filter(person=order.owner)
            assert any(order.community_id.startswith(post.scope) or post.role == Role.UNIT_CLERK for post in held)

    def test_numbers_each_day_of_a_community_from_one_on(self, town: Place) -> None:
        days = Order.objects.values("community_id", "on").annotate(last=Max("serial"), count=Count("pk"))
        assert all(day["count"] == day["last"] for day in days)

    def test_points_with_every_fact_to_its_own_rows(self, town: Place) -> None:
        for order in copied(town)[:150]:
            for line in journal.lines_of(order):
                for key, model in FACT_KINDS.items():
                    if line.facts.get(key):
                        assert model.objects.filter(pk=line.facts[key], order=order).exists(), (line.verb, key)

    def test_opens_for_its_desk(self, town: Place) -> None:
        for order in copied(town).filter(level__lte=2).order_by("key")[:5]:
            client = Client()
            desk = Post.objects.filter(role=Role.DISPATCHER, scope=order.community_id)[0].person
            client.force_login(desk)
            assert client.get(reverse("orders:detail", args=[order.full_number])).status_code == 200

    def test_goes_on_where_it_was_broken_off(self, town: Place) -> None:
        with transaction.atomic():
            before = set(Order.objects.values_list("pk", flat=True))
            made = fill(town, TOTAL + 40)
            after = set(Order.objects.values_list("pk", flat=True))
            assert before < after
            assert len(after - before) == made.orders >= 40 - 10
            assert fill(town, TOTAL + 40).orders == 0
            transaction.set_rollback(True)

    def test_says_what_is_missing_where_no_month_was_played(self, town: Place) -> None:
        with transaction.atomic(), pytest.raises(studio.NoPattern):
            fill(a_county("990202").county, 10)


@pytest.mark.django_db
class TestSealed:
    def test_opens_with_the_words_that_were_masked(self, town: Place) -> None:
        """G: the original lies under seal, sealed anew for each; what lists see is its masked twin."""
        boxes = set()
        for words in Words.objects.filter(order__in=copied(town), kind="report").select_related("order"):
            assert words.original
            assert product.shown(words.original.open_unlogged()) == words.masked == words.order.masked
            assert words.order.terms == product.search_terms(words.masked)
            boxes.add(words.original.box)
        assert len(boxes) == Words.objects.filter(order__in=copied(town), kind="report").count()

    def test_keeps_each_asker_findable_by_phone_and_secret(self, town: Place) -> None:
        for asker in Asker.objects.filter(order__in=copied(town), is_first=True).select_related("order"):
            assert bytes(asker.secret_digest) == access.secret_digest(secret_of(asker.order.key))
            phone = asker.phone.open_unlogged() if asker.phone else ""
            assert asker.phone_tail == phone[-4:]
            assert not phone or bytes(asker.phone_digest or b"") == digest(phone, "phone")


@pytest.mark.django_db
class TestRefuseRealPeople:
    @pytest.mark.parametrize("way", ["fill", "copies"])
    def test_writes_nothing_where_the_people_are_real(self, town: Place, way: str) -> None:
        KindFile.objects.filter(name=DEMO_MARK).delete()
        before = Order.objects.count()
        write = {"fill": lambda: fill(town, before + 50), "copies": lambda: call_command(*COPIES, newest=1, now=AT)}[
            way
        ]
        with pytest.raises((filling.NotADemo, CommandError), match="不是演示的"):
            write()
        assert Order.objects.count() == before


class TestHere:
    def test_stops_after_its_share(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Counted:
            def __init__(self, _task: studio.Task) -> None:
                self.asked: list[int] = []

            def chunk(self, wanted: int, _rng: Random) -> tuple[int, int]:
                self.asked.append(wanted)
                return wanted + 1, 10

        monkeypatch.setattr(filling, "Studio", Counted)
        task = studio.Task("990101", 1, False, AT)
        assert [orders for orders, _rows in filling.here(task, filling.CHUNK + 10)] == [filling.CHUNK + 1, 10]


class TestTables:
    def test_leave_no_table_of_an_order_out_unsaid(self) -> None:
        """A new table with an order in it is copied, or stands in LEFT_OUT with a reason."""
        ties = {f.related_model for f in Order._meta.related_objects if f.field.name == "order"}
        ties = {model for model in ties if model._meta.app_label == "orders"}
        assert {model._meta.db_table for model in ties - set(tables.LEFT_OUT)} <= set(tables.tables())


@pytest.mark.django_db
class TestShown:
    def test_masks_as_the_product_does(self, town: Place) -> None:
        """The quick way gives what the long one gives, for every message at some houses."""
        houses, rng = list(Building.objects.select_related("estate")[:40]), Random(5)
        for message in messages.everything():
            for building in rng.sample(houses, 2):
                words, _door = messages.where(building, message.grain, rng)
                assert saying.shown(message, building, words) == product.shown(message.at(words))
