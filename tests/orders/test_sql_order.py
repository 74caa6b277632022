"""The statements written by hand around one order, held row by row against the plain ORM."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from sandan.core.models import Entry, Look
from sandan.orders import actions
from sandan.orders.actions import beats, joining, looking
from sandan.orders.models import Custody, Draft, Order
from sandan.orders.queries import sql_order, sql_sheet
from sandan.orders.workflow import MOVES, S
from tests.factories.orders import an_order
from tests.factories.people import Cast

WHOLE = ("community", "category", "guess", "estate", "owner", "holder", "team", "unit", "served_by", "closed_by")


@pytest.fixture
def order(cast: Cast) -> Order:
    """An order that has seen much: placed, judged, offered, taken, paused."""
    order = an_order(cast, S.UNDERWAY, at=timezone.now())
    until = timezone.now() + timedelta(days=3)
    return actions.pause(order=order, reason="parts", until=until, text="等配件", by=cast.dispatcher, at=timezone.now())


def columns(row: Any) -> dict[str, Any]:
    return {field.attname: str(getattr(row, field.attname)) for field in row._meta.concrete_fields}


class TestNumbered:
    def test_reads_what_the_orm_reads(self, order: Order, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            found = sql_order.numbered(order.community_id, order.on, order.serial)
            assert found is not None
            around = {name: getattr(found, name) for name in WHOLE}
        plain = Order.objects.select_related(*WHOLE).get(pk=order.pk)
        assert columns(found) == columns(plain)
        assert around == {name: getattr(plain, name) for name in WHOLE}
        assert found.holder is not None
        assert plain.holder is not None
        assert (found.holder.name, found.community.name) == (plain.holder.name, plain.community.name)

    def test_finds_nothing_under_another_number(self, order: Order) -> None:
        assert sql_order.numbered(order.community_id, order.on, order.serial + 1) is None


class TestLocked:
    def test_reads_the_order_and_its_open_line_of_custody(self, order: Order) -> None:
        found, hand = sql_order.locked(order.pk)
        assert columns(found) == columns(Order.objects.get(pk=order.pk))
        assert hand == Custody.objects.get(order=order, to_at=None)
        assert hand is not None
        assert hand.person == order.holder

    def test_raises_for_an_order_that_is_not_there(self, db: None) -> None:
        with pytest.raises(Order.DoesNotExist):
            sql_order.locked(-1)


class TestDraft:
    def test_is_read_while_its_day_lasts(self, db: None) -> None:
        now = timezone.now()
        kept = Draft.objects.create(key=uuid4(), content="厨房漏水", at=now)
        found = sql_order.draft(kept.key, now - timedelta(days=1), is_locked=True)
        assert found is not None
        assert (found.key, found.at, found.content.open_unlogged()) == (kept.key, now, "厨房漏水")
        assert sql_order.draft(kept.key, now) is None


class TestStory:
    def test_has_the_lines_and_all_they_name(self, order: Order) -> None:
        story = sql_sheet.story(order.pk)
        plain = Entry.objects.filter(subject="orders.order", subject_id=order.pk).order_by("id")
        assert [(e.id, e.at, e.verb, e.actor, e.actor_id, e.facts) for e in story.entries] == list(
            plain.values_list("id", "at", "verb", "actor", "actor_id", "facts")
        )
        assert {w.id: (w.masked, w.audience) for w in story.words} == {
            w.pk: (w.masked, w.audience) for w in order.words.all()
        }
        assert [(p.id, p.stage, p.at) for p in story.photos] == list(
            order.photos.order_by("pk").values_list("pk", "stage", "at")
        )
        offers = order.offers.order_by("batch", "rank").values_list("batch", "person__name")
        assert [(o.batch, o.name) for o in story.offers] == list(offers)


class TestSheet:
    def test_has_what_the_orm_finds(self, order: Order, cast: Cast) -> None:
        looking.at_sealed(order=order, what="contact", by=cast.dispatcher, why="desk", at=timezone.now())
        sheet = sql_sheet.sheet(order.pk)
        custody = order.custody.order_by("from_at", "pk").values_list(
            "person_id", "person__name", "role", "from_at", "to_at"
        )
        assert [(c.person_id, c.name, c.role, c.from_at, c.to_at) for c in sheet.custody] == list(custody)
        pauses = order.pauses.values_list("kind", "reason", "by__name", "from_at", "until_at", "to_at")
        assert [(p.kind, p.reason, p.who, p.from_at, p.until_at, p.to_at) for p in sheet.pauses] == list(pauses)
        assert [(a.pk, a.is_first, a.phone_tail, a.may_call) for a in sheet.askers] == list(
            order.askers.order_by("-is_first", "pk").values_list("pk", "is_first", "phone_tail", "may_call")
        )
        assert {one.stage for one in sheet.stages} == set(order.photos.values_list("stage", flat=True))

    def test_names_who_looked_at_askers_and_words_too(self, order: Order, cast: Cast) -> None:
        for what in ("contact", "words"):
            looking.at_sealed(order=order, what=what, by=cast.dispatcher, why="desk", at=timezone.now())
        looks = sql_sheet.sheet(order.pk).looks
        assert looks
        assert len(looks) == Look.objects.count()
        assert {look.name for look in looks} == {cast.dispatcher.name}
        assert all(isinstance(look.at, datetime) for look in looks)

    def test_names_the_orders_below(self, order: Order, cast: Cast) -> None:
        child = joining.copy_of(order, "另一半", timezone.now(), verb="split_off")
        assert [one.id for one in sql_sheet.sheet(order.pk).below] == [child.pk]


class TestSettle:
    def test_writes_only_what_changed(self, order: Order, cast: Cast) -> None:
        """A column that another writer changed meanwhile, and the move did not, stays as that writer left it."""
        locked = beats.lock(order.pk)
        Order.objects.filter(pk=order.pk).update(asker_count=7)
        move = next(move for move in MOVES.moves if move.verb == "resume")
        beats.settle(locked, move, by=cast.dispatcher, at=timezone.now())
        fresh = Order.objects.get(pk=order.pk)
        assert (fresh.state, fresh.asker_count) == (S.UNDERWAY, 7)
        assert fresh.stopped_at is None
