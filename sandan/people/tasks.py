"""Due work about people: posts whose term is over."""

from django.utils import timezone

from sandan.core.tasks import due
from sandan.people import actions


@due("*/5 * * * *")
def lapse_posts() -> None:
    """What somebody had in hand by a post that has ended goes to who answers now."""
    actions.lapse(at=timezone.now())
