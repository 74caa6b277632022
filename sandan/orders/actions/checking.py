"""Field checks: a sample drawn by lot among done and undone orders, and what was seen on the spot."""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import SystemRandom

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.orders.actions import saying, serving
from sandan.orders.models import Check, Order, OrderQuerySet
from sandan.orders.workflow import S
from sandan.people.models import Person

LATELY = timedelta(days=30)
MOST = 20
RESULTS = ("good", "poor", "unseen")
UNDONE = (S.JUDGED, S.TAKEN, S.UNDERWAY, S.SERVED, S.PAUSED, S.LEDGERED, S.REOPENED)


class NothingToCheck(Refused):
    """No order is left that could be drawn."""


@transaction.atomic
def draw(*, among: OrderQuerySet, count: int, by: Person, at: datetime) -> list[Check]:
    """Draw up to `count` orders by lot, done and undone in equal parts, for `by` to visit; none that `by` served.

    What another desk draws at the same moment is left to it.
    """
    if not 1 <= count <= MOST:
        raise Refused(_("一次抽 1 到 %(most)s 件。") % {"most": MOST})
    untouched = among.exclude(served_by=by).exclude(helped_by__contains=[by.pk])
    free = untouched.exclude(checks__done_at__isnull=True, checks__isnull=False)
    done = _lot(free.filter(state=S.CLOSED, ended_at__gte=at - LATELY), (count + 1) // 2)
    undone = _lot(free.filter(state__in=UNDONE), count - len(done))
    drawn = Check.objects.bulk_create(Check(order=order, person=by, drawn_at=at) for order in (*done, *undone))
    if not drawn:
        raise NothingToCheck(_("眼下没有可抽的单子：近 30 天办结的和正在办的都走过了。"))
    for check in drawn:
        journal.write(check.order, "draw", by=by, at=at, scope=check.order.community_id, check=check.pk)
    return drawn


def _lot(orders: OrderQuerySet, count: int) -> list[Order]:
    """So many of the orders by lot, locked until the end and with no visit open; fewer when others hold the rest."""
    lot = list(orders.values_list("pk", flat=True))
    SystemRandom().shuffle(lot)
    drawn: list[Order] = []
    while lot and len(drawn) < count:
        some, lot = lot[: count - len(drawn)], lot[count - len(drawn) :]
        held = Order.objects.filter(pk__in=some).select_for_update(skip_locked=True, no_key=True)
        free = {order.pk: order for order in held}
        # Asked after the lock: whoever had it before may have drawn this order in the meantime.
        visited = set(Check.objects.filter(order__in=free, done_at=None).values_list("order_id", flat=True))
        drawn += [order for pk, order in free.items() if pk not in visited]
    return sorted(drawn, key=lambda order: order.pk)


@transaction.atomic
def record(
    *, check: Check, result: str, text: str, pictures: Collection[bytes], by: Person, at: datetime
) -> Check:  # fmt: skip
    """What was seen, with pictures of things; a bad finding needs words. Only who drew it may say it, and once."""
    check = Check.objects.select_for_update(of=("self",)).select_related("order").get(pk=check.pk)
    if check.person_id != by.pk or check.done_at:
        raise NotAllowed(_("这次走访不归您记，或已经记过了。"))
    if result == "poor" and not text.strip():
        raise Refused(_("没办好在哪里？写一句，好让人接着办。"))
    for content in pictures:
        serving.add_photo(target=check.order, stage="check", content=content, by=by, at=at)
    check.words = saying.say(check.order, "call", text, "inside", by=by, at=at) if text.strip() else None
    check.result, check.done_at = result, at
    check.save(update_fields=["words", "result", "done_at"])
    journal.write(
        check.order, "check", by=by, at=at, scope=check.order.community_id, check=check.pk, result=result,
        words=check.words_id,
    )  # fmt: skip
    return check


def open_of(person: Person) -> QuerySet[Check]:
    """The visits that somebody still owes, oldest first."""
    return Check.objects.filter(person=person, done_at=None).select_related("order").order_by("drawn_at", "pk")
