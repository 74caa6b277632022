"""The lists of orders that boards and figures share: one name, one condition, so a figure opens exactly its orders."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sandan.orders.models import CallBack, Review, Step
from sandan.orders.models.ladder import TOP_LEVEL, UP_REASONS
from sandan.orders.queries import reasons
from sandan.orders.workflow import ENDED, STANDING, S

Condition = Callable[[datetime], Q]
HANDED_IN = (S.SERVED, S.REVIEWED)


@dataclass(frozen=True)
class Listing:
    """A named list: its words, its condition at a moment, and whether it holds open orders only."""

    label: str | Promise
    condition: Condition
    is_open: bool = False


def running() -> Q:
    """Open orders whose finish clock runs: not standing still, not handed in yet."""
    return Q(is_open=True, stopped_at__isnull=True) & ~Q(state__in=HANDED_IN)


def late(at: datetime) -> Q:
    """Open orders past their deadline that nobody has handed in."""
    return running() & Q(due_at__lt=at)


def due_today(at: datetime) -> Q:
    """Running orders whose deadline lies between now and midnight."""
    return running() & Q(due_at__gte=at, due_at__lt=midnight_after(at))


def midnight_after(at: datetime) -> datetime:
    """The end of that day by the wall clock."""
    local = timezone.localtime(at)
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)


def _counted(_at: datetime) -> Q:
    return ~Q(state__in=(S.FILED, S.MERGED, S.WITHDRAWN))


def _finished(_at: datetime) -> Q:
    return Q(state__in=(S.CLOSED, S.PASSED, S.REFUSED), answered_at__isnull=False)


def _in_time(at: datetime) -> Q:
    """Handed in before the deadline; what was never served counts from its end."""
    served = Q(served_at__isnull=False, served_at__lte=F("due_at"))
    return _finished(at) & (served | Q(served_at__isnull=True, ended_at__lte=F("due_at")))


def _due(at: datetime) -> Q:
    return _finished(at) | late(at)


def _heard() -> Q:
    """The word is the asker's own: given by himself, or told to a reviewer on the phone or at the door."""
    return Q(called_at__isnull=False) | Q(Exists(Review.objects.filter(order=OuterRef("pk"), asker__isnull=False)))


def _asker_spoke(_at: datetime) -> Q:
    return Q(state=S.CLOSED) & _heard() | Q(reopened_count__gt=0)


def _solved_at_once(_at: datetime) -> Q:
    return Q(state=S.CLOSED, word="yes", reopened_count=0) & _heard()


def _called(_at: datetime) -> Q:
    return Q(Exists(CallBack.objects.filter(order=OuterRef("pk"))))


def _stepped_up(reason: str) -> Listing:
    """Orders that went up for this reason at least once."""
    ups = Step.objects.filter(order=OuterRef("pk"), verb="escalate", reason=reason)
    label = reasons.ESCALATION[reason]
    return Listing(label, lambda at: _counted(at) & Q(step_count__gt=0) & Q(Exists(ups)))


def _stuck(at: datetime) -> Q:
    """Running below the top level for longer than the ladder allows there."""
    over = Q(climb_at__lte=at) | Q(climb_at__isnull=True, due_at__lte=at)
    return running() & Q(level__lt=TOP_LEVEL) & over


