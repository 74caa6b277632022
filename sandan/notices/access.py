"""The only way to get a notice that a user named."""

from django.shortcuts import get_object_or_404

from sandan.notices.models import Notice
from sandan.people.models import Person


def notice_of(person: Person, pk: int) -> Notice:
    """A notice of this person; the same 404 for another's and for none."""
    return get_object_or_404(Notice, pk=pk, person=person)
