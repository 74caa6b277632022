"""The expectation table of the battery: one line an address, who gets in. Written by hand, read by people.

A new address fails the build until it has its line, in the file of its room beside this one. How to add one:

    "room:name": P(get="desk street"),                        a page without a thing in its address
    "room:name": P("order", get="desk", post="desk"),         a thing in the address: the kind that world.py names
    "room:name": P("order", post="desk"),                     a verb in the address as well: its verbs go into VERBS
    "room:name": P(get="*", open=True),                       for everybody, without a login

Who is not named: gets the login page (no account), the 404 where the address names a thing, the 403 elsewhere (guests:
the 404). Of a thing in sibling, parent or other hands everybody gets the 404, with the text and the statements of a
thing that does not exist. `sees` are those who may see the thing but not do this to it: they get 403 or a sentence.
"""

from collections.abc import Collection, Mapping

from sandan.orders.forms import desk_moves
from sandan.orders.views import desk_inbox, joint, member_task, partner, resident_follow, whistle, whistle_called
from tests.rights.table import front, orders, people
from tests.rights.table.line import GUESTS, P, who

VERBS: Mapping[str, Collection[str]] = {  # every verb that the code knows for an address; those of a post as `act`
    "orders:move": desk_moves.FORMS,
    "orders:task_move": member_task.NAMES,
    "orders:side_move": whistle.NAMES,
    "orders:called_move": whistle_called.FORMS,
    "orders:together_move": joint.FORMS,
    "orders:sent_move": partner.FORMS,
    "orders:progress_move": resident_follow.FORMS,
    "orders:duty_change": ("hand_over", "take_off"),
    "orders:my_data_move": ("show", "file", "no_calls", "no_contact", "erase"),
    "orders:wish_decide": ("erase", "refuse"),
    "orders:inbox_order": (*desk_inbox.PREVIEWS, *desk_inbox.GIVING, *desk_inbox.WAYS),
}

TABLE: Mapping[str, P] = {**front.LINES, **orders.LINES, **people.LINES}
__all__ = ["GUESTS", "TABLE", "VERBS", "P", "who"]
