"""The journal of one order as sentences: for the asker, for who serves, for the desk."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sandan.calc.masking.surnames import COMPOUND
from sandan.core.words import when
from sandan.intake.models import Category
from sandan.orders.models import Order
from sandan.orders.models.order import Urgency
from sandan.orders.queries import reasons, sql_sheet
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
    words: dict[int, Any]
    numbers: dict[int, str]
    offered: dict[int, str]
    helpers: frozenset[int]


def of(order: Order, reader: Reader, at: datetime | None = None) -> tuple[Line, ...]:
    """The order's course, oldest first, the promise of what comes next last; three statements at most.

    `at` is the reader's now (a door passes its own), which decides whether a promise is already late.
    """
    story = sql_sheet.story(order.pk)
    known = _known(story)
    told = [(entry, line) for entry in story.entries if (line := _line(order, entry, reader, known))]
    lines = _with_photos(story, told)
    if not order.is_open or not lines:
        return tuple(lines)
    lines[-1] = replace(lines[-1], tone="now")
    return (*lines, _next(order, reader, at or timezone.now()))


def _known(story: Any) -> _Known:
    entries = story.entries
    orders = {pk for entry in entries for pk in _order_ids(entry)}
    paged = {pk for entry in entries if entry.verb == "page" for pk in entry.facts.get("persons") or ()}
    related = Order.objects.filter(pk__in=orders).only("community_id", "on", "serial") if orders else ()
    offered: dict[int, list[str]] = {}
    for offer in story.offers:
        offered.setdefault(offer.batch, []).append(offer.name)
    names = {entry.actor_id: entry.who for entry in entries if entry.actor_id}
    return _Known(
        names=names | dict(Person.objects.filter(pk__in=paged).values_list("pk", "name") if paged else ()),
        categories={entry.facts["category"]: entry.category or "" for entry in entries if "category" in entry.facts},
        words={words.id: words for words in story.words},
        numbers={one.pk: one.number for one in related},
        offered={batch: "、".join(named) for batch, named in offered.items()},
        helpers=frozenset(entry.actor_id for entry in entries if entry.verb in SERVING and entry.actor_id),
    )


def _order_ids(entry: Any) -> Iterable[int]:
    single = (entry.facts.get(name) for name in ("parent", "into", "source"))
    return [pk for pk in (*single, *_parts(entry)) if pk]


def _parts(entry: Any) -> list[int]:
    parts = entry.facts.get("parts")
    return parts if isinstance(parts, list) else []


def _line(order: Order, entry: Any, reader: Reader, known: _Known) -> Line | None:
    phrase = PHRASES.get(entry.verb)
    text = _said(phrase, reader) if phrase else ""
    if not text:
        return None
    return Line(entry.at, _who(entry, reader, known), text % _values(entry, known),
                _note(order, entry, reader, known))  # fmt: skip


def _said(phrase: Phrase, reader: Reader) -> str:
    return str({"desk": phrase.desk, "helper": phrase.helper, "asker": phrase.asker}[reader])


def _who(entry: Any, reader: Reader, known: _Known) -> str:
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


def _values(entry: Any, known: _Known) -> dict[str, Any]:
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


def _note(order: Order, entry: Any, reader: Reader, known: _Known) -> str:
    reason = entry.facts.get("reason")
    parts = [reasons.label(entry.verb, reason)] if reason else []
    if entry.facts.get("satisfaction"):
        parts.append(str(reasons.SATISFACTION.get(entry.facts["satisfaction"], "")))
    words = known.words.get(entry.facts.get("words") or 0)
    if words and words.audience in READABLE[reader]:
        is_sealed = order.privacy == Category.Privacy.SEALED and reader != "asker"
        parts.append(_("内容已密封，点开留查看记录") if is_sealed else words.masked)
    return _("。").join(parts)


def _with_photos(story: Any, told: list[tuple[Any, Line]]) -> list[Line]:
    """Each photo on the line it proves: the first of its kind after it was taken, else the last line there is."""
    lines = [line for _entry, line in told]
    for photo in story.photos if lines else ():
        verbs = PHOTO_LINES.get(photo.stage, ())
        fits = (
            i
            for i, (entry, _l) in enumerate(told)
            if entry.verb in verbs and (photo.stage == "report" or entry.at >= photo.at)
        )
        index = next(fits, len(lines) - 1)
        if photo.stage == "help" and told[index][0].verb not in verbs:
            continue  # a helper's picture stands with the helper's line, or nowhere for who does not read that line
        lines[index] = replace(lines[index], photo_ids=(*lines[index].photo_ids, photo.id))
    return lines


def _next(order: Order, reader: Reader, now: datetime) -> Line:
    inside, asker = NEXT[order.state]
    promised = order.due_at if order.state in BY_DUE else order.next_at if order.state in BY_NEXT else None
    if promised and order.state in BY_DUE and promised < now:
        inside, asker, promised = LATE[0], LATE[1], None
    return Line(promised, "", str(asker if reader == "asker" else inside), tone="next")
