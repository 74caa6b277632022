"""A change of the ground is settled when those who follow it at their own pace have come after."""

from collections.abc import Sequence
from datetime import datetime

from sandan.places.models import PlaceChange


def communities_of(change: PlaceChange) -> set[str]:
    """The communities that a change touched."""
    return {*change.communities, *(code[:12] for code in (*change.old_codes, *change.new_codes) if len(code) >= 12)}


def settle(*, changes: Sequence[PlaceChange], at: datetime) -> int:
    """Note that nothing is left behind by these changes; how many were noted."""
    return PlaceChange.objects.filter(pk__in=[change.pk for change in changes], settled_at=None).update(settled_at=at)
