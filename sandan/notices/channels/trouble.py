"""What may go wrong on the way out: a code for the ledger and whether another try could help."""


class Trouble(Exception):
    """A message was not taken. `code` is a short word without anything personal; `is_final`: trying again is idle."""

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code, self.is_final = code[:20], is_final
