"""Words for a place become ground: a community with its grids, estate, building and door."""

from django import forms
from django.utils.translation import gettext as _

from sandan.orders.actions import Ground
from sandan.places import queries as places
from sandan.places.models import Estate, Place

SURE = 0.6


def ground_of(text: str, county: str, community: Place | None) -> Ground:
    """The ground that the words mean; raises ValidationError with the names that come near."""
    found = places.resolve(text, county, community.code if community else None)
    if not found or found[0].confidence < SURE:
        raise forms.ValidationError(_unknown(text, county))
    best = found[0]
    located = places.locate(best.lon, best.lat, county)
    own = located if located and located.community == best.community_code else None
    door = " ".join(part for part in (best.unit and _("%s单元") % best.unit, best.room) if part)
    return Ground(
        community=_community(best.community_code, community), grid=best.grid_code or (own and own.grid) or "",
        exclusive=(own and own.exclusive) or "", micro=best.micro_code or (own and own.micro) or "",
        estate=Estate.objects.get(pk=best.estate_id) if best.estate_id else None, building=best.building or "",
        door=door, spot="" if best.estate_id else best.estate_name, lon=best.lon, lat=best.lat,
        confidence=best.confidence,
    )  # fmt: skip


def _community(code: str, known: Place | None) -> Place:
    return known if known and known.code == code else Place.objects.get(code=code)


def _unknown(text: str, county: str) -> str:
    near = places.suggest(text[:2], county, 3) if len(text) >= 2 else []
    if near:
        names = "、".join(estate.name for estate in near)
        return _("没认出这个地方。是不是：%(names)s？再写上楼号。") % {"names": names}
    return _("没认出这个地方。写小区名和楼号，比如「桐花苑 3号楼」。")
