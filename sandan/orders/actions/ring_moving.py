"""Known callers follow the ground: whoever takes over a grid's calls knows those who agreed to be known there."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sandan.core.sealed import Sealed
from sandan.orders.models import Ring
from sandan.orders.queries import whistle_phone as queries
from sandan.places.actions.followers import Facts, Shift
from sandan.places.models import PlaceChange


def concerned(codes: Collection[str], at: datetime) -> dict[str, list[str]]:  # noqa: ARG001 (as all followers)
    """Nothing to decide: calls simply go along."""
    return {}


def follow(shift: Shift) -> Facts:
    """Calls go from each code to the main one in its place; what has none stays where it was."""
    codes = {old: new[0] for old, new in shift.mapping.items() if new}
    rings = list(Ring.objects.filter(scope__in=codes).select_for_update(no_key=True).order_by("pk"))
    before = {str(ring.pk): ring.scope for ring in rings}
    _rescope(rings, {ring.pk: codes[ring.scope] for ring in rings})
    return {"scopes": before}


def _rescope(rings: list[Ring], scopes: Mapping[int, str]) -> None:
    """The digest of the last four digits holds within one scope, so that it is made anew from the number."""
    for ring in rings:
        ring.scope = scopes[ring.pk]
        if isinstance(ring.number, Sealed):
            number = ring.number.open_unlogged()
            ring.tail_digest = queries.tail_digest(ring.scope, number[-queries.TAIL :])
    Ring.objects.bulk_update(rings, ["scope", "tail_digest"], batch_size=500)


def objections(change: PlaceChange, facts: Facts) -> list[str]:  # noqa: ARG001 (as all followers)
    """None: calls can always go back."""
    return []


def unfollow(change: PlaceChange, facts: Facts, by: Any, at: datetime) -> None:  # noqa: ARG001 (as all followers)
    """Back to where they were; calls taken since stay with the ground they were taken on."""
    before = {int(pk): scope for pk, scope in facts.get("scopes", {}).items()}
    rings = list(Ring.objects.filter(pk__in=before).select_for_update(no_key=True).order_by("pk"))
    _rescope(rings, before)
