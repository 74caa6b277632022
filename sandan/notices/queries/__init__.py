"""Every read of this room: the inbox, the ledger of one thing or one person, what did not arrive."""

from sandan.notices.kinds import number_of, sentence, short_number
from sandan.notices.queries.inbox import RECENT, SHOWN, Inbox, inbox_of, unread_count
from sandan.notices.queries.ledger import Told, deliveries_of, ways_of, ways_out, why
from sandan.notices.queries.unsent import Missed, Outlook, missed, missed_count, not_arrived, outlook

__all__ = [
    "RECENT", "SHOWN", "Inbox", "Missed", "Outlook", "Told", "deliveries_of", "inbox_of", "missed",
    "missed_count", "not_arrived", "number_of", "outlook", "sentence", "short_number", "unread_count", "ways_of",
    "ways_out", "why",
]  # fmt: skip
