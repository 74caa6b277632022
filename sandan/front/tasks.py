"""Due work of the front: codes go out, visits of long ago are forgotten."""

from django.utils import timezone

from sandan.core.tasks import due
from sandan.front import actions


@due("* * * * * */2")
def send_codes() -> None:
    """Codes that somebody waits for with the phone in hand."""
    actions.send_codes(at=timezone.now())


@due("29 3 * * *")
def forget_visits() -> None:
    """Who signed in from where is kept half a year."""
    actions.forget_visits(at=timezone.now())
