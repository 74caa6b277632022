"""Due work of the ground: official codes that change on a day."""

from django.utils import timezone

from sandan.core.tasks import due
from sandan.places import actions


@due("* * * * *")  # a chain of codes goes on as soon as its last link is followed; a machine that was off catches up
def apply_areas() -> None:
    """Renumber what changes its official code today."""
    actions.apply_areas(by="clock", at=timezone.now(), strict=False)


@due("40 4 * * *")
def forget_drafts() -> None:
    """Files that an office brought and did not use are not kept."""
    actions.forget_drafts(at=timezone.now())
