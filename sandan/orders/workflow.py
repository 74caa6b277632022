"""The order's states and moves as one table: who, what must be said and proved, which clock runs, who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sandan.core.workflow import Move, Workflow

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class StateInfo:
    """How a state is called on staff pages, its colour class, and the sentence a resident reads."""

    label: StrOrPromise
    tone: str
    sentence: StrOrPromise


class S:
    """The named states; Chinese stands on the page, English in the code."""

    RECEIVED = "received"
    JUDGED = "judged"
    OPEN = "open"
    OFFERED = "offered"
    TAKEN = "taken"
    UNDERWAY = "underway"
    SERVED = "served"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    ASKED = "asked"
    PAUSED = "paused"
    LEDGERED = "ledgered"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    PASSED = "passed"
    MERGED = "merged"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    FILED = "filed"


STATES: dict[str, StateInfo] = {
    S.RECEIVED: StateInfo(_("已收到"), "go", _("收到了，社区正在看。")),
    S.JUDGED: StateInfo(_("已研判"), "go", _("社区看过了，正在找人办。")),
    S.OPEN: StateInfo(_("抢单中"), "go", _("正在问附近谁能来。")),
    S.OFFERED: StateInfo(_("已派单"), "go", _("已经派人，等他答应。")),
    S.TAKEN: StateInfo(_("已接单"), "go", _("有人接了，会按时来。")),
    S.UNDERWAY: StateInfo(_("服务中"), "go", _("师傅在路上，或正在办。")),
    S.SERVED: StateInfo(_("待评价"), "ask", _("办好了，请您说一声解决没有。")),
    S.REVIEWED: StateInfo(_("待回访"), "ask", _("您的话收到了，社区核对后销号。")),
    S.CLOSED: StateInfo(_("已销号"), "ok", _("办结了。15 天内没好，可以重办。")),
    S.ASKED: StateInfo(_("待补充"), "ask", _("社区有句话要问您，答了才好接着办。")),
    S.PAUSED: StateInfo(pgettext_lazy("state", "挂起"), "line", _("先停一停，原因和日子写在下面。")),
    S.LEDGERED: StateInfo(_("挂账"), "line", _("眼下办不了，记在账上，到日子再看。")),
    S.ESCALATED: StateInfo(_("上报"), "line", _("报给了上一级，还有人管着。")),
    S.REOPENED: StateInfo(_("重办"), "ask", _("重新办，还是这个单号。")),
    S.PASSED: StateInfo(_("已转交"), "line", _("转给了专管的部门，电话写在下面。")),
    S.MERGED: StateInfo(_("已并单"), "line", _("和邻居报的是同一件事，合在一起办，结果一样告诉您。")),
    S.REFUSED: StateInfo(_("不予受理"), "line", _("这事社区办不了，归谁管写在下面。")),
    S.WITHDRAWN: StateInfo(_("已撤单"), "line", _("撤回了。还要办，再点一次就行。")),
    S.FILED: StateInfo(_("已回复归档"), "line", _("收到了，谢谢您告诉我们。")),
}

ENDED = frozenset({S.CLOSED, S.PASSED, S.MERGED, S.REFUSED, S.WITHDRAWN, S.FILED})
STANDING = frozenset({S.ASKED, S.PAUSED, S.LEDGERED})  # the finish clock stands still
HELD = frozenset({S.TAKEN, S.UNDERWAY})  # somebody serves
BEFORE_TAKING = (S.RECEIVED, S.JUDGED, S.OPEN, S.OFFERED, S.REOPENED, S.ESCALATED)

BACK = None  # to where the order was before it stood still

MOVES = Workflow(
    (
        # verb, from, to, who, must say, who hears, clock that runs after, proof
        Move(
            "judge",
            (S.RECEIVED, S.REOPENED, S.ESCALATED, S.JUDGED),
            S.JUDGED,
            ("desk",),
            ("category", "urgency"),
            (),
            "finish",
        ),
        Move("open_up", (S.JUDGED, S.REOPENED), S.OPEN, ("desk",), (), ("fitting",), "grab"),
        Move("offer", (S.JUDGED, S.OPEN, S.REOPENED, S.OFFERED), S.OFFERED, ("desk",), ("to",), ("offered",), "answer"),
        Move(
            "gather",
            (S.JUDGED, S.OPEN, S.REOPENED, S.OFFERED),
            S.OFFERED,
            ("desk",),
            ("to", "needed", "minutes"),
            (),
            "round",
        ),
        Move("grab", (S.OPEN,), S.TAKEN, ("fitting",), (), ("owner", "asker"), "finish"),
        Move("lapse", (S.OPEN,), S.JUDGED, ("clock",), (), ("owner",), "dispatch"),
        Move("accept", (S.OFFERED,), S.TAKEN, ("offered",), (), ("owner", "asker"), "finish"),
        Move("decline", (S.OFFERED,), S.JUDGED, ("offered",), ("reason",), ("owner",), "dispatch"),
        Move("miss", (S.OFFERED,), S.JUDGED, ("clock",), (), ("owner",), "dispatch"),
        Move("set_out", (S.TAKEN,), S.UNDERWAY, ("holder",), (), ("asker",), "finish"),
        Move(
            "release", (S.TAKEN, S.UNDERWAY), S.JUDGED, ("holder", "desk"), ("reason",), ("owner", "holder"), "dispatch"
        ),
        Move("finish", (S.TAKEN, S.UNDERWAY), S.SERVED, ("holder",), ("work",), ("owner", "asker"), "word", "evidence"),
        Move("review", (S.SERVED,), S.REVIEWED, ("asker",), ("word",), ("owner", "server"), "callback"),
        Move("hear", (S.SERVED,), S.REVIEWED, ("reviewer",), ("word", "channel"), ("owner", "server"), "callback"),
        Move("stand_in", (S.SERVED,), S.REVIEWED, ("reviewer",), ("word", "reason"), ("owner",), "callback"),
        Move(
            "dissent",
            (S.SERVED, S.REVIEWED),
            S.REOPENED,
            ("asker", "reviewer"),
            ("reason",),
            ("owner", "server"),
            "dispatch",
        ),
        Move("send_back", (S.SERVED, S.REVIEWED), S.TAKEN, ("reviewer",), ("reason",), ("server", "asker"), "finish"),
        Move("call_back", (S.SERVED,), S.SERVED, ("reviewer",), ("is_reached",), (), "word"),
        Move("call_back", (S.REVIEWED,), S.REVIEWED, ("reviewer",), ("is_reached",), (), "callback"),
        Move("close", (S.REVIEWED,), S.CLOSED, ("reviewer",), ("outcome",), ("asker", "server"), ""),
        Move("reopen", (S.CLOSED,), S.REOPENED, ("asker", "desk"), ("reason",), ("owner", "server"), "dispatch"),
        Move(
            "ask",
            (S.RECEIVED, S.JUDGED, S.OPEN, S.TAKEN, S.REOPENED),
            S.ASKED,
            ("desk", "holder"),
            ("question",),
            ("asker",),
            "reply",
        ),
        Move("answer", (S.ASKED,), BACK, ("asker", "desk"), ("text",), ("owner", "holder"), "resume"),
        Move("no_reply", (S.ASKED,), S.WITHDRAWN, ("clock",), (), ("asker", "owner"), ""),
        Move(
            "pause",
            (S.JUDGED, S.TAKEN, S.UNDERWAY, S.REOPENED),
            S.PAUSED,
            ("desk", "holder"),
            ("reason", "until"),
            ("asker", "owner"),
            "pause",
        ),
        Move("resume", (S.PAUSED,), BACK, ("desk", "holder", "clock"), (), ("holder",), "resume"),
        Move(
            "ledger",
            (S.JUDGED, S.TAKEN, S.UNDERWAY, S.PAUSED, S.REOPENED),
            S.LEDGERED,
            ("desk",),
            ("reason", "until"),
            ("asker", "holder"),
            "ledger",
        ),
        Move("take_up", (S.LEDGERED,), S.JUDGED, ("desk",), (), ("asker",), "dispatch"),
        Move("extend", (S.JUDGED,), S.JUDGED, ("desk", "upper"), ("reason", "until", "text"), ("asker",), "dispatch"),
        Move(
            "extend", (S.TAKEN,), S.TAKEN, ("desk", "upper"), ("reason", "until", "text"), ("asker", "holder"), "finish"
        ),
        Move(
            "extend",
            (S.UNDERWAY,),
            S.UNDERWAY,
            ("desk", "upper"),
            ("reason", "until", "text"),
            ("asker", "holder"),
            "finish",
        ),
        Move(
            "escalate",
            (S.RECEIVED, S.JUDGED, S.OPEN, S.OFFERED, S.TAKEN, S.UNDERWAY, S.REOPENED, S.ESCALATED),
            S.ESCALATED,
            ("desk", "grid", "clock"),
            ("reason",),
            ("upper", "asker", "holder"),
            "accept",
        ),
        Move("hand_down", (S.ESCALATED,), S.JUDGED, ("desk",), ("reason",), ("owner",), "dispatch"),
        Move(
            "pass_on",
            (S.RECEIVED, S.JUDGED, S.OPEN, S.OFFERED, S.TAKEN, S.UNDERWAY, S.REOPENED, S.ESCALATED),
            S.PASSED,
            ("desk",),
            ("where",),
            ("asker", "holder"),
            "",
        ),
        Move("take_back", (S.PASSED,), S.JUDGED, ("desk",), ("reason",), ("asker",), "dispatch"),
        Move("refuse", (S.RECEIVED, S.JUDGED, S.ESCALATED), S.REFUSED, ("desk",), ("reason", "where"), ("asker",), ""),
        Move("file", (S.RECEIVED,), S.FILED, ("desk",), ("category",), ("asker",), ""),
        Move("unfile", (S.FILED,), S.RECEIVED, ("desk",), (), (), "accept"),
        Move(
            "merge",
            (S.RECEIVED, S.JUDGED, S.OPEN, S.OFFERED, S.REOPENED),
            S.MERGED,
            ("desk",),
            ("into",),
            ("asker",),
            "",
        ),
        Move("unmerge", (S.MERGED,), S.RECEIVED, ("desk",), (), ("asker",), "accept"),
        Move("split", (S.RECEIVED, S.JUDGED), S.JUDGED, ("desk",), ("parts",), ("asker",), "dispatch"),
        Move(
            "withdraw",
            (*BEFORE_TAKING, S.ASKED, S.PAUSED, S.LEDGERED, S.TAKEN),
            S.WITHDRAWN,
            ("asker",),
            (),
            ("owner", "holder"),
            "",
        ),
    )
)
