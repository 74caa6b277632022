"""One run of the worker: plan what is new, then send batch after batch until nothing is due or its time is over."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sandan.notices.actions.books import AskerBook
from sandan.notices.actions.planning import plan
from sandan.notices.actions.sending import send_due
from sandan.notices.kinds import Lane

LONGEST = timedelta(minutes=1)  # then the next run begins; a worker that ends politely waits for this one


def run(*, book: AskerBook, lanes: Sequence[Lane], clock: Callable[[], datetime]) -> int:
    """Everything due in these lanes; returns how many tries were made. `clock` is the door's."""
    start = at = clock()
    tried = 0
    while at - start < LONGEST:
        planned = plan(book=book, at=at)
        claimed = send_due(book=book, lanes=lanes, at=at)
        tried += claimed
        if not planned and not claimed:
            break
        at = clock()
    return tried
