"""A state machine is a table of moves; this module finds a move in it or refuses."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sandan.core.errors import NotAllowed, Stale


@dataclass(frozen=True)
class Move:
    """One way from some states to another: who may go it, what must be said, proved and heard, which clock runs after.

    `to` None means: back to where the thing was before it stood still. `clock` names the clock that runs after the
    move; `proof` the kind of evidence asked for.
    """

    verb: str
    sources: tuple[str, ...]
    to: str | None
    who: tuple[str, ...]
    asks: tuple[str, ...] = ()
    hearers: tuple[str, ...] = ()
    clock: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Workflow:
    """All moves of one kind of thing."""

    moves: tuple[Move, ...]
    _index: dict[tuple[str, str], Move] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._index.update({(move.verb, source): move for move in self.moves for source in move.sources})

    def take(self, verb: str, state: str, roles: Iterable[str]) -> Move:
        """The move `verb` from `state` for someone with `roles`; refuses with Stale or NotAllowed (text: the verb)."""
        move = self._index.get((verb, state))
        if move is None:
            raise Stale(verb)
        if not set(move.who) & set(roles):
            raise NotAllowed(verb)
        return move

    def open_to(self, state: str, roles: Iterable[str]) -> tuple[Move, ...]:
        """The moves that someone with `roles` may make from `state`, in table order."""
        held = set(roles)
        return tuple(move for move in self.moves if state in move.sources and held & set(move.who))
