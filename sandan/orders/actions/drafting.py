"""Writing an order step by step: the draft under seal, its photos, and the one moment in which it becomes an order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core.batches import claimed, in_steps
from sandan.core.errors import Refused
from sandan.intake.models import Category
from sandan.orders.actions import placing, saying, serving
from sandan.orders.models import Draft, Order
from sandan.orders.queries import resident_writing, sql_order, whistle_card
from sandan.orders.queries.resident_writing import Where, Writing
from sandan.places import queries as ground

MOST_SWEPT, BATCH = 5000, 50  # drafts deleted in one go, and in one transaction


class DraftGone(Refused):
    """The draft is older than a day, or was never there."""


class BadPhotos(Refused):
    """One of the files cannot be kept; `is_too_big` tells a matter of size from one of kind."""

    def __init__(self, text: str, is_too_big: bool) -> None:
        super().__init__(text)
        self.is_too_big = is_too_big


@transaction.atomic
def write(*, key: UUID, writing: Writing, files: Sequence[bytes], at: datetime, drop: Sequence[int] = ()) -> Draft:
    """Keep the words and the photos of the first step, all or nothing; refuses bad words and bad files."""
    text = saying.checked(writing.text)
    draft = resident_writing.draft(key, at)
    before = resident_writing.writing_of(draft) if draft else Writing()
    where = before.where if before.text == text else None  # other words may mean another place
    draft = _keep(key, replace(writing, text=text, where=where), at)
    draft.photos.filter(pk__in=drop).delete()
    for number, content in enumerate(files, 1):
        _add(draft, number, content, at)
    return draft


def _keep(key: UUID, writing: Writing, at: datetime) -> Draft:
    row, _made = Draft.objects.update_or_create(key=key, defaults={"content": writing.sealed(), "at": at})
    return row


def _add(draft: Draft, number: int, content: bytes, at: datetime) -> None:
    try:
        serving.add_photo(target=draft, stage="report", content=content, by=None, at=at)
    except serving.BadPhoto as refusal:
        text = _("第 %(number)s 个文件没存：%(why)s") % {"number": number, "why": refusal}
        raise BadPhotos(text, str(refusal) == str(serving.WHY["too_big"])) from refusal


@transaction.atomic
def settle_place(*, key: UUID, where: Where, near_shown: bool, at: datetime) -> Writing:
    """Keep where it is; refuses a draft that is gone."""
    draft = resident_writing.draft(key, at)
    if draft is None:
        raise gone()
    writing = replace(resident_writing.writing_of(draft), where=where, near_shown=near_shown)
    _keep(key, writing, at)
    return writing


@transaction.atomic
def send(*, key: UUID, contact: placing.Contact, guess: Category | None, urgency: int, at: datetime) -> placing.Placed:
    """Make the draft an order and delete it. The draft's key is the order's: sent twice, the same order comes back."""
    draft = sql_order.draft(key, at - resident_writing.DRAFT_LIFE, is_locked=True)
    if draft is None:
        return _sent_before(key, at)
    writing = resident_writing.writing_of(draft)
    if writing.where is None:
        raise DraftGone(_("还没说在哪里。请回到第二步。"))
    sending = placing.Sending(
        key=key, channel=writing.channel, text=writing.text, ground=ground_of(writing.where, writing.grid),
        contact=contact, guess=guess, urgency=urgency, draft=draft.key,
    )  # fmt: skip
    placed = placing.put(sending=sending, by=None, at=at)
    if not placed.is_new:  # a new order took the draft's photos and dropped it
        draft.delete()
    return placed


def _sent_before(key: UUID, at: datetime) -> placing.Placed:
    """The order of a sending that has already gone through, for as long as its draft would have lived."""
    order = Order.objects.filter(key=key, placed_at__gt=at - resident_writing.DRAFT_LIFE).first()
    if order is None:
        raise gone()
    return placing.Placed(order, placing.secret_of(key), False)


def gone() -> DraftGone:
    return DraftGone(_("没写完的单子只留一天，这一张已经删掉了。请从头说一遍，或者打电话。"))


def ground_of(where: Where, card: str = "") -> placing.Ground:
    """The finest codes of a place; the community is the one the resident chose or was heard to name.

    `card` is the grid of a contact card, for a place of that community whose own grid is not known.
    """
    located = (
        ground.locate(where.lon, where.lat, where.community[:6])
        if where.lon is not None and where.lat is not None
        else None
    )
    inside = located if located and located.community == where.community else None
    grid = (inside and inside.grid) or (card if whistle_card.is_grid_of(card, where.community) else "")
    spot = " ".join(part for part in ("" if where.estate else where.name, where.spot) if part)
    community, estate = sql_order.ground(where.community, where.estate)
    return placing.Ground(
        community=community, grid=grid,
        exclusive=(inside and inside.exclusive) or "", micro=(inside and inside.micro) or "",
        estate=estate, building=where.building,
        door=where.door, spot=spot[:100], lon=where.lon, lat=where.lat, confidence=where.confidence,
    )  # fmt: skip


@transaction.atomic
def forget(*, key: UUID) -> None:
    """Nobody needs this draft any more: its writer joined an order that was there before."""
    Draft.objects.filter(key=key).delete()


def sweep(*, at: datetime) -> int:
    """Delete the drafts whose day is over, with their photos; how many they were."""
    return in_steps(lambda: _sweep_some(at), MOST_SWEPT)


def _sweep_some(at: datetime) -> int:
    old = claimed(Draft.objects.filter(at__lte=at - resident_writing.DRAFT_LIFE).order_by("pk").only("pk"), BATCH)
    Draft.objects.filter(pk__in=[draft.pk for draft in old]).delete()
    return len(old)
