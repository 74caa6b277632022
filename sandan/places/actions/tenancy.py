"""Switching the taking of orders on and off, by community or for a whole street or county."""

from datetime import datetime
from typing import Any

from django.db import transaction

from sandan.core import journal
from sandan.places.models import Place


@transaction.atomic
def switch_on(*, place: Place, by: Any, at: datetime) -> int:
    """Let a community, or all communities of a street or county, take orders; how many were changed."""
    return _switch(place, True, by, at)


@transaction.atomic
def switch_off(*, place: Place, by: Any, at: datetime) -> int:
    """Stop a community, or all communities of a street or county, from taking new orders; how many were changed."""
    return _switch(place, False, by, at)


def _switch(place: Place, on: bool, by: Any, at: datetime) -> int:
    changed = list(
        Place.objects.select_for_update()
        .within(place.code)
        .filter(kind=Place.Kind.COMMUNITY)
        .exclude(takes_orders=on)
        .order_by("code")
    )
    for community in changed:
        community.takes_orders = on
        journal.write(community, "switch_on" if on else "switch_off", by=by, at=at, scope=community.code)
    Place.objects.bulk_update(changed, ["takes_orders"])
    return len(changed)
