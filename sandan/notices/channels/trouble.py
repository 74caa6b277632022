"""What may go wrong on the way out: a code for the ledger and whether another try could help."""

import re

UNSURE = "unsure"  # it may have gone out: nobody said so, and no key tells the receiver's server that it is the same
NO_CODE = re.compile(r"[^A-Za-z0-9_.:@<>+=/-]")


def code_of(said: object, width: int) -> str:
    """What a stranger calls something, cut down to a code that any column and log may hold."""
    return NO_CODE.sub("", str(said))[:width]


class Trouble(Exception):
    """A message was not taken. `code` is a short word without anything personal; `is_final`: trying again is idle."""

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code, self.is_final = code_of(code, 20), is_final
