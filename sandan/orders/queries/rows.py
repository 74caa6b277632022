"""Orders as list rows: everything a list prints, prepared in one statement and plain Python, without instances."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sandan.core import words
from sandan.intake.models import Category
from sandan.orders.models import OrderQuerySet
from sandan.orders.models.order import Urgency
from sandan.orders.queries import lights, reasons, sql_board
from sandan.orders.workflow import HELD, STANDING, STATES, S

LONGEST_TEXT = 60
URGENT_WORDS = {Urgency.URGENT.value: gettext_lazy("紧急"), Urgency.BURST.value: gettext_lazy("突发")}
DESK_WORDS = {1: gettext_lazy("社区"), 2: gettext_lazy("社区"), 3: gettext_lazy("街道"), 4: gettext_lazy("区里")}
DONE = (S.SERVED, S.REVIEWED)  # the finish clock has run its course
HIDDEN = frozenset({Category.Privacy.CONTACT.value, Category.Privacy.SEALED.value})


class Row(NamedTuple):
    """One line of a list. `matter` is the masked text, cut; for sensitive kinds a sentence that says how to open it.

    `light` is a colour (red orange yellow green grey, "" when the order is over), `share` how much of the limit is
    used (0 to 1), `due` the time left in words. `hand` names who has it now, `hand_role` what they are to it.
    """

    id: int
    number: str
    full_number: str
    matter: str
    is_hidden: bool
    category: str
    place: str
    grid: str
    community: str
    state: str
    state_label: str
    tone: str
    level: int
    grab: str
    urgency: int
    urgent: str
    light: str
    share: float
    due: str
    due_at: datetime | None
    next_at: datetime | None
    hand: str
    hand_role: str
    channel: str
    askers: int
    placed_at: datetime
    placed: str

    @property
    def percent(self) -> int:
        """The share of the limit that is used, for the ring."""
        return round(self.share * 100)


def board_rows(queryset: OrderQuerySet, at: datetime) -> list[Row]:
    """The orders of `queryset`, in its order, as rows; one statement whatever their number."""
    return counted_rows(queryset, at, None)[0]


def counted_rows(queryset: OrderQuerySet, at: datetime, most: int | None) -> tuple[list[Row], int]:
    """The first `most` of them as rows, and how many the queryset finds; one statement."""
    said = _said(get_language())
    found, count = sql_board.listed(queryset, most)
    return [_row(values, said, at) for values in found], count


@dataclass(frozen=True)
class _Said:
    """The words that are the same on every row, in the language of the page."""

    states: dict[str, tuple[str, str]]
    channels: dict[str, str]
    desks: dict[int, str]
    urgent: dict[int, str]


@cache
def _said(_language: str | None) -> _Said:
    return _Said(
        {state: (str(info.label), info.tone) for state, info in STATES.items()},
        {channel: str(label) for channel, label in reasons.CHANNELS.items()},
        {level: str(label) for level, label in DESK_WORDS.items()},
        {urgency: str(label) for urgency, label in URGENT_WORDS.items()},
    )


def addresses(name: str) -> Callable[[str], str]:
    """A function that gives the address of page `name` for a full number; the route is looked up once, not per row."""
    before, _mark, after = reverse(name, args=["NUMBER"]).partition("NUMBER")
    return lambda number: f"{before}{number}{after}"


def hidden_matter(privacy: str) -> str:
    """What lists say instead of the words of a sensitive matter."""
    return _("困难帮扶，点开留查看记录") if privacy == Category.Privacy.SEALED else _("涉及个人，点进去看")


def _row(values: sql_board.Listed, said: _Said, at: datetime) -> Row:
    is_hidden = values.privacy in HIDDEN
    label, tone = said.states[values.state]
    hand, role = _hand(values, said)
    light, share, due = _time(values, at)
    number = f"{values.on:%m%d}-{values.serial:03d}"
    return Row(
        id=values.id, number=number, full_number=f"{values.community_id}-{values.on:%Y}-{number}",
        matter=hidden_matter(values.privacy) if is_hidden else cut(values.masked), is_hidden=is_hidden,
        category=_category(values, is_hidden), place=_("密封") if is_hidden else place_label(values),
        grid="" if is_hidden else values.grid[12:15], community=values.community__name,
        state=values.state, state_label=label, tone=tone, level=values.level, grab=values.category__grab or "",
        urgency=values.urgency, urgent=said.urgent.get(values.urgency, ""), light=light, share=share, due=due,
        due_at=values.due_at, next_at=values.next_at, hand=hand, hand_role=role, askers=values.asker_count,
        channel=said.channels.get(values.channel, values.channel),
        placed_at=values.placed_at, placed=words.when(values.placed_at, at),
    )  # fmt: skip


def cut(text: str) -> str:
    """One line of at most LONGEST_TEXT characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"


def place_label(values: sql_board.Listed) -> str:
    """Estate and building at most; else the spot in words; else the community."""
    if not values.estate__name:
        return cut(values.spot) if values.spot else values.community__name
    building = values.building
    if building and building[-1].isdigit():
        building += values.estate__building_word or ""
    return f"{values.estate__name}{building}"


def _category(values: sql_board.Listed, is_hidden: bool) -> str:
    """The item settled or proposed; of a sensitive matter only its department."""
    if is_hidden:
        return values.category__department or values.guess__department or ""
    return values.category__name or values.guess__name or ""


def _hand(values: sql_board.Listed, said: _Said) -> tuple[str, str]:
    """Who has it: the server while it is served (also while that stands still), else the one who answers for it."""
    serves = values.state in HELD or (values.state in STANDING and values.was in HELD)
    if serves and values.holder__name:
        return values.holder__name, values.unit__name or values.team__name or ""
    return values.owner__name, said.desks[values.level]


def _time(values: sql_board.Listed, at: datetime) -> tuple[str, float, str]:
    if values.next_at is None:
        return "", 0.0, ""
    if values.state in DONE:
        return "", 0.0, _("已办好")
    facts = lights.Running(
        values.urgency, values.clock, values.limit_value, values.limit_unit, values.due_at, values.stopped_at
    )  # fmt: skip
    light = lights.light_of(facts, at)
    if facts.stopped_at:
        due = lights.standing_words(values.state, values.reason, values.next_at, at)
    else:
        due = lights.due_words(facts, at)
    return light.colour, min(light.share, 1.0), due
