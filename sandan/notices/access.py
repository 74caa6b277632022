"""The only way to get a notice or a line of the ledger that a user named."""

from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404

from sandan.notices import queries
from sandan.notices.models import Delivery, Notice
from sandan.people.access import posts_of, scopes
from sandan.people.models import Person, Role

DESKS = (Role.DISPATCHER, Role.LIAISON, Role.DISTRICT)


def notice_of(person: Person, pk: int) -> Notice:
    """A notice of this person; the same 404 for another's and for none."""
    return get_object_or_404(Notice, pk=pk, person=person)


def desk_scopes(person: Person, at: datetime) -> tuple[str, ...]:
    """The place codes whose askers this person may ring up."""
    posts = posts_of(person, at)
    return tuple(code for role in DESKS for code in scopes(posts, role))


def missed_of(person: Person, pk: int, at: datetime) -> Delivery:
    """A line that did not arrive, of an order in this person's areas; the same 404 for another's and for none."""
    areas = desk_scopes(person, at)
    line = queries.not_arrived(areas, at).filter(pk=pk).first() if areas else None
    if line is None:
        raise Http404
    return line
