"""突发: paging who is on duty in turn until one answers; then the others are told to stand down."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.notices.actions import tell
from sandan.orders import access
from sandan.orders.access import Actor
from sandan.orders.actions import beats
from sandan.orders.models import Order, Page, Paging
from sandan.orders.models.order import Urgency
from sandan.orders.queries import duty
from sandan.orders.workflow import HELD, STANDING, S
from sandan.people.models import Person, Post
from sandan.people.queries import holders

log = logging.getLogger(__name__)
PAGE_MINUTES = 2  # how long one who was paged has before the next is paged as well
# Somebody comes, or a person has looked and waits for something: nobody needs to be woken any more.
SEEN_TO = HELD | STANDING | {S.SERVED, S.REVIEWED}


class Answered(Refused):
    """Somebody else has answered, or nobody needs to be found any more."""


def begin(order: Order, at: datetime, by: Actor = "clock") -> None:
    """Look for somebody from this moment on: the worker pages the first within seconds. In the caller's transaction."""
    if order.urgency != Urgency.BURST or Paging.objects.filter(order=order, ended_at=None).exists():
        return
    paging = Paging.objects.create(order=order, at=at, next_at=at)
    if isinstance(by, Person) and duty.is_on_duty(order, by, at):
        _end(paging, at, by)
        journal.write(order, "respond", by=by, at=at, scope=order.community_id)


def page_due(*, at: datetime, most: int = 200) -> int:
    """Page whoever is next in every search that is due, each in its own short transaction; returns how many."""
    done = 0
    while done < most and _one(at):
        done += 1
    return done


@transaction.atomic
def _one(at: datetime) -> bool:
    due = Paging.objects.select_for_update(skip_locked=True).filter(ended_at=None, next_at__lte=at)
    paging = due.order_by("next_at", "pk").first()
    if paging is None:
        return False
    try:
        with transaction.atomic():
            _turn(paging, at)
    except Exception:  # one search that cannot go on must not silence the others
        log.exception("paging %s failed", paging.pk)
        Paging.objects.filter(pk=paging.pk).update(next_at=at + timedelta(minutes=PAGE_MINUTES))
    return True


def _turn(paging: Paging, at: datetime) -> None:
    """One turn of a locked search: over, or the next one is paged. The order itself is only read, never locked."""
    order = Order.objects.select_related("owner").get(pk=paging.order_id)
    if not order.is_open or order.urgency != Urgency.BURST or order.state in SEEN_TO:
        _stand_down(paging, order, at)
        return
    paging.pages.filter(state="sent").update(state="missed")
    turn = _next(paging, order, at)
    if turn is None:
        _alarm(paging, order, at)
        paging.round += 1
        turn = _next(paging, order, at)
    if turn:
        _page(paging, order, turn, at)
    paging.next_at = at + timedelta(minutes=PAGE_MINUTES)
    paging.save(update_fields=["round", "next_at", "alarmed_at"])


def _next(paging: Paging, order: Order, at: datetime) -> duty.Turn | None:
    """The first turn with somebody not yet paged in this round; the list is read anew, so a hand-over counts."""
    paged = set(paging.pages.filter(round=paging.round).values_list("person_id", flat=True))
    for turn in duty.turns(order, at):
        fresh = tuple({p.pk: p for p in turn.persons if p.pk not in paged}.values())
        if fresh:
            return duty.Turn(turn.scope, turn.rank, fresh)
    return None


def _page(paging: Paging, order: Order, turn: duty.Turn, at: datetime) -> None:
    Page.objects.bulk_create(
        Page(paging=paging, person=person, round=paging.round, scope=turn.scope, rank=turn.rank, at=at)
        for person in turn.persons
    )
    kind = "page" if paging.round == 1 else "page_again"
    tell(order, kind, persons=turn.persons, at=at, number=order.full_number)
    journal.write(
        order, "page", by="clock", at=at, scope=order.community_id, persons=[p.pk for p in turn.persons],
        round=paging.round, area=turn.scope,
    )  # fmt: skip


