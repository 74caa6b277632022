"""One order as its asker reads it: what is true now, what he can do, what happened, who looked at his number."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.core.models import Look
from sandan.core.words import until, when
from sandan.orders.models import Asker, Order, Words
from sandan.orders.queries import reasons, timeline
from sandan.orders.queries.resident_near import place_of
from sandan.orders.queries.timeline import Line
from sandan.orders.workflow import S
from sandan.people.models import Post, Role

RELATED = ("community", "estate", "category", "holder", "served_by", "into", "parent")
ROLE_WORDS: dict[str, Promise] = {
    Role.MEMBER: gettext_lazy("党员志愿者"),
    Role.GRID_WORKER: gettext_lazy("网格员"),
    Role.GRID_LEADER: gettext_lazy("网格长"),
    Role.DISPATCHER: gettext_lazy("社区派单员"),
    Role.LIAISON: gettext_lazy("街道联络员"),
    Role.DISTRICT: gettext_lazy("区级值班"),
    Role.UNIT_CLERK: gettext_lazy("单位经办人"),
}
LOOKED_AT: dict[str, Promise] = {
    "phone": gettext_lazy("看了您的电话"),
    "name": gettext_lazy("看了您的称呼"),
    "door": gettext_lazy("看了您的门牌"),
}


@dataclass(frozen=True)
class Seen:
    """One look at a contact: when, by whom in words, at what."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class Short:
    """One of a visitor's own orders in a list."""

    number: str
    short: str
    headline: str
    text: str


@dataclass(frozen=True)
class Progress:
    """Everything the progress page says. `order` is the one that goes on: the target where this one was merged."""

    mine: Order
    order: Order
    headline: str
    more: str
    place: str
    question: str
    lines: tuple[Line, ...]
    children: tuple[tuple[str, str], ...]  # full number and spoken number
    seen: tuple[Seen, ...]

    @property
    def is_joined(self) -> bool:
        """Whether another asker's order carries this one."""
        return self.mine.pk != self.order.pk


def orders_of(asker_ids: Sequence[int], at: datetime) -> list[Short]:
    """The orders a session may open, the newest first; one statement."""
    rows = Order.objects.filter(askers__in=asker_ids).select_related(*RELATED).distinct().order_by("-placed_at")
    return [
        Short(order.full_number, order.number, headline(order.into or order, at)[0], order.masked)
        for order in rows[:50]
    ]


def spoken(columns: dict[str, object]) -> list[Order]:
    """The orders a number can mean, the newest first: a spoken number comes round every year."""
    return list(Order.objects.filter(**columns).order_by("-on")[:3])


def of(asker: Asker, at: datetime) -> Progress:
    """The progress of the order this asker asked for; a constant number of statements."""
    mine = Order.objects.select_related(*RELATED, "into__community", "into__holder", "into__served_by").get(
        pk=asker.order_id
    )
    order = mine.into or mine
    title, more = headline(order, at)
    own = asker.is_first and order.pk == mine.pk
    lines = timeline.of(order, "asker", at)
    return Progress(
        mine=mine, order=order, headline=title, more=more, place=place_of(mine),
        question=_question(order) if own and order.state == S.ASKED else "",
        lines=lines if own else tuple(_for_neighbour(line) for line in lines),
        children=_children(order) if own else (), seen=tuple(_looks(asker, order if own else None)),
    )  # fmt: skip


def _for_neighbour(line: Line) -> Line:
    """What another asker's order tells those who joined it: what happened, without his words and pictures."""
    return replace(line, note="", photo_ids=())


def _question(order: Order) -> str:
    words = Words.objects.filter(order=order, kind="question").order_by("-id").values_list("masked", flat=True)
    return words.first() or ""


def _children(order: Order) -> tuple[tuple[str, str], ...]:
    rows = order.children.only("community_id", "on", "serial").order_by("pk")
    return tuple((child.full_number, child.number) for child in rows)


def headline(order: Order, at: datetime) -> tuple[str, str]:
    """What is true now, and a second sentence where one is needed; times as promises."""
    late = order.is_late(at)
    due = until(order.due_at, at) if order.due_at else ""
    who = timeline.master(order.holder.name) if order.holder else _("师傅")
    then = when(order.next_at, at) if order.next_at else ""
    late_text = _("超过答应您的时间了，社区正在催。") if late else ""
    finish_by = late_text or (_("最晚 %(due)s办好。") % {"due": due} if due else "")
    told: dict[str, tuple[str, str]] = {
        S.RECEIVED: (_("收到了，社区正在看。"), late_text or _("%(due)s给您回话。") % {"due": due}),
        S.TAKEN: (_("%(who)s接了单。") % {"who": who}, finish_by),
        S.UNDERWAY: (_("%(who)s出发了。") % {"who": who}, finish_by),
        S.SERVED: (_("办好了，请您看看。"), _("您说解决了才算完。")),
        S.CLOSED: (_("办结了。"), ""),
        S.ASKED: (_("社区有句话要问您。"), _("您答了，才好接着办。")),
        S.PAUSED: (_("先停一停，%(then)s 再接着办。") % {"then": then}, _why("pause", order)),
        S.LEDGERED: (_("眼下办不了，%(then)s 再看。") % {"then": then}, _why("ledger", order)),
        S.PASSED: (_("转给了专管的：%(where)s。") % {"where": reasons.WHERE.get(order.handed_to, order.handed_to)}, ""),
        S.REFUSED: (_("这事社区办不了。"), _why("refuse", order)),
    }
    if order.state in told:
        return told[order.state]
    return str(order.info.sentence), finish_by if order.is_open and order.state != S.REVIEWED else ""


def _why(verb: str, order: Order) -> str:
    return _("原因：%(reason)s。") % {"reason": reasons.label(verb, order.reason)} if order.reason else ""


def _looks(asker: Asker, order: Order | None) -> list[Seen]:
    """Who saw this asker's phone, name and, where the order is his own, the door: two statements."""
    subject = Q(subject="orders.asker", subject_id=asker.pk)
    if order:
        subject |= Q(subject="orders.order", subject_id=order.pk)
    looks = list(Look.objects.filter(subject).select_related("person").order_by("-at")[:100])
    posts = list(Post.objects.filter(person_id__in={look.person_id for look in looks}).order_by("id"))
    return [Seen(look.at, _reader(look, posts), str(LOOKED_AT.get(look.field, _("看了您的资料")))) for look in looks]


def _reader(look: Look, posts: list[Post]) -> str:
    """「社区派单员（姓周）」: the post held at that time and the surname, no more."""
    held = (
        post.role
        for post in posts
        if post.person_id == look.person_id and post.from_at <= look.at and (post.to_at is None or post.to_at > look.at)
    )
    role = ROLE_WORDS.get(next(held, ""), _("工作人员"))
    return _("%(role)s（姓%(surname)s）") % {"role": role, "surname": timeline.surname(look.person.name)}
