"""What did not arrive: for the desk that can ring up, for the office that can mend the way, for `sandan check`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from sandan.notices import kinds
from sandan.notices.models import NOT_ARRIVED, UNDER_WAY, Delivery, Notice

SHOWN = 100
LATELY = timedelta(days=7)
CHOSEN = ("no_phone", "sealed", "no_calls", "switched_off")  # nobody failed: there was no way by choice


@dataclass(frozen=True)
class Missed:
    """What waits for a person: the newest lines, how many in all, and how many had no way by their own choice."""

    lines: tuple[Delivery, ...]
    count: int
    chosen_count: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Outlook:
    """For the check: lines that ended without arriving in a day, overdue ones, and the oldest of these."""

    missed: int
    without_provider: int
    overdue: int
    oldest: datetime | None


def not_arrived(scopes: Collection[str], at: datetime) -> QuerySet[Delivery]:
    """Unhandled lines of a week about orders inside these place codes; an empty code is the whole house."""
    inside = Q()
    for scope in scopes:
        inside |= Q(notice__facts__number__startswith=scope) if scope else Q(pk__isnull=False)
    lines = Delivery.objects.filter(state__in=NOT_ARRIVED, handled_at__isnull=True, made_at__gt=at - LATELY)
    return lines.filter(inside) if scopes else lines.none()


def missed(scopes: Collection[str], at: datetime) -> Missed:
    """Newest first; three statements."""
    lines = not_arrived(scopes, at)
    reasons = dict(lines.order_by().values_list("error").annotate(Count("pk")))
    waiting = lines.exclude(error__in=CHOSEN)
    shown = tuple(waiting.select_related("notice__person").order_by("-made_at", "-pk")[:SHOWN])
    chosen = sum(reasons.pop(code, 0) for code in CHOSEN)
    return Missed(shown, sum(reasons.values()), chosen, tuple(sorted(reasons.items(), key=lambda one: -one[1])))


def missed_count(scopes: Collection[str], at: datetime) -> int:
    """How many wait for a person there; one statement."""
    return not_arrived(scopes, at).exclude(error__in=CHOSEN).count()


def outlook(at: datetime) -> Outlook:
    """How the ways out stand; three statements."""
    day, late = at - timedelta(days=1), at - timedelta(minutes=10)
    ended = Delivery.objects.filter(state__in=NOT_ARRIVED, handled_at__isnull=True, made_at__gt=day)
    counts = ended.exclude(error__in=CHOSEN).aggregate(
        missed=Count("pk", filter=~Q(error="no_provider")), without=Count("pk", filter=Q(error="no_provider"))
    )
    lines = Delivery.objects.filter(state__in=UNDER_WAY, next_at__lt=late)
    if kinds.is_quiet(at):
        lines = lines.filter(lane__lt=kinds.Lane.PROGRESS)  # the others wait for the morning
    waiting = lines.aggregate(overdue=Count("pk"), oldest=Min("next_at"))
    unplanned = Notice.objects.filter(is_unplanned=True, at__lt=late).aggregate(overdue=Count("pk"), oldest=Min("at"))
    oldest = min((one for one in (waiting["oldest"], unplanned["oldest"]) if one), default=None)
    return Outlook(counts["missed"], counts["without"], waiting["overdue"] + unplanned["overdue"], oldest)
