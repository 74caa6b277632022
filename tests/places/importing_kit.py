"""What the tests of importing share."""

from datetime import timedelta
from typing import Any

from sandan.calc.ground import Datum
from sandan.people.models import Person, Post
from sandan.places import actions
from sandan.places.models import Building, Estate, GroundImport, Place
from tests.factories.places import AT, COUNTY, County

LATER = AT + timedelta(days=30)
TOWN = f"{COUNTY}001001"


def dump() -> dict[str, Any]:
    """Every row of the ground; a county's version is new after every change and says nothing."""
    places = [row | {"version": 0} for row in Place.objects.order_by("code").values()]
    others = {model: list(model.objects.order_by("id").values()) for model in (Estate, Building)}
    people_rows = list(Person.objects.order_by("id").values("id", "home", "lon", "lat"))
    return {"places": places, "posts": list(Post.objects.order_by("id").values()), "people": people_rows, **others}  # type: ignore[dict-item]


def received(county: County, data: bytes, **options: Any) -> GroundImport:
    county.county.refresh_from_db()
    return actions.receive(
        county=county.county, name="网格.xlsx", data=data, by="system", at=LATER, datum=Datum.WGS84, **options
    )


def applied(county: County, data: bytes, **options: Any) -> GroundImport:
    return actions.apply(draft=received(county, data, **options), by="system", at=LATER)
