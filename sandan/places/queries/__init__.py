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
from sandan.places.queries.own import (
    BUILDING_VALUES,
    INVENTED,
    Preview,
    house_of,
    imports,
    look_over,
    preview,
    touched_communities,
)
from sandan.places.queries.words import counts_of, fault_words, flaw_words, names_of

__all__ = [
    "BUILDING_VALUES",
    "INVENTED",
    "Candidate",
    "EstateName",
    "Layer",
    "Located",
    "Preview",
    "Register",
    "RegisterLine",
    "boundary",
    "building_labels",
    "community_page",
    "counties",
    "counts_of",
    "county_register",
    "division",
    "division_codes",
    "entry_id",
    "estate_names",
    "fault_words",
    "findings",
    "flaw_words",
    "forget",
    "history",
    "house_of",
    "imports",
    "layer",
    "locate",
    "locate_all",
    "look_over",
    "named",
    "names_of",
    "outlines",
    "preview",
    "resolve",
    "suggest",
    "takes_orders",
    "touched_communities",
]
