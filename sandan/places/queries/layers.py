"""Layers of the map as ready bytes: built once a version of the ground, packed, with a tag for the browser's cache."""

import gzip
import hashlib
import json
from dataclasses import dataclass

from sandan.places.queries import copies
from sandan.places.queries.lists import outlines


@dataclass(frozen=True)
class Layer:
    """A GeoJSON collection, gzipped, and its entity tag."""

    tag: str
    packed: bytes


class _Layers:
    """The layers of one county at one version; each is built when it is first asked for."""

    def __init__(self, county: str) -> None:
        self._county = county
        self._built: dict[str, Layer] = {}

    def get(self, kind: str) -> Layer:
        if kind not in self._built:
            text = json.dumps(outlines(self._county, kind), ensure_ascii=False, separators=(",", ":"))
            packed = gzip.compress(text.encode(), 6, mtime=0)
            self._built[kind] = Layer(f'"{hashlib.sha256(packed).hexdigest()[:20]}"', packed)
        return self._built[kind]


_COPIES = copies.Copies(_Layers)
forget = _COPIES.forget


def layer(county: str, kind: str) -> Layer | None:
    """One layer of a county: a kind of place, or building; None for a county that is not here."""
    layers = _COPIES.of(county)
    return layers.get(kind) if layers else None