def _alarm(paging: Paging, order: Order, at: datetime) -> None:
    """Everybody was paged and nobody answered: the district's desk hears it, after every round anew."""
    paging.alarmed_at = paging.alarmed_at or at
    district = holders("district", order.county, at)
    tell(order, "unheard", persons=district, at=at, number=order.full_number)
    journal.write(order, "unheard", by="clock", at=at, scope=order.community_id, round=paging.round)


def _stand_down(paging: Paging, order: Order, at: datetime, by: Person | None = None) -> None:
    """The search ends; who was paged and has not passed it on hears that he may rest."""
    waiting = paging.pages.filter(state__in=("sent", "missed")).select_related("person")
    persons = {page.person_id: page.person for page in waiting if by is None or page.person_id != by.pk}
    _end(paging, at, by)
    paging.pages.filter(state__in=("sent", "missed")).update(state="stood")
    tell(order, "stand_down", persons=persons.values(), at=at, number=order.full_number)
    if by is None:
        journal.write(order, "stand_down", by="clock", at=at, scope=order.community_id)


def _end(paging: Paging, at: datetime, by: Person | None) -> None:
    paging.ended_at, paging.next_at, paging.answered_by = max(at, paging.at), None, by
    paging.save(update_fields=["ended_at", "next_at", "answered_by"])


@transaction.atomic
def respond(*, order: Order, by: Person, at: datetime) -> Order:
    """我来处理: exactly one answers; with a desk there he answers for the order as well. Others hear who has it."""
    order = beats.lock(order.pk)
    paging = _searched(order)
    if not access.roles_of(order, by, at) & {"paged", "desk", "upper"}:
        raise NotAllowed(_("没有叫到您。请看您自己的单子。"))
    mine = paging.pages.filter(person=by, state__in=("sent", "missed")).order_by("-pk").first()
    if mine:
        Page.objects.filter(pk=mine.pk).update(state="answered", answered_at=at)
    _stand_down(paging, order, at, by)
    journal.write(order, "respond", by=by, at=at, scope=order.community_id)
    if _has_desk(order, by, at, mine):
        order.owner, order.touched_at = by, max(at, order.touched_at)  # who waits for the lock comes after it
        order.save(update_fields=["owner", "touched_at"])
        beats.hand_over(order, "respond", order.touched_at)
    return order


def _searched(order: Order) -> Paging:
    paging = Paging.objects.select_for_update().filter(order=order, ended_at=None).first()
    if paging is None:
        last = Paging.objects.filter(order=order, answered_by__isnull=False).select_related("answered_by").last()
        if last and last.answered_by:
            raise Answered(_("晚了一步，%(name)s已经在处理。") % {"name": last.answered_by.name})
        raise Answered(_("这张单不用再叫人了。请看最新的情况。"))
    return paging


def _has_desk(order: Order, person: Person, at: datetime, page: Page | None) -> bool:
    """A desk over the ground, or of the joint duty through which he was paged."""
    posts = Post.objects.held(at).filter(person=person, role__in=access.DESKS).values_list("scope", flat=True)
    return any(
        order.community_id.startswith(scope) or (page is not None and scope.startswith(page.scope)) for scope in posts
    )


@transaction.atomic
def hand_on(*, order: Order, by: Person, at: datetime) -> Order:
    """转下一位: the next one is paged at once, without waiting for the minutes."""
    paging = _searched(order)
    mine = paging.pages.filter(person=by, state__in=("sent", "missed")).order_by("-pk").first()
    if mine is None:
        raise NotAllowed(_("没有叫到您，或者您已经转给下一位了。"))
    Page.objects.filter(pk=mine.pk).update(state="passed", answered_at=at)
    journal.write(order, "hand_on", by=by, at=at, scope=order.community_id)
    _turn(paging, at)
    return order


def seen(order: Order, by: Person, at: datetime) -> None:
    """The desk judges while somebody is searched: that is an answer as good as any."""
    paging = Paging.objects.select_for_update().filter(order=order, ended_at=None).first()
    if paging:
        mine = paging.pages.filter(person=by, state__in=("sent", "missed")).order_by("-pk").first()
        if mine:
            Page.objects.filter(pk=mine.pk).update(state="answered", answered_at=at)
        _stand_down(paging, order, at, by)
        journal.write(order, "respond", by=by, at=at, scope=order.community_id)
