"""Reads about people, one file a noun: the desk in charge, helpers near by, second keys, teams and units."""

from sandan.people.queries.desks import NoDesk, desk_of, holders, reviewers
from sandan.people.queries.groups import teams_of, units_of
from sandan.people.queries.near import Helper, helpers_near
from sandan.people.queries.signing_in import signed_in

__all__ = [
    "Helper",
    "NoDesk",
    "desk_of",
    "helpers_near",
    "holders",
    "reviewers",
    "signed_in",
    "teams_of",
    "units_of",
]
