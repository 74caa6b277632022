"""Reads of the organisations' own space; for the keeper's pages alone (decision 0019)."""

from datetime import datetime

from django.db.models import QuerySet

from sandan.people.models import Organisation, Person
from sandan.people.models.membership import Membership


def members_of(organisation: Organisation, at: datetime) -> list[Membership]:
    """Who belongs to an organisation: its secretary first, then by name. One statement."""
    rows = Membership.objects.held(at).filter(organisation=organisation).select_related("person")
    order = {"secretary": 0, "deputy": 1, "member": 2}
    return sorted(rows, key=lambda row: (order[row.duty], row.person.name_key, row.pk))


def running(organisation: Organisation, at: datetime) -> QuerySet[Membership]:
    """The memberships of an organisation that hold."""
    return Membership.objects.held(at).filter(organisation=organisation)


def belongs_anywhere(person: Person, at: datetime) -> bool:
    """Whether somebody is in some organisation already: one belongs to one."""
    return Membership.objects.held(at).filter(person=person).exists()
