"""Every change of this room: tell, read, deliver, hear of receipts, choose how to be reached."""

from sandan.notices.actions.reaching import choose, handle
from sandan.notices.actions.receipts import Receipt, receive
from sandan.notices.actions.telling import notices, read, read_all, tell

__all__ = ["Receipt", "choose", "handle", "notices", "read", "read_all", "receive", "tell"]
