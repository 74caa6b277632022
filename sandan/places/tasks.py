"""Due work of the ground: official codes that change on a day."""

from django.utils import timezone

from sandan.core.tasks import due
from sandan.places import actions


@due("3 0 * * *")
def apply_areas() -> None:
    """Renumber what changes its official code today."""
    actions.apply_areas(by="clock", at=timezone.now())
