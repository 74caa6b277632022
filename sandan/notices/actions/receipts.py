"""What the provider says became of a message. Said twice, late or out of order it changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sandan.notices.channels.trouble import code_of
from sandan.notices.models import Delivery, State


@dataclass(frozen=True)
class Receipt:
    """The key we gave, whether it arrived, and the provider's own short code where it did not."""

    key: str
    has_arrived: bool
    code: str = ""


@transaction.atomic
def receive(*, receipts: Iterable[Receipt], at: datetime) -> int:
    """Mark what arrived and what did not; how many lines changed. An arrival is the last word, a failure is not."""
    in_order = sorted(receipts, key=lambda receipt: receipt.has_arrived)  # of two about one message an arrival stays
    found = {pk: receipt for receipt in in_order if (pk := _pk(receipt.key))}
    lines = Delivery.objects.select_for_update(of=("self",)).filter(pk__in=found, channel="sms").order_by("pk")
    return sum(_apply(line, found[line.pk], at) for line in lines if line.key == found[line.pk].key)


def _pk(key: str) -> int:
    head = key.partition("-")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 19 else 0


def _apply(line: Delivery, receipt: Receipt, at: datetime) -> bool:
    """From any state an arrival is believed; a failure only of what we know as sent or have in hand."""
    if line.state == State.RECEIVED or (not receipt.has_arrived and line.state not in (State.SENT, State.SENDING)):
        return False
    line.sent_at, line.next_at = line.sent_at or at, None
    if receipt.has_arrived:
        line.state, line.received_at, line.error = State.RECEIVED, at, ""
    else:
        line.state, line.error = State.FAILED, code_of(receipt.code, 20)
    line.save(update_fields=["state", "sent_at", "received_at", "next_at", "error"])
    return True
