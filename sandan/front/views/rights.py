"""谁能看什么: the table of rights as a citizen could read it, drawn from the lines that the code itself reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from sandan.core.pages import page
from sandan.front import queries
from sandan.intake.models import Category
from sandan.orders import rights
from sandan.orders.workflow import STATES
from sandan.people.access import EVERYBODY, Request, role_required

Words = str | Promise

STANDS: dict[str, Words] = {
    "seer": gettext_lazy("看得到这张单的人"), "desk": gettext_lazy("负责这张单的派单台"),
    "upper": gettext_lazy("上一级派单台"), "fitting": gettext_lazy("能抢这张单的人"),
    "holder": gettext_lazy("接了单的人"), "server": gettext_lazy("办过这张单的人"),
    "reviewer": gettext_lazy("没经手、来核对的人"), "helper": gettext_lazy("一起办的人"),
    "goer": gettext_lazy("一起办、要上门的人"), "called": gettext_lazy("被吹哨叫到的单位"),
}  # fmt: skip
WHERE: dict[str, Words] = {
    "ground": gettext_lazy("单子在自己的片区里"), "owner": gettext_lazy("单子在自己的片区里，由他负责"),
    "area": gettext_lazy("上报时点了他的片区"), "county": gettext_lazy("同一个县，可以抢"),
    "charge": gettext_lazy("本单位自己收的单"),
}  # fmt: skip
WHAT: dict[str, Words] = {
    "order": gettext_lazy("事情（去掉了姓名电话）和大致地点"), "contact": gettext_lazy("称呼和电话"),
    "door": gettext_lazy("门牌"), "photo": gettext_lazy("照片"),
}  # fmt: skip
KINDS: dict[str, Words] = {
    Category.Privacy.PUBLIC.value: gettext_lazy("公开"), Category.Privacy.INSIDE.value: gettext_lazy("内部"),
    Category.Privacy.CONTACT.value: gettext_lazy("敏感"), Category.Privacy.SEALED.value: gettext_lazy("高敏"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line as it is read: what or who, and the words behind it."""

    head: str
    who: str
    when: str
    kinds: str


@require_safe
@role_required(*EVERYBODY)
def who_sees_what(request: Request) -> HttpResponse:
    """For everybody of the house: how a post makes one stand to an order, and what that opens in which state."""
    context = {"posts": [_post(line) for line in rights.POSTS], "sights": [_sight(line) for line in rights.SIGHTS]}
    return page(request, "front/rights.html", context)


def _post(line: rights.Gives) -> Line:
    roles = _joined(queries.role_word(role) for role in line.roles)
    return Line(roles, str(WHERE[line.where]), _states(line.states), _joined(STANDS[one] for one in line.stands))


def _sight(line: rights.Sight) -> Line:
    stands = _joined(STANDS[one] for one in line.stands)
    return Line(str(WHAT[line.what]), stands, _states(line.states), _kinds(line.privacy))


def _states(states: frozenset[str]) -> str:
    if states == rights.EVERY:
        return _("任何时候")
    if states == rights.OPEN:
        return _("办结以前")
    return _joined(info.label for state, info in STATES.items() if state in states)


def _kinds(kinds: frozenset[str]) -> str:
    return _("各类") if kinds == rights.ANY else _joined(word for kind, word in KINDS.items() if kind in kinds)


def _joined(words: Iterable[Words]) -> str:
    return "、".join(str(word) for word in words)
