"""What a rule says when it says no."""


class Refused(Exception):
    """A rule of the house said no. Its text is written for the person on the other side, in their language."""


class Stale(Refused):
    """Somebody else was faster, or the thing has moved on since the page was drawn."""


class NotAllowed(Refused):
    """The person may see the thing but may not make this move."""
