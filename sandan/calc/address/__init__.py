"""Which place do these words mean: names and aliases of a gazetteer, with slips, then building, unit and room."""

from sandan.calc.address.gazetteer import Gazetteer
from sandan.calc.address.records import AddressCandidate, GazetteerEntry

__all__ = ["AddressCandidate", "Gazetteer", "GazetteerEntry"]
