"""Every read of the ground that a page, a command or another room needs."""

from sandan.places.queries.divisions import boundary, division, division_codes
from sandan.places.queries.gazetteer import Candidate, EstateName, entry_id, estate_names, resolve, suggest
from sandan.places.queries.ground import Located, forget, locate, locate_all
from sandan.places.queries.lists import (
    Register,
    RegisterLine,
    counties,
    county_register,
    findings,
    outlines,
    takes_orders,
)

__all__ = [
    "Candidate",
    "EstateName",
    "Located",
    "Register",
    "RegisterLine",
    "boundary",
    "counties",
    "county_register",
    "division",
    "division_codes",
    "entry_id",
    "estate_names",
    "findings",
    "forget",
    "locate",
    "locate_all",
    "outlines",
    "resolve",
    "suggest",
    "takes_orders",
]
