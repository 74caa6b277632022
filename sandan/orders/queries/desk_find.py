"""Finding an order at the desk: by number, by phone, by words, by estate; never beyond one's own area."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sandan.calc.masking import terms
from sandan.core.sealed import digest
from sandan.orders.models import Order, OrderQuerySet
from sandan.orders.queries.desk_inbox import area
from sandan.orders.queries.rows import HIDDEN, Row, board_rows
from sandan.people.models import Post, Role
from sandan.places import queries as places

MOST = 50
SURE = 0.6
ALOUD = re.compile(r"(\d{2})(\d{2})-?(\d{3,})")


@dataclass(frozen=True)
class Found:
    """What was looked for (number, phone, words) and the rows; `is_more` says that there are more than shown."""

    by: str
    rows: list[Row]
    is_more: bool


def within(posts: Iterable[Post]) -> OrderQuerySet:
    """All orders of the areas of these posts, whatever their state; a unit's clerk has those of the unit alone."""
    wanted = Q(pk__in=())
    for post in posts:
        wanted |= Q(charge=post.unit_id or 0) if post.role == Role.UNIT_CLERK else area(post.scope)
    return Order.objects.filter(wanted)


def find(q: str, posts: Sequence[Post], at: datetime) -> Found:
    """The newest fifty that fit; a phone number finds only by its exact digest, words only in masked text."""
    by, wanted = _reading(q.strip(), posts)
    if wanted is None:
        return Found(by, [], False)
    orders = within(posts).filter(wanted).order_by("-placed_at", "-pk")
    rows = board_rows(orders[: MOST + 1], at)
    return Found(by, rows[:MOST], len(rows) > MOST)


def _reading(q: str, posts: Sequence[Post]) -> tuple[str, Q | None]:
    plain = re.sub(r"\s", "", q)
    if re.fullmatch(r"1\d{10}|0\d{9,11}", plain):
        return "phone", Q(askers__phone_digest=digest(plain, "phone"))
    aloud = ALOUD.fullmatch(plain)
    if aloud:
        month, day, serial = (int(part) for part in aloud.groups())
        return "number", Q(on__month=month, on__day=day, serial=serial)
    return "words", _said(q, posts)


def _said(q: str, posts: Sequence[Post]) -> Q | None:
    """Masked words with all pairs of characters, or the place that the words name; sensitive kinds are left out."""
    wanted = list(terms(q))
    if not wanted:
        return None
    return (Q(terms__contains=wanted) | _place(q, posts)) & ~Q(privacy__in=sorted(HIDDEN))


def _place(q: str, posts: Sequence[Post]) -> Q:
    """Estate and building, as the gazetteer understands the words; nothing where it does not."""
    county = posts[0].scope[:6] if posts else ""
    found = next(iter(places.resolve(q, county)), None) if len(county) == 6 else None
    if found is None or found.estate_id is None or found.confidence < SURE:
        return Q(pk__in=())
    return Q(estate_id=found.estate_id) & (Q(building=found.building) if found.building else Q())
