"""The steps of one order in words, why it should go up, and who was paged for it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sandan.orders.models import Order, Page, Paging, Step
from sandan.orders.models.ladder import TOP_LEVEL
from sandan.orders.models.order import Urgency
from sandan.orders.queries import reasons
from sandan.orders.workflow import ENDED
from sandan.places.models import Place

DONE_UP = frozenset({"served", "reviewed"})


@dataclass(frozen=True)
class StepLine:
    """One step: when, from where to where and by whom, with reason and named areas."""

    at: datetime
    text: str
    note: str
    is_proposal: bool


def steps(order: Order) -> list[StepLine]:
    """All steps of an order, oldest first; none for one that never left its community. Two statements at most."""
    rows = list(order.steps.select_related("by", "to_person", "words").order_by("pk"))
    codes = {code for row in rows for code in row.areas or ()}
    names = dict(Place.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return [StepLine(row.at, _text(row), _note(row, names), row.verb == "propose") for row in rows]


def _text(row: Step) -> str:
    facts = {
        "from": reasons.LEVELS[row.from_level], "to": reasons.LEVELS[row.to_level],
        "who": row.by.name if row.by else _("系统"), "hand": row.to_person.name if row.to_person else "",
    }  # fmt: skip
    return {
        "escalate": _("%(who)s从%(from)s报到%(to)s，交给%(hand)s"),
        "hand_down": _("%(who)s从%(from)s交回%(to)s，交给%(hand)s"),
        "take": _("%(who)s在网格里接了"),
        "back": _("离开网格，回到社区"),
        "propose": _("系统建议从%(from)s报到%(to)s"),
    }[row.verb] % facts


def _note(row: Step, names: dict[str, str]) -> str:
    parts = [reasons.label(_VERB.get(row.verb, row.verb), row.reason)] if row.reason else []
    if row.areas:
        parts.append(_("牵涉：%(names)s") % {"names": "、".join(names.get(code, code) for code in row.areas)})
    if row.words:
        parts.append(row.words.masked)
    return "。".join(parts)


_VERB = {"propose": "escalate", "back": "release"}


def advice(order: Order, at: datetime) -> tuple[str, str] | None:
    """Reason code and sentence why the order should go a level up now; None where it may stay."""
    if order.level >= TOP_LEVEL or order.state in ENDED | DONE_UP or order.stopped_at:
        return None
    if order.category and order.category.level > max(order.level, 2):
        level = reasons.LEVELS[order.category.level]
        return "no_right", _("目录里这类事归%(level)s管，社区没有这个权。") % {"level": level}
    moment = order.climb_at or order.due_at
    if moment and moment <= at:
        level = reasons.LEVELS[order.level]
        return "over_time", _("在%(level)s停的时间到了：上报，或者写明原因延期。") % {"level": level}
    return None


@dataclass(frozen=True)
class PageLine:
    """Who was paged when, through what, and what came of it."""

    at: datetime
    name: str
    through: str
    result: str


@dataclass(frozen=True)
class Search:
    """One search for somebody who answers. `answered` names who does; empty while nobody has."""

    is_open: bool
    round: int
    answered: str
    pages: tuple[PageLine, ...]


def searches(order: Order) -> list[Search]:
    """The searches of an order of urgency 突发, latest first; two statements, none for any other order."""
    if order.urgency != Urgency.BURST:
        return []
    rows = list(Paging.objects.filter(order=order).select_related("answered_by").order_by("-pk"))
    pages = Page.objects.filter(paging__in=rows).select_related("person").order_by("pk")
    return [_search(row, [page for page in pages if page.paging_id == row.pk]) for row in rows]


def _search(row: Paging, pages: list[Page]) -> Search:
    lines = tuple(PageLine(page.at, page.person.name, _through(page), result_of(page.state)) for page in pages)
    return Search(row.ended_at is None, row.round, row.answered_by.name if row.answered_by else "", lines)


def result_of(state: str) -> str:
    """What came of a page, in words."""
    return {
        "sent": _("等他应"), "missed": _("没应"), "passed": _("转给了下一位"), "answered": _("应了"),
        "stood": _("不用去了"),
    }[state]  # fmt: skip


def _through(page: Page) -> str:
    level = reasons.LEVELS[{12: 2, 9: 3, 6: 4}[len(page.scope)]]
    if page.rank is None:
        return _("%(level)s，没排班，按岗位叫") % {"level": level}
    return _("%(level)s值班第 %(rank)s 位") % {"level": level, "rank": page.rank}
