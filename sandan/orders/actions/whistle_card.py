"""Printing contact cards: a run of the printer, and the issue of each card in it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.orders.models import CardIssue, CardRun
from sandan.orders.queries.whistle_card import Card
from sandan.people.models import Person


class NothingToPrint(Refused):
    """No card was asked for."""


@transaction.atomic
def print_cards(*, cards: Sequence[Card], scope: str, size: str, by: Person, at: datetime) -> CardRun:
    """Note a run of these cards. A card that says something else than the last time gets the next number."""
    if not cards:
        raise NothingToPrint(_("没有要印的卡。"))
    run = CardRun.objects.create(scope=scope, by=by, at=at, size=size)
    CardIssue.objects.bulk_create([_issue(run, card, at) for card in cards], batch_size=500)
    journal.write(run, "print_cards", by=by, at=at, scope=scope, cards=len(cards), size=size)
    return run


def _issue(run: CardRun, card: Card, at: datetime) -> CardIssue:
    last = card.issue
    if last and card.state == "good":
        return CardIssue(run=run, grid=card.grid.code, number=last.number, digest=card.digest, at=last.at)
    return CardIssue(run=run, grid=card.grid.code, number=last.number + 1 if last else 1, digest=card.digest, at=at)
