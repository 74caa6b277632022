"""Every read of the ground that a page, a command or another room needs."""

from sandan.places.queries.divisions import boundary, division, division_codes
from sandan.places.queries.gazetteer import Candidate, EstateName, entry_id, estate_names, resolve, suggest
from sandan.places.queries.ground import Located, forget, locate, locate_all
from sandan.places.queries.layers import Layer, layer
from sandan.places.queries.lists import (
    Register,
    RegisterLine,
    building_labels,
    community_page,
    counties,
    county_register,
    findings,
    history,
    named,
    outlines,
    takes_orders,
)

__all__ = [
    "Candidate",
    "EstateName",
    "Layer",
    "Located",
    "Register",
    "RegisterLine",
    "boundary",
    "building_labels",
    "community_page",
    "counties",
    "county_register",
    "division",
    "division_codes",
    "entry_id",
    "estate_names",
    "findings",
    "forget",
    "history",
    "layer",
    "locate",
    "locate_all",
    "named",
    "outlines",
    "resolve",
    "suggest",
    "takes_orders",
]
