"""Open orders follow the ground: after every change their grid codes are found anew by house or position.

The change itself touches no order, so that it holds none of their locks; the worker follows within seconds, in small
transactions that pass over every order somebody has in hand and come back for it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.intake.models import Route
from sandan.orders.actions.renumbering import safely, settle_area
from sandan.orders.models import Duty, Order
from sandan.places import actions as places
from sandan.places import queries as ground
from sandan.places.actions.followers import Facts, Shift
from sandan.places.models import Building, PlaceChange

log = structlog.get_logger("sandan.orders")
BATCH = 200  # orders in one transaction: well under a tenth of a second
READ = 5000  # orders looked at in one go
GRACE = timedelta(seconds=30)  # other processes place by an old copy of the ground for some seconds
AREA = "area"
SCOPED = (Route, Duty)  # what stands by an area's code beside the orders themselves
FIELDS = ("grid", "exclusive", "micro")
Codes = tuple[str, str, str]


def concerned(codes: Collection[str], at: datetime) -> dict[str, list[str]]:  # noqa: ARG001 (as all followers)
    """How many open orders lie in each cell."""
    found: dict[str, list[str]] = {}
    for field in FIELDS:
        rows = Order.objects.open().filter(**{f"{field}__in": list(codes)}).values_list(field).annotate(n=Count("id"))
        for code, count in rows:
            found.setdefault(code, []).append(_("%(count)d 件没办完的单子") % {"count": count})
    return found


def follow(shift: Shift) -> Facts:
    """Nothing of orders in the change's own transaction; what has a scope of its own goes over, and the new codes are
    kept for the worker."""
    if shift.change.kind != AREA:
        return {}
    scopes = {old: new[0] for old, new in shift.mapping.items() if len(old) <= 12}
    for model in SCOPED:
        _rescope(model, scopes)
    return {"mapping": {old: list(new) for old, new in shift.mapping.items()}}


def _rescope(model: Any, scopes: dict[str, str]) -> None:
    """Give rows the new code of their area; of areas that became one the first keeps its rows, the others stay."""
    taken = set(model.objects.filter(scope__in=set(scopes.values())).values_list("scope", flat=True))
    for old, new in sorted(scopes.items()):
        if new not in taken and model.objects.filter(scope=old).update(scope=new):
            taken.add(new)


def objections(change: PlaceChange, facts: Facts) -> list[str]:  # noqa: ARG001 (the database knows: see Order.estate)
    """None: an order follows back as it came; an estate that has orders is kept by its foreign key."""
    return []


def unfollow(change: PlaceChange, facts: Facts, by: Any, at: datetime) -> None:
    """Nothing here: taking back is a change of its own, which the worker follows."""


@dataclass(frozen=True)
class _Spot:
    """What of an order says where it lies, and the cells it has."""

    pk: int
    community: str
    lon: float | None
    lat: float | None
    house: tuple[int | None, str]
    held: Codes


def settle(at: datetime) -> int:
    """Let open orders follow every change of the ground that is not settled; how many moved.

    What fails is logged and tried again with the next call, and the rest goes on: its county's changes stay unsettled.
    """
    changes = list(PlaceChange.objects.filter(settled_at__isnull=True).order_by("id"))
    by_county: dict[str, list[PlaceChange]] = {}
    for change in changes:
        for county in _counties(change):
            by_county.setdefault(county, []).append(change)
    moved, behind = 0, set[str]()
    for change in changes:
        if change.kind == AREA:
            went, is_whole = _tried(settle_area, change, change.followed.get(__name__, {}).get("mapping", {}), at)
            moved, behind = moved + went, behind | (set() if is_whole else _counties(change))
    for county, touching in sorted(by_county.items()):
        went, is_whole = _tried(_settle_county, touching[-1], county, touching, at)
        moved, behind = moved + went, behind | (set() if is_whole else {county})
    old = [change for change in changes if change.at < at - GRACE]
    places.settle(changes=[change for change in old if not _counties(change) & behind], at=at)
    return moved


def _counties(change: PlaceChange) -> set[str]:
    return {code[:6] for code in places.communities_of(change)}


def _tried(step: Callable[..., tuple[int, int]], change: PlaceChange, *rest: Any) -> tuple[int, bool]:
    """How many orders one step moved, and whether nothing is left behind."""
    try:
        moved, left = step(change, *rest)
    except Exception:
        log.exception("change of the ground not followed", change=change.pk, kind=change.kind)
        return 0, False
    return moved, left == 0


def _settle_county(change: PlaceChange, county: str, changes: Sequence[PlaceChange], at: datetime) -> tuple[int, int]:
    """How many orders moved, and how many were in somebody's hands."""
    communities = sorted({c for one in changes for c in places.communities_of(one) if c.startswith(county)})
    wrong = {pk: codes for spots in _spots(communities) for pk, codes in _wrong(spots, county)}
    keys, moved = sorted(wrong), 0
    for start in range(0, len(keys), BATCH):
        moved += safely(_move, {pk: wrong[pk] for pk in keys[start : start + BATCH]}, change, at)
    return moved, len(keys) - moved


def _spots(communities: Sequence[str]) -> Iterator[list[_Spot]]:
    rows = Order.objects.open().filter(community__in=communities).order_by("id")
    fields = ("id", "community_id", "lon", "lat", "estate_id", "building", *FIELDS)
    found: list[_Spot] = []
    for pk, community, lon, lat, estate, label, *held in rows.values_list(*fields).iterator(READ):
        found.append(_Spot(pk, community, lon, lat, (estate, label), (held[0], held[1], held[2])))
        if len(found) == READ:
            yield found
            found = []
    yield found


def _wrong(spots: Sequence[_Spot], county: str) -> Iterator[tuple[int, Codes]]:
    """The orders whose cells are not those of their house or position, with the right ones."""
    estates = {spot.house[0] for spot in spots if spot.house[0] and spot.house[1]}
    rows = (
        Building.objects.current().filter(estate__in=estates).values_list("estate_id", "label", "grid_id", "micro_id")
    )
    houses: dict[tuple[int | None, str], tuple[str | None, str | None]] = {
        (estate, label): (grid, micro) for estate, label, grid, micro in rows
    }
    found = ground.locate_all(((spot.lon or 0.0, spot.lat or 0.0) for spot in spots), county)
    for spot, lies in zip(spots, found, strict=True):
        if spot.lon is None and spot.house not in houses:
            continue
        grid, micro = houses.get(spot.house) or (lies and lies.grid, lies and lies.micro)
        wanted = tuple(code if (code or "").startswith(spot.community) else "" for code in (
            grid or "", (lies and lies.exclusive) or "", micro or ""
        ))  # fmt: skip
        if wanted != spot.held:
            yield spot.pk, wanted  # type: ignore[misc]


@transaction.atomic
def _move(wanted: dict[int, Codes], change: PlaceChange, at: datetime) -> int:
    """Write the new cells of those orders nobody has in hand; how many."""
    free = Order.objects.open().filter(pk__in=wanted).select_for_update(skip_locked=True, no_key=True).order_by("id")
    orders = list(free.only("id", "county", *FIELDS))
    for order in orders:
        order.grid, order.exclusive, order.micro = wanted[order.pk]
    Order.objects.bulk_update(orders, FIELDS)
    if orders:
        ids = [order.pk for order in orders]
        journal.write(change, "orders_follow", by="clock", at=at, scope=orders[0].county, orders=ids)
    return len(orders)
