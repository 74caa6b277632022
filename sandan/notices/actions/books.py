"""How the worker asks the room above about askers: who can be reached, and what the words of one message name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sandan.notices.models import Notice


@dataclass(frozen=True, repr=False)
class Contact:
    """A number in clear for the moment of sending, and the values of the text; it prints as nothing."""

    phone: str
    values: Mapping[str, str] = field(default_factory=dict)


class AskerBook(Protocol):
    """What the room of the askers gives."""

    def why_not(self, notices: Collection[Notice]) -> dict[int, str]:
        """Of these notices to askers, by id, those that must not or cannot go to a phone, with a code why."""

    def contact(self, notice: Notice) -> Contact | None:
        """Whom and with which values, read at the moment of sending; None where there is nothing to say any more.

        Raises Trouble where the address is gone.
        """

    def done(self, notices: Collection[Notice]) -> None:
        """These are sent or given up: what was kept for sending alone can go."""