LISTS: dict[str, Listing] = {
    # tabs of the board
    "open": Listing(_("没办完"), lambda _at: Q(is_open=True), True),
    "today": Listing(_("今天到期"), due_today, True),
    "late": Listing(_("超时"), late, True),
    "new": Listing(_("待研判"), lambda _at: Q(is_open=True, state=S.RECEIVED), True),
    "nobody": Listing(_("没人接"), lambda _at: Q(is_open=True, state__in=(S.JUDGED, S.REOPENED)), True),
    "grab": Listing(_("抢单中"), lambda _at: Q(is_open=True, state__in=(S.OPEN, S.OFFERED)), True),
    "hands": Listing(_("有人在办"), lambda _at: Q(is_open=True, state__in=(S.TAKEN, S.UNDERWAY)), True),
    "word": Listing(_("待评价回访"), lambda _at: Q(is_open=True, state__in=HANDED_IN), True),
    "standing": Listing(_("挂起挂账"), lambda _at: Q(is_open=True, state__in=sorted(STANDING)), True),
    "upper": Listing(_("上报"), lambda _at: Q(is_open=True, state=S.ESCALATED), True),
    "ended": Listing(_("已了结"), lambda _at: Q(is_open=False, state__in=sorted(ENDED))),  # an index knows the states
    # behind the figures
    "counted": Listing(_("收到的"), _counted),
    "finished": Listing(_("办结并回话的"), _finished),
    "unfinished": Listing(_("还没办结的"), lambda at: _counted(at) & ~_finished(at)),
    "withdrawn": Listing(_("撤单的"), lambda _at: Q(state=S.WITHDRAWN)),
    "merged": Listing(_("并单的"), lambda _at: Q(state=S.MERGED)),
    "in_time": Listing(_("按期办好的"), _in_time),
    "due": Listing(_("该办好的"), _due),
    "not_in_time": Listing(_("没按期的"), lambda at: _due(at) & ~_in_time(at)),
    "asked_back": Listing(_("点单人说过话的"), _asker_spoke),
    "solved_at_once": Listing(_("一次就解决的"), _solved_at_once),
    "not_at_once": Listing(_("没一次解决的"), lambda at: _asker_spoke(at) & ~_solved_at_once(at)),
    "rated": Listing(_("打过分的"), lambda _at: Q(state=S.CLOSED, satisfaction__isnull=False)),
    "unhappy": Listing(_("不满意的"), lambda _at: Q(state=S.CLOSED, satisfaction__gte=4)),
    "handed_in": Listing(_("交过活的"), lambda _at: Q(served_at__isnull=False) & ~Q(state__in=(S.MERGED, S.WITHDRAWN))),
    "again": Listing(
        _("重办过的"),
        lambda _at: Q(served_at__isnull=False, reopened_count__gt=0) & ~Q(state__in=(S.MERGED, S.WITHDRAWN)),
    ),
    "closed": Listing(_("已销号的"), lambda _at: Q(state=S.CLOSED)),
    "near": Listing(_("没出社区的"), lambda _at: Q(state=S.CLOSED, level__lte=2)),
    "in_grid": Listing(_("在网格销号的"), lambda _at: Q(state=S.CLOSED, level=1)),
    "in_community": Listing(_("在社区销号的"), lambda _at: Q(state=S.CLOSED, level=2)),
    "at_street": Listing(_("在街道销号的"), lambda _at: Q(state=S.CLOSED, level=3)),
    "at_district": Listing(_("在区里销号的"), lambda _at: Q(state=S.CLOSED, level=4)),
    "stepped_up": Listing(_("上报过的"), lambda at: _counted(at) & Q(step_count__gt=0)),
    "up_no_right": _stepped_up(UP_REASONS[0]),
    "up_no_means": _stepped_up(UP_REASONS[1]),
    "up_over_time": _stepped_up(UP_REASONS[2]),
    "up_danger": _stepped_up(UP_REASONS[3]),
    "up_several_areas": _stepped_up(UP_REASONS[4]),
    "stuck": Listing(_("在这一级停久了的"), _stuck, True),
    "solved": Listing(_("解决了的"), lambda _at: Q(state=S.CLOSED, outcome="solved")),
    "called": Listing(_("回访过的"), _called),
    "taken": Listing(_("有人接过的"), lambda at: _counted(at) & Q(taken_at__isnull=False)),
    "judged": Listing(_("研判过的"), lambda at: _counted(at) & Q(judged_at__gte=F("placed_at"))),
}
TABS = ("open", "today", "late", "new", "nobody", "grab", "hands", "word", "standing", "upper", "ended")
HOT = frozenset({"late"})
