"""Due work of the ground: official codes that change on a day."""

from django.utils import timezone

from sandan.core.tasks import due
from sandan.places import actions


@due("3 * * * *")  # a machine that was off at midnight catches up within the hour
def apply_areas() -> None:
    """Renumber what changes its official code today."""
    actions.apply_areas(by="clock", at=timezone.now())


@due("40 4 * * *")
def forget_drafts() -> None:
    """Files that an office brought and did not use are not kept."""
    actions.forget_drafts(at=timezone.now())
