"""The passes of a desk's communities."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from sandan.orders.limits import ORDERS, TYPE_WITHIN
from sandan.orders.models import Pass
from sandan.places.models import Place

MINUTES = int(TYPE_WITHIN.total_seconds() // 60)
SHOWN = 50


def most_an_hour() -> int:
    """How many orders one device may send in an hour, as the office has set it."""
    return ORDERS.most * settings.LIMIT_FACTOR


def over(codes: Sequence[str], field: str = "community__code") -> Q:
    """The rows whose community lies in one of these areas; none for no area."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(**{f"{field}__startswith": code[:12]})
    return condition


def communities(codes: Sequence[str]) -> QuerySet[Place]:
    """The communities a desk may give passes for, in the order of their codes."""
    rows = Place.objects.filter(over(codes, "code"), kind=Place.Kind.COMMUNITY, valid_to=None)
    return rows.defer("outline").order_by("code")


def in_force(codes: Sequence[str], at: datetime) -> list[Pass]:
    """Passes that a device uses or may still type, the newest first."""
    rows = Pass.objects.filter(over(codes), until__gt=at, ended_at=None)
    alive = rows.filter(Q(device__isnull=False) | Q(type_by__gt=at))
    return list(alive.select_related("community", "by").defer("community__outline").order_by("-at", "-pk")[:SHOWN])
