"""The moves of an order's page as buttons: what they are called, what they ask, and why one is not open yet."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.orders.actions import closing
from sandan.orders.forms import desk_moves
from sandan.orders.models import Order
from sandan.orders.workflow import MOVES, S

NAMES: dict[str, tuple[str | Promise, str, str | Promise]] = {  # verb: button, icon, what is said when it is done
    "open_up": (gettext_lazy("放出来抢单"), "hand-grab", gettext_lazy("%s 放出来抢单了。")),
    "ask": (gettext_lazy("问点单人"), "message-circle", gettext_lazy("%s 问点单人了，等他回话。")),
    "answer": (gettext_lazy("记下回话"), "message-2", gettext_lazy("%s 记下回话，接着办。")),
    "call_back": (gettext_lazy("打电话回访"), "phone-outgoing", gettext_lazy("%s 回访记下了。")),
    "close": (gettext_lazy("销号"), "key", gettext_lazy("%s 销号了，点单人会收到。")),
    "stand_in": (gettext_lazy("代为评定"), "user-check", gettext_lazy("%s 代为评定了。")),
    "dissent": (gettext_lazy("没解决，重办"), "rotate", gettext_lazy("%s 重新办，单号不变。")),
    "send_back": (gettext_lazy("退回重做"), "arrow-back-up", gettext_lazy("%s 退回重做了。")),
    "reopen": (gettext_lazy("重办"), "rotate", gettext_lazy("%s 重新办，单号不变。")),
    "release": (gettext_lazy("收回来换人"), "switch-horizontal", gettext_lazy("%s 收回来了，可以另派。")),
    "pause": (gettext_lazy("挂起"), "player-pause", gettext_lazy("%s 挂起了，到日子自动接着办。")),
    "resume": (gettext_lazy("接着办"), "player-play", gettext_lazy("%s 接着办了。")),
    "ledger": (gettext_lazy("挂账"), "archive", gettext_lazy("%s 挂账了，到日子提醒您再看。")),
    "take_up": (gettext_lazy("销账，接着办"), "player-play", gettext_lazy("%s 接着办了。")),
    "extend": (gettext_lazy("延期"), "calendar-time", gettext_lazy("%s 延期了，点单人会收到原因。")),
    "escalate": (gettext_lazy("上报"), "arrow-up-right", gettext_lazy("%s 上报了。")),
    "hand_down": (gettext_lazy("交回下一级"), "corner-up-left", gettext_lazy("%s 交回去了。")),
    "pass_on": (gettext_lazy("转交"), "arrow-forward-up", gettext_lazy("%s 转交了，点单人会收到去处。")),
    "take_back": (gettext_lazy("收回转交"), "arrow-back-up", gettext_lazy("%s 收回来了。")),
    "refuse": (gettext_lazy("不予受理"), "ban", gettext_lazy("%s 回绝了，点单人会收到去处。")),
    "merge": (gettext_lazy("并单"), "arrow-merge", gettext_lazy("%s 并过去了，两边都会收到结果。")),
    "unmerge": (gettext_lazy("分出来单独办"), "arrows-split", gettext_lazy("%s 分出来了，单独办。")),
    "unfile": (gettext_lazy("撤回归档"), "inbox", gettext_lazy("%s 撤回归档，又当一件事来办。")),
}
FIRST = ("close", "call_back", "answer", "open_up", "resume", "take_up", "reopen", "hand_down", "unfile", "unmerge")
ORDER = {verb: place for place, verb in enumerate(NAMES)}
BY_INBOX = {"judge", "offer", "split"}


@dataclass(frozen=True)
class Button:
    """One move. `form` is drawn inside, None where pressing the button fetches it; `is_open` shows it at once.

    `why_not` says what is missing.
    """

    verb: str
    label: str
    icon: str
    form: forms.Form | None
    is_first: bool
    is_open: bool
    why_not: str


def done(verb: str) -> str:
    """What is said when it is done; one place for the number."""
    return str(NAMES[verb][2])


def buttons(
    order: Order, roles: frozenset[str], at: datetime, shown: str = "", bound: forms.Form | None = None
) -> list[Button]:
    """The moves open to these roles, the next right one first; a bound form keeps what was typed."""
    verbs = {move.verb for move in MOVES.open_to(order.state, roles)} & NAMES.keys()
    if bound is not None:
        verbs.add(shown)  # the move that was refused shows why, even where it is no longer open
    first = next((verb for verb in FIRST if verb in verbs), "")
    ranked = sorted(verbs, key=lambda verb: (verb != first, ORDER[verb]))
    return [_button(order, verb, at, verb == first, verb == shown, bound if verb == shown else None) for verb in ranked]


def _button(order: Order, verb: str, at: datetime, is_first: bool, is_open: bool, bound: forms.Form | None) -> Button:
    label, icon, _done = NAMES[verb]
    is_shown = is_first or is_open or desk_moves.FORMS[verb] is desk_moves.MoveForm
    form = bound if bound is not None else desk_moves.form_of(verb, order, at) if is_shown else None
    return Button(verb, str(label), icon, form, is_first, is_open, _why_not(order, verb))


def _why_not(order: Order, verb: str) -> str:
    if verb == "close":
        return closing.missing_key(order).rstrip("。")
    if verb == "stand_in" and not closing.may_stand_in(order):
        tried = closing.tries_at_different_hours(order)
        return _("还要在不同钟点再试 %s 次") % (closing.TRIES - tried)
    if verb == "open_up" and (order.category is None or not order.category.may_be_grabbed):
        return _("这类事不能抢，请直接派")
    return ""


def waits(order: Order, roles: frozenset[str]) -> str:
    """Why closing is not offered yet, for those who will turn the second key; empty where it is or never will be."""
    if order.state == S.SERVED and "reviewer" in roles:
        return _("销号：还差点单人的话")
    if order.state == S.REVIEWED and "reviewer" not in roles and "server" in roles:
        return _("销号：办的人不能自己销，要另一位来")
    return ""


def proofs(order: Order, stages: set[str]) -> list[tuple[str, bool]]:
    """What closing needs, and whether it is there; `stages` of the photos there are."""
    if not order.is_open and order.state != S.CLOSED:
        return []
    found: list[tuple[str, bool]] = []
    if order.category and order.category.evidence == "before_after_photo":
        found += [(_("办之前的照片"), bool(stages & {"before", "report"})), (_("办好后的照片"), "after" in stages)]
    found.append((_("交单时写了怎么办的"), order.served_at is not None))
    found.append((_("点单人的话（或代为评定）"), bool(order.word)))
    if order.needs_call or order.called_at:
        found.append((_("另一位回访过"), order.called_at is not None or _tried_enough(order)))
    found.append((_("没经手的人来销号"), order.closed_by_id is not None))
    return found


def _tried_enough(order: Order) -> bool:
    return closing.tries_at_different_hours(order) >= closing.TRIES
