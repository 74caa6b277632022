"""Every change of the front: signing in by password, code, second factor or from outside; sessions; accounts."""

from sandan.front.actions.accounts import end_sessions, give_password, lock, reset_factors, unlock
from sandan.front.actions.codes import TooManyCodes, WrongCode, ask_code, enter_with_code, send_codes
from sandan.front.actions.factors import (
    AlreadySet,
    LastFactor,
    WrongFactor,
    address_of,
    begin_app,
    confirm_app,
    drop_factor,
    new_paper,
    prove,
)
from sandan.front.actions.links import LinkTaken, NotLinked, bind, enter_from_outside, unbind
from sandan.front.actions.passkeys import Site, WrongKey, add, begin_adding, begin_proving, prove_key
from sandan.front.actions.password import WeakPassword, WrongPassword, attempt, change_password
from sandan.front.actions.tries import TooManyTries
from sandan.front.actions.visits import MARKS, Locked, end_all, end_one, forget_visits, key_digest, seen
from sandan.front.limits import CALM_PER_SOURCE, MOST_PER_ACCOUNT

__all__ = [
    "CALM_PER_SOURCE",
    "MARKS",
    "MOST_PER_ACCOUNT",
    "AlreadySet",
    "LastFactor",
    "LinkTaken",
    "Locked",
    "NotLinked",
    "Site",
    "TooManyCodes",
    "TooManyTries",
    "WeakPassword",
    "WrongCode",
    "WrongFactor",
    "WrongKey",
    "WrongPassword",
    "add",
    "address_of",
    "ask_code",
    "attempt",
    "begin_adding",
    "begin_app",
    "begin_proving",
    "bind",
    "change_password",
    "confirm_app",
    "drop_factor",
    "end_all",
    "end_one",
    "end_sessions",
    "enter_from_outside",
    "enter_with_code",
    "forget_visits",
    "give_password",
    "key_digest",
    "lock",
    "new_paper",
    "prove",
    "prove_key",
    "reset_factors",
    "seen",
    "send_codes",
    "unbind",
    "unlock",
]
