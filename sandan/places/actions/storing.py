"""Rows of the ground written in bulk, and kept as they were for the way back."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from sandan.places.actions.ground import OUTLINE_FIELDS
from sandan.places.models import Building, Estate, Place

BATCH = 2000
UPPER_FIELDS = (*OUTLINE_FIELDS, "name", "name_key", "origin", "households")  # what an import changes above the grids
CELL_FIELDS = (*UPPER_FIELDS, "kind", "parent", "sort", "valid_from", "valid_to")
ESTATE_FIELDS = ("aliases", "building_word", "lon", "lat", "origin", "valid_to")
BUILDING_FIELDS = ("unit_count", "floors", "households", "lon", "lat", "grid", "micro", "valid_to")
Row = dict[str, Any]
Kind = TypeVar("Kind", bound=models.Model)


def upsert(model: type[Kind], rows: Sequence[Kind], fields: Sequence[str]) -> None:
    """Make or change rows whose keys are known, a few statements for thousands; other fields stay as they are."""
    key = model._meta.pk.name if model._meta.pk else "id"
    for start in range(0, len(rows), BATCH):
        model._default_manager.bulk_create(
            rows[start : start + BATCH], update_conflicts=True, unique_fields=[key], update_fields=list(fields)
        )


def places_of(communities: Iterable[str], county: str) -> models.QuerySet[Place]:
    """All places of some communities, ended ones too, with their streets and the county."""
    codes = sorted(set(communities))
    upper = [county, *{code[:9] for code in codes}]
    rows = Place.objects.within(county).alias(community_code=Left("code", 12))
    return rows.filter(Q(community_code__in=codes) | Q(code__in=upper))


def snapshot(communities: Iterable[str], county: str) -> bytes:
    """Every row of some communities as it is, packed."""
    codes = sorted(communities)
    rows = {
        "places": list(places_of(codes, county).order_by("code").values()),
        "estates": list(Estate.objects.filter(community__in=codes).order_by("id").values()),
        "buildings": list(Building.objects.filter(estate__community__in=codes).order_by("id").values()),
        "communities": codes,
    }
    return gzip.compress(json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False).encode(), 6, mtime=0)


def unpack(before: bytes) -> Mapping[str, list[Row]]:
    """The rows of a snapshot by table, and the communities it is of."""
    rows: Mapping[str, list[Row]] = json.loads(gzip.decompress(before))
    return rows
