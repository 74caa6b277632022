"""What all changes of the ground share: making rows, telling every process."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.calc import ground
from sandan.calc.ground import Json
from sandan.core.errors import Refused
from sandan.core.names import sort_key
from sandan.places import queries
from sandan.places.models import Place

OUTLINE_FIELDS = ("outline", "west", "south", "east", "north", "lon", "lat")


def place_row(code: str, kind: str, name: str, outline: Json | None, **values: object) -> Place:
    """An unsaved place with everything that follows from its outline."""
    place = Place(code=code, kind=kind, name=name, name_key=sort_key(name, 200), parent_id=parent_code(code))
    for field, value in values.items():
        setattr(place, field, value)
    set_outline(place, outline)
    return place


def set_outline(place: Place, outline: Json | None) -> None:
    """Give a place an outline with its bounding box and inner point."""
    place.outline = outline
    if outline is not None:
        place.west, place.south, place.east, place.north = ground.bounds(outline)
        place.lon, place.lat = ground.inner_point(outline)


def parent_code(code: str) -> str | None:
    """The code one level up: 17, 15, 12, 9, 6 digits; None above a county."""
    return {17: code[:15], 15: code[:12], 12: code[:9], 9: code[:6]}.get(len(code))


class Busy(Refused):
    """Somebody else changes this county's ground at this moment."""


def hold(county: str) -> Place:
    """The county, kept from all other changes of its ground until the end of the transaction; Busy while it is.

    Nobody waits: orders placed meanwhile need no such lock.
    """
    row = Place.objects.select_for_update(skip_locked=True, no_key=True).filter(code=county).first()
    if row is None:
        raise Busy(_("有人正在改这个区的网格。请过一分钟再试。"))
    return row


def touch(county: str) -> None:
    """Give the county a new version, so that every process renews its copy; this one does so at once."""
    Place.objects.filter(code=county).update(version=secrets.randbits(62))
    queries.forget(county)
    transaction.on_commit(lambda: queries.forget(county))
