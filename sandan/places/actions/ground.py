"""What all changes of the ground share: making rows, telling every process."""

import secrets

from django.db import transaction

from sandan.calc import ground
from sandan.calc.ground import Json
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


def touch(county: str) -> None:
    """Give the county a new version, so that every process renews its copy; this one does so at once."""
    Place.objects.filter(code=county).update(version=secrets.randbits(62))
    queries.forget(county)
    transaction.on_commit(lambda: queries.forget(county))
