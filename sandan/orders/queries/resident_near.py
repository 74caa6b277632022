"""Open orders near by that sound alike, as a neighbour may see them: masked words, the building at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from django.core.signing import Signer
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from sandan.calc.masking import masked, terms
from sandan.intake.models import Category
from sandan.orders.models import Order
from sandan.orders.queries.resident_writing import Where

NEAR_METRES = 200
DEGREE_METRES = 111_320
DAYS = 14
LOOKED_AT, SHOWN = 60, 3
LEAST_ALIKE = 0.12
SHOWABLE = (Category.Privacy.PUBLIC, Category.Privacy.INSIDE)
LONGEST = 80


@dataclass(frozen=True)
class Neighbour:
    """One order that somebody near by placed: nothing here says who, or behind which door."""

    number: str
    short: str
    text: str
    place: str
    others: int
    placed_at: datetime

    @property
    def ticket(self) -> str:
        """What the address of the page carries that joins it: numbers can be guessed, this cannot."""
        return ticket_of(self.number)


def ticket_of(number: str) -> str:
    """The signature under a full number that was shown to somebody who writes of the same thing."""
    return Signer(salt="orders.join").signature(number)


def was_shown(number: str, ticket: str) -> bool:
    """Whether this number was shown to a neighbour with that ticket."""
    return constant_time_compare(ticket, ticket_of(number))


def showable(order: Order) -> bool:
    """Whether neighbours may see and join it: judged, open and of no sensitive kind."""
    return order.is_open and order.category is not None and {order.privacy, order.category.privacy} <= set(SHOWABLE)


def similar(text: str, where: Where, at: datetime) -> list[Neighbour]:
    """At most three, the most alike first; one statement."""
    wanted = set(terms(masked(text, "public")))
    if not wanted:
        return []
    # only what a person has judged: an order nobody has read may hold anything
    rows = Order.objects.open().filter(
        _around(where), category__privacy__in=SHOWABLE, privacy__in=SHOWABLE, placed_at__gt=at - timedelta(days=DAYS),
        into__isnull=True, terms__overlap=sorted(wanted)[:200],
    )  # fmt: skip
    found = list(rows.select_related("estate", "category").defer("door").order_by("-placed_at")[:LOOKED_AT])
    scored = [(_likeness(wanted, set(order.terms)), order) for order in found]
    ranked = sorted((pair for pair in scored if pair[0] >= LEAST_ALIKE), key=lambda pair: -pair[0])
    return [neighbour(order) for _, order in ranked[:SHOWN]]


def neighbour(order: Order) -> Neighbour:
    """What a neighbour sees of an order; its words are masked once more, for the public."""
    words = masked(order.masked, "public")
    text = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    return Neighbour(order.full_number, order.number, text, place_of(order), order.asker_count, order.placed_at)


def place_of(order: Order) -> str:
    """Estate and building, never the door."""
    if order.estate is None:
        return ""
    word = order.estate.building_word if order.building and order.building.isalnum() else ""
    return f"{order.estate.name}{' ' if order.building else ''}{order.building}{word}"


def _around(where: Where) -> Q:
    same = Q(community_id=where.community)
    near = Q(estate_id=where.estate) if where.estate else Q(pk__in=[])
    if where.lon is not None and where.lat is not None:
        high = NEAR_METRES / DEGREE_METRES
        wide = high / cos(radians(where.lat))
        near |= Q(lon__range=(where.lon - wide, where.lon + wide), lat__range=(where.lat - high, where.lat + high))
    return same & near


def _likeness(wanted: set[str], terms_of: set[str]) -> float:
    """Shared terms over those of the shorter text: a short report of a long one is still the same."""
    shared = len(wanted & terms_of)
    return shared / max(1, min(len(wanted), len(terms_of))) if shared >= 2 or wanted == terms_of else 0.0
