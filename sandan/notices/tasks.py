"""Due work of notices: reminders of rooms below become messages."""

from django.utils import timezone

from sandan.core.tasks import due
from sandan.notices.actions.reminding import tell_reminders


@due("* * * * *")
def reminders() -> None:
    """What units and members are reminded of lies in their inbox within a minute."""
    while tell_reminders(at=timezone.now()):
        pass
