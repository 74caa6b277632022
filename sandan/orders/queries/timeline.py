"""The journal of one order as sentences: for the asker, for who serves, for the desk."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sandan.calc.masking.surnames import COMPOUND
from sandan.core import journal
from sandan.core.models import Entry
from sandan.core.words import when
from sandan.intake.models import Category
from sandan.orders.models import Offer, Order, Photo, Words
from sandan.orders.models.order import Urgency
from sandan.orders.queries import reasons
from sandan.orders.queries.phrases import BY_DUE, BY_NEXT, LATE, NEXT, PHRASES, Phrase
from sandan.people.models import Person

Reader = Literal["asker", "helper", "desk"]
Tone = Literal["done", "now", "next"]

READABLE: dict[Reader, frozenset[str]] = {
    "asker": frozenset({"public", "asker"}),
    "helper": frozenset({"public", "asker"}),
    "desk": frozenset({"public", "asker", "inside"}),
}
TAKING = frozenset({"grab", "accept"})
SERVING = TAKING | {"set_out", "finish", "decline"}
PHOTO_LINES = {
    "report": ("place",),
    "before": ("finish",),
    "after": ("finish",),
    "check": ("check", "call_back", "close"),
    "help": ("join_work", "send_done"),
}


@dataclass(frozen=True)
class Line:
    """One line: when (None where no time is promised), who, what, more words, how it stands, ids of photos."""

    at: datetime | None
    who: str
    text: str
    note: str = ""
    tone: Tone = "done"
    photo_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Known:
    """All rows that the lines point to."""

    names: dict[int, str]
    categories: dict[str, str]
    words: dict[int, Words]
    numbers: dict[int, str]
    offered: dict[int, str]
    helpers: frozenset[int]


def of(order: Order, reader: Reader, at: datetime | None = None) -> tuple[Line, ...]:
    """The order's course, oldest first, the promise of what comes next last; seven statements at most.

    `at` is the reader's now (a door passes its own), which decides whether a promise is already late.
    """
    entries = list(journal.lines_of(order))
    known = _known(order, entries)
    told = [(entry, line) for entry in entries if (line := _line(order, entry, reader, known))]
    lines = _with_photos(order, told)
    if not order.is_open or not lines:
        return tuple(lines)
    lines[-1] = replace(lines[-1], tone="now")
    return (*lines, _next(order, reader, at or timezone.now()))


def _known(order: Order, entries: list[Entry]) -> _Known:
    people = {entry.actor_id for entry in entries if entry.actor_id}
    people |= {pk for entry in entries if entry.verb == "page" for pk in entry.facts.get("persons") or ()}
    orders = {pk for entry in entries for pk in _order_ids(entry)}
    codes = {entry.facts["category"] for entry in entries if "category" in entry.facts}
    related = Order.objects.filter(pk__in=orders).only("community_id", "on", "serial")
    return _Known(
        names=dict(Person.objects.filter(pk__in=people).values_list("pk", "name")),
        categories=dict(Category.objects.filter(pk__in=codes).values_list("code", "name")),
        words={words.pk: words for words in Words.objects.filter(order=order).defer("original")},
        numbers={one.pk: one.number for one in related},
        offered=_offered(order),
        helpers=frozenset(entry.actor_id for entry in entries if entry.verb in SERVING and entry.actor_id),
    )


def _order_ids(entry: Entry) -> Iterable[int]:
    single = (entry.facts.get(name) for name in ("parent", "into", "source"))
    return [pk for pk in (*single, *_parts(entry)) if pk]


def _parts(entry: Entry) -> list[int]:
    parts = entry.facts.get("parts")
    return parts if isinstance(parts, list) else []


def _offered(order: Order) -> dict[int, str]:
    """The names of each batch of offers, in their rank."""
    rows = Offer.objects.filter(order=order).order_by("batch", "rank")
    named: dict[int, list[str]] = {}
    for batch, *names in rows.values_list("batch", "person__name", "team__name", "unit__name"):
        named.setdefault(batch, []).append(next((name for name in names if name), ""))
    return {batch: "、".join(names) for batch, names in named.items()}


def _line(order: Order, entry: Entry, reader: Reader, known: _Known) -> Line | None:
    phrase = PHRASES.get(entry.verb)
    text = _said(phrase, reader) if phrase else ""
    if not text:
        return None
    return Line(entry.at, _who(entry, reader, known), text % _values(entry, known),
                _note(order, entry, reader, known))  # fmt: skip


def _said(phrase: Phrase, reader: Reader) -> str:
    return str({"desk": phrase.desk, "helper": phrase.helper, "asker": phrase.asker}[reader])


def _who(entry: Entry, reader: Reader, known: _Known) -> str:
    if entry.actor == "asker":
        return _("您") if reader == "asker" else _("点单人")
    if entry.actor_id is None:
        return _("系统")
    name = known.names.get(entry.actor_id, "")
    if reader != "asker":
        return name
    return master(name) if entry.actor_id in known.helpers else _("社区")


def master(name: str) -> str:
    """What a resident calls who comes: the surname and 师傅."""
    return _("%(surname)s师傅") % {"surname": surname(name)}


def surname(name: str) -> str:
    """The family name alone, of one character or two."""
    return name[:2] if name[:2] in COMPOUND else name[:1]


def _values(entry: Entry, known: _Known) -> dict[str, Any]:
    facts, name = entry.facts, known.names.get(entry.actor_id or 0, "")
    return {
        "helper": master(name) if name else _("师傅"),
        "word": str(reasons.WORDS.get(facts.get("word", ""), "")),
        "where": str(reasons.WHERE.get(facts.get("where", ""), facts.get("where", ""))),
        "outcome": str(reasons.OUTCOMES.get(facts.get("outcome", ""), "")),
        "reached": _("联系上了") if facts.get("reached") else _("没联系上"),
        "channel": str(reasons.CHANNELS.get(facts.get("channel", ""), facts.get("channel", ""))),
        "category": known.categories.get(facts.get("category", ""), ""),
        "urgency": Urgency(facts["urgency"]).label if "urgency" in facts else "",
        "numbers": "、".join(known.numbers.get(pk, "") for pk in _order_ids(entry)),
        "names": known.offered.get(facts.get("batch", 0), ""),
        "level": str(reasons.LEVELS.get(facts.get("level", 0), "")),
        "paged": "、".join(known.names.get(pk, "") for pk in facts.get("persons") or ()),
        "due": when(parse_datetime(facts["due"]), entry.at) if facts.get("due") else "",
    }


def _note(order: Order, entry: Entry, reader: Reader, known: _Known) -> str:
    reason = entry.facts.get("reason")
    parts = [reasons.label(entry.verb, reason)] if reason else []
    if entry.facts.get("satisfaction"):
        parts.append(str(reasons.SATISFACTION.get(entry.facts["satisfaction"], "")))
    words = known.words.get(entry.facts.get("words") or 0)
    if words and words.audience in READABLE[reader]:
        is_sealed = order.privacy == Category.Privacy.SEALED and reader != "asker"
        parts.append(_("内容已密封，点开留查看记录") if is_sealed else words.masked)
    return _("。").join(parts)


def _with_photos(order: Order, told: list[tuple[Entry, Line]]) -> list[Line]:
    """Each photo on the line it proves: the first of its kind after it was taken, else the last line there is."""
    lines = [line for _entry, line in told]
    photos = Photo.objects.filter(order=order).order_by("pk").values_list("pk", "stage", "at") if lines else ()
    for pk, stage, at in photos:
        verbs = PHOTO_LINES.get(stage, ())
        fits = (
            i for i, (entry, _l) in enumerate(told) if entry.verb in verbs and (stage == "report" or entry.at >= at)
        )
        index = next(fits, len(lines) - 1)
        lines[index] = replace(lines[index], photo_ids=(*lines[index].photo_ids, pk))
    return lines


def _next(order: Order, reader: Reader, now: datetime) -> Line:
    inside, asker = NEXT[order.state]
    promised = order.due_at if order.state in BY_DUE else order.next_at if order.state in BY_NEXT else None
    if promised and order.state in BY_DUE and promised < now:
        inside, asker, promised = LATE[0], LATE[1], None
    return Line(promised, "", str(asker if reader == "asker" else inside), tone="next")
