"""What a person was told: the unread first, then what was read lately."""

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from sandan.notices.models import Notice
from sandan.people.models import Person

SHOWN = 100  # more unread than this is a matter for the board, not for a list of notices
RECENT = 30


@dataclass(frozen=True)
class Inbox:
    """The notices a page shows, and how many are unread in all."""

    unread: tuple[Notice, ...]
    recent: tuple[Notice, ...]
    unread_count: int


def _of(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person)


def inbox_of(person: Person) -> Inbox:
    """Newest first; three queries whatever their number, two when nothing overflows."""
    unread = tuple(_of(person).filter(read_at=None).order_by("-at", "-pk")[:SHOWN])
    recent = tuple(_of(person).filter(read_at__isnull=False).order_by(F("read_at").desc(), "-pk")[:RECENT])
    return Inbox(unread, recent, unread_count(person) if len(unread) == SHOWN else len(unread))


def unread_count(person: Person) -> int:
    """How many notices wait to be read."""
    return _of(person).filter(read_at=None).count()


def number_of(notice: Notice) -> str:
    """The full number of the order a notice is about, or nothing."""
    return str(notice.facts.get("number", ""))


def short_number(full: str) -> str:
    """「0810-048」, as it is said aloud, of the number in full."""
    return "-".join(full.split("-")[-2:])


def sentence(notice: Notice) -> str:
    """What a notice says to a member of staff; a kind without words of its own says that something moved."""
    number = short_number(number_of(notice))
    return _sentences().get(notice.kind, _("%(number)s 有新进展。")) % {"number": number}


def _sentences() -> dict[str, str]:
    return {
        "place": _("新单 %(number)s 到了，请先看一眼。"),
        "open_up": _("附近有一单 %(number)s 合适您，可以抢。"),
        "offer": _("%(number)s 派给您了，接不接请答一声。"),
        "grab": _("%(number)s 有人抢下了。"),
        "lapse": _("%(number)s 没人抢，请派单。"),
        "accept": _("%(number)s 有人接了。"),
        "decline": _("%(number)s 对方来不了，请另派人。"),
        "miss": _("%(number)s 派出去没人答应，请另派人。"),
        "release": _("%(number)s 退回来了，请重新派。"),
        "finish": _("%(number)s 办好了，等点单人评价。"),
        "review": _("%(number)s 点单人评价了，请回访。"),
        "hear": _("%(number)s 听到了点单人的话，请回访。"),
        "stand_in": _("%(number)s 已代为核对，请回访。"),
        "dissent": _("%(number)s 点单人说没解决，要重新办。"),
        "send_back": _("%(number)s 退回再办，原因写在单子里。"),
        "close": _("%(number)s 销号了，辛苦。"),
        "reopen": _("%(number)s 要重办，还是这个单号。"),
        "answer": _("%(number)s 点单人答了问的话，可以接着办。"),
        "no_reply": _("%(number)s 问了没有回音，已撤单。"),
        "pause": _("%(number)s 挂起了，原因和日子写在单子里。"),
        "resume": _("%(number)s 接着办，钟又走起来了。"),
        "ledger": _("%(number)s 挂账了，到日子再看。"),
        "extend": _("%(number)s 延期了，新的日子写在单子里。"),
        "escalate": _("%(number)s 报上来了，请接着管。"),
        "hand_down": _("%(number)s 上级交回来了，请接着办。"),
        "pass_on": _("%(number)s 转给了专管的部门。"),
        "withdraw": _("%(number)s 点单人撤回了，不用再办。"),
        "remind": _("%(number)s 还等着您，请看一眼。"),
        "overdue": _("%(number)s 超时了，请今天就办。"),
        "nudge": _("%(number)s 办好后还没有回音，请回访。"),
    }
