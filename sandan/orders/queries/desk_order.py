"""Everything one order's page shows: who had it, what is proved, who looked, who belongs to it, how long it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from sandan.calc import clock
from sandan.core.calendar import calendar
from sandan.orders.models import Asker, Order
from sandan.orders.queries import lights, reasons

BAR = 1000  # units of the custody bar
OFF_SHARE = 0.06  # how much of its length an hour outside office hours keeps


@dataclass(frozen=True)
class Stretch:
    """One stretch of the custody bar: who, in which part, from when to when, and where it is drawn."""

    name: str
    role: str
    from_at: datetime
    to_at: datetime | None
    x: float
    width: float
    minutes: float


@dataclass(frozen=True)
class CustodyBar:
    """The stretches without a gap, and the hours outside office time that the drawing has shortened."""

    stretches: tuple[Stretch, ...]
    off_minutes: float


@dataclass(frozen=True)
class Seen:
    """Somebody who looked at a sealed field: how often and when last."""

    name: str
    what: str
    times: int
    last_at: datetime


@dataclass(frozen=True)
class Relative:
    """An order that belongs to this one, and how."""

    how: str
    order: Order


@dataclass(frozen=True)
class Times:
    """Gross minutes since placing, the minutes it stood still, and the net on its own clock."""

    gross: float
    stood: float
    net: float


def place_name(order: Order) -> str:
    """Estate and building, else the spot in words, else nothing: what the desk may edit; never the door."""
    if order.estate is None:
        return order.spot
    word = order.estate.building_word if order.building and order.building[-1].isdigit() else ""
    return f"{order.estate.name} {order.building}{word}".strip()


def time_left(order: Order, at: datetime) -> str:
    """What stands beside the light: the time left, or why the clock stands and until when."""
    if order.is_standing:
        return lights.standing_words(order.state, order.reason, order.next_at, at)
    return lights.due_words(lights.running(order), at)


def custody_bar(order: Order, custody: Sequence[Any], at: datetime) -> CustodyBar:
    """Who had the order at every minute, of the sheet's lines. Time that is not counted is drawn short."""
    rows = _joined(custody)
    kind = lights.running(order).kind
    drawn = [_length(row.from_at, row.to_at or at, kind) for row in rows]
    whole = sum(length for length, _off in drawn) or 1.0
    stretches, x = [], 0.0
    for row, (length, _off) in zip(rows, drawn, strict=True):
        width = length / whole * BAR
        minutes = ((row.to_at or at) - row.from_at).total_seconds() / 60
        stretches.append(
            Stretch(row.name, row.role, row.from_at, row.to_at, round(x, 1), round(width, 1), minutes)
        )  # fmt: skip
        x += width
    return CustodyBar(tuple(stretches), sum(off for _length, off in drawn))


def _joined(rows: Sequence[Any]) -> list[Any]:
    """Stretches of one person in one part that follow each other are one."""
    kept: list[Any] = []
    for row in rows:
        last = kept[-1] if kept else None
        if last and last.to_at == row.from_at and (last.person_id, last.role) == (row.person_id, row.role):
            last.to_at = row.to_at
        else:
            kept.append(row)
    return kept


def _length(since: datetime, until: datetime, kind: clock.Kind) -> tuple[float, float]:
    """How long a stretch is drawn, and how many of its minutes were outside the clock."""
    gross = max((until - since).total_seconds() / 60, 0.0)
    net = clock.net_minutes(calendar(), since, until, kind)
    return max(net + (gross - net) * OFF_SHARE, 1.0), gross - net


def times(order: Order, pauses: Sequence[Any], at: datetime) -> Times:
    """Gross and net, to the end or to now."""
    end = order.ended_at or at
    stops = [(pause.from_at, pause.to_at) for pause in pauses]
    kind = lights.running(order).kind
    gross = (end - order.placed_at).total_seconds() / 60
    stood = sum(((min(until or end, end)) - since).total_seconds() / 60 for since, until in stops)
    return Times(gross, stood, clock.net_minutes(calendar(), order.placed_at, end, kind, stops))


def looks(rows: Sequence[Any]) -> list[Seen]:
    """Who opened contact, door or words, by name, the latest first."""
    seen: dict[tuple[str, str], list[datetime]] = {}
    for row in rows:
        seen.setdefault((row.name, field_name(row.field)), []).append(row.at)
    found = [Seen(name, what, len(moments), moments[-1]) for (name, what), moments in seen.items()]
    return sorted(found, key=lambda one: one.last_at, reverse=True)


def field_name(field: str) -> str:
    """What a sealed field is called."""
    return {"name": _("姓名"), "phone": _("电话"), "door": _("门牌"), "original": _("原文")}.get(field, field)


def relatives(order: Order) -> list[Relative]:
    """Parent, children, what it was merged into and what was merged into it; two statements at most."""
    found = []
    if order.parent_id or order.into_id:
        above = Order.objects.select_related("community").in_bulk([pk for pk in (order.parent_id, order.into_id) if pk])
        found += [Relative(_("从这单来"), above[order.parent_id])] if order.parent_id else []
        found += [Relative(_("并进了"), above[order.into_id])] if order.into_id else []
    below = Order.objects.filter(Q(parent=order) | Q(into=order)).select_related("community").order_by("pk")
    for one in below:
        found.append(Relative(_("另立的一单") if one.parent_id == order.pk else _("并进来的"), one))
    return found


def askers(order: Order) -> list[Asker]:
    """The askers of this order, the first first; their contact stays sealed."""
    return list(order.askers.order_by("-is_first", "pk"))


def calls(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The call-backs in words, oldest first."""
    return [
        {
            "at": call.at, "who": call.who, "channel": reasons.CALL_CHANNELS.get(call.channel, call.channel),
            "result": _call_result(call),
        }
        for call in rows
    ]  # fmt: skip


def _call_result(call: Any) -> str:
    if not call.is_reached:
        return _("没联系上")
    said = [reasons.WORDS.get(call.word, ""), reasons.SATISFACTION.get(call.satisfaction or 0, "")]
    return "，".join(str(one) for one in said if one) or _("联系上了")


def stops(pauses: Sequence[Any], extensions: Sequence[Any]) -> list[dict[str, Any]]:
    """Pauses and extensions in words, oldest first."""
    lines = [
        {
            "at": pause.from_at, "who": pause.who, "what": str(_STANDS[pause.kind]),
            "why": _why(pause.kind, pause.reason), "until": pause.to_at or pause.until_at,
            "is_open": pause.to_at is None,
        }
        for pause in pauses
    ]  # fmt: skip
    lines += [
        {
            "at": one.at, "who": one.who, "what": _("延期"), "why": reasons.label("extend", one.reason),
            "until": one.new_due_at, "is_open": False,
        }
        for one in extensions
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line["at"])


_STANDS = {"asked": _lazy("问点单人"), "paused": _lazy("挂起"), "ledgered": _lazy("挂账")}


def _why(kind: str, reason: str) -> str:
    return reasons.label("ledger" if kind == "ledgered" else "pause", reason)
