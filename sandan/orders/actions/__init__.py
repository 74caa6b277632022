"""Every change of an order: one verb a function."""

from sandan.orders.actions.closing import call_back, close, dissent, hear, reopen, review, send_back, stand_in
from sandan.orders.actions.consenting import gather
from sandan.orders.actions.giving import NotFitting, accept, decline, grab, offer, open_up, release
from sandan.orders.actions.joining import Merged, join, merge, split, unmerge, withdraw
from sandan.orders.actions.judging import file, judge, unfile
from sandan.orders.actions.passing import escalate, hand_down, pass_on, refuse, take_back
from sandan.orders.actions.placing import Contact, Ground, Placed, Sending, place
from sandan.orders.actions.serving import add_photo, finish, set_out
from sandan.orders.actions.standing import answer, ask, extend, ledger, pause, resume, take_up
from sandan.orders.actions.ticking import tick

__all__ = [
    "Contact", "Ground", "Merged", "NotFitting", "Placed", "Sending",
    "accept", "add_photo", "answer", "ask", "call_back", "close", "decline", "dissent", "escalate", "extend", "file",
    "finish", "gather", "grab", "hand_down", "hear", "join", "judge", "ledger", "merge", "offer", "open_up", "pass_on",
    "pause", "place", "refuse", "release", "reopen", "resume", "review", "send_back", "set_out", "split", "stand_in",
    "take_back", "take_up", "tick", "unfile", "unmerge", "withdraw",
]  # fmt: skip
