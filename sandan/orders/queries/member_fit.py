"""Whether an order suits a person: the skills it asks for, the way there, the limits of grabbing (decision 0010)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sandan.calc.clock.free import free_minutes
from sandan.calc.ground.distance import metres as metres_between
from sandan.core import words
from sandan.core.calendar import calendar
from sandan.orders.models import Order
from sandan.orders.queries import member_hands
from sandan.orders.queries.member_hands import Hands
from sandan.orders.queries.member_rules import FAIR_LEAST, TIME_NEEDED, Rules
from sandan.people.models import Person

LATE_RULE = timedelta(days=1)  # of an overdue order: the time that counts as its own


@dataclass(frozen=True, slots=True)
class Fit:
    """What speaks for it: skills that are asked for, metres from the home grid (None unknown), whether it lies there.

    `misfit` is what speaks against it: "skill", "far", or nothing.
    """

    skills: tuple[str, ...]
    metres: float | None
    is_home: bool
    misfit: str

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """The best first: a skill that is asked for, the home grid, the shorter way."""
        return not self.skills, not self.is_home, self.metres if self.metres is not None else float("inf")

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is shown to this person, in words."""
        skilled = (_("您会%s") % "、".join(self.skills),) if self.skills else ()
        return skilled + ((_("同一个网格"),) if self.is_home else ())

    def is_near(self, rules: Rules) -> bool:
        """Whether the person may grab from the first minute; what cannot be measured is not held against anybody."""
        return self.is_home or self.metres is None or self.metres <= rules.near_metres


@dataclass(frozen=True, slots=True)
class Case:
    """What the limits ask of an order; times are aware, `near_until` None where its first part is over."""

    pk: int
    county: str
    near_until: datetime | None
    due_at: datetime | None


def fit_of(needed: Sequence[str], grid: str, lon: float | None, lat: float | None, person: Person) -> Fit:
    """How an order with these needs at this place suits the person; no statement."""
    skills = tuple(skill for skill in needed if skill in person.skills)
    metres = distance(lon, lat, person)
    is_home = bool(grid) and person.home_id == grid
    is_far = metres is not None and metres > person.reach_metres and not is_home
    return Fit(skills, metres, is_home, "skill" if needed and not skills else "far" if is_far else "")


def distance(lon: float | None, lat: float | None, person: Person) -> float | None:
    """Metres from the person's home grid, None where one of the two is unknown."""
    if lon is None or lat is None or person.lon is None or person.lat is None:
        return None
    return metres_between((person.lon, person.lat), (lon, lat))


def fit_of_order(order: Order, person: Person) -> Fit:
    """The same for a loaded order with its category."""
    needed = order.category.skills if order.category else ()
    return fit_of(needed, order.grid, order.lon, order.lat, person)


def case_of(order: Order) -> Case:
    """What the limits ask of a loaded order."""
    return Case(order.pk, order.county, order.near_until, order.due_at)


def limit(case: Case, fit: Fit, hands: Hands, rules: Rules, at: datetime) -> str:
    """The first limit that is met: skill, hands, far, again, time, near, fair, or nothing.

    No statement, but one for the county's median where the person has grabbed much and the first part still runs.
    """
    is_first_part = case.near_until is not None and at < case.near_until
    tests = (
        (fit.misfit == "skill", "skill"),
        (hands.held >= rules.most_open, "hands"),
        (fit.misfit == "far", "far"),
        (at < again_from(case.pk, hands, rules, at), "again"),
        (not has_time(case.due_at, hands, at), "time"),
        (is_first_part and not fit.is_near(rules), "near"),
    )
    found = next((name for is_met, name in tests if is_met), "")
    return found or ("fair" if is_first_part and _is_above(case.county, hands, rules, at) else "")


def again_from(pk: int, hands: Hands, rules: Rules, at: datetime) -> datetime:
    """From when somebody may grab again what they gave back; `at` where they did not."""
    released = hands.released.get(pk)
    return released + timedelta(minutes=rules.again_minutes) if released else at


def has_time(due_at: datetime | None, hands: Hands, at: datetime) -> bool:
    """Whether enough of the person's own time lies before the deadline."""
    until = max(due_at or at, at + LATE_RULE) if due_at is None or due_at <= at else due_at
    needed = min(TIME_NEEDED, int((until - at).total_seconds() // 60))
    return free_minutes(calendar(), hands.times, at, until, needed) >= needed


def _is_above(county: str, hands: Hands, rules: Rules, at: datetime) -> bool:
    if hands.grabs < FAIR_LEAST:
        return False
    return hands.grabs > member_hands.usual_grabs(county, at) * rules.fair_percent / 100


def full_hands(held: int, most: int) -> str:
    """Why no more can be grabbed, empty while a hand is free."""
    return _("您手上已有 %(count)s 单没办完，办好一单再抢。") % {"count": held} if held >= most else ""


def why_not(order: Order, person: Person, hands: Hands, rules: Rules, at: datetime) -> str:
    """What stands against grabbing, as a sentence that says what to do; empty when nothing does."""
    fit, case = fit_of_order(order, person), case_of(order)
    name = limit(case, fit, hands, rules, at)
    return SENTENCES[name](order, person, fit, hands, rules, at) if name else ""


def _skill(order: Order, _person: Person, _fit: Fit, _hands: Hands, _rules: Rules, _at: datetime) -> str:
    skills = "、".join(order.category.skills) if order.category else ""
    return _("这单要会%(skills)s，您登记的本领里还没有。会的话到「我的报到」里补上，就能抢。") % {"skills": skills}


def _far(_order: Order, person: Person, fit: Fit, _hands: Hands, _rules: Rules, _at: datetime) -> str:
    return _("离您 %(metres)s，超过您定的 %(reach)s。") % {
        "metres": words.distance(fit.metres or 0), "reach": words.distance(person.reach_metres),
    }  # fmt: skip


def _again(order: Order, _person: Person, _fit: Fit, hands: Hands, rules: Rules, at: datetime) -> str:
    again = words.when(again_from(order.pk, hands, rules, at), at)
    return _("这单您刚交回，%(time)s 起才能再抢。现在又能办了，就打电话告诉社区。") % {"time": again}


def _time(_order: Order, _person: Person, _fit: Fit, _hands: Hands, _rules: Rules, _at: datetime) -> str:
    return _("期限以前您没有登记空闲时间。时间有变，到「我的报到」里改一下，就能抢。")


def _near(order: Order, _person: Person, _fit: Fit, _hands: Hands, rules: Rules, at: datetime) -> str:
    return _("先让 %(way)s以内和同网格的人抢，%(time)s 起您就能抢。") % {
        "way": words.distance(rules.near_metres), "time": words.when(order.near_until, at),
    }  # fmt: skip


def _fair(order: Order, _person: Person, _fit: Fit, hands: Hands, _rules: Rules, at: datetime) -> str:
    return _("您两周里抢了 %(count)s 单，比大家多不少。先让别人，%(time)s 起您就能抢。") % {
        "count": hands.grabs, "time": words.when(order.near_until, at),
    }  # fmt: skip


def _hands(_order: Order, _person: Person, _fit: Fit, hands: Hands, rules: Rules, _at: datetime) -> str:
    return full_hands(hands.held, rules.most_open)


SENTENCES = {
    "skill": _skill, "hands": _hands, "far": _far, "again": _again, "time": _time, "near": _near, "fair": _fair,
}  # fmt: skip
