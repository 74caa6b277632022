"""The only way to get a proposal that a user named."""

from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404

from sandan.intake.models import Proposal
from sandan.people.access import posts_of
from sandan.people.models import Person, Role


def proposal_of(person: Person, pk: int, at: datetime) -> Proposal:
    """A proposal, for the district that decides it; the same 404 for others and for none."""
    if not any(post.role == Role.DISTRICT for post in posts_of(person, at)):
        raise Http404
    return get_object_or_404(Proposal.objects.select_related("department", "by"), pk=pk)
