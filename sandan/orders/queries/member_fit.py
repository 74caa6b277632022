"""Whether an order suits a person: the skills it asks for, the way there, the hands still free."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sandan.calc.ground.distance import metres as metres_between
from sandan.core import words
from sandan.orders.models import Order
from sandan.orders.workflow import HELD
from sandan.people.models import Person

MOST_OPEN_GRABS = 2


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


def held_count(person: Person) -> int:
    """How many orders somebody is serving now."""
    return Order.objects.open().filter(holder=person, state__in=sorted(HELD)).count()


def full_hands(held: int) -> str:
    """Why no more can be grabbed, empty while a hand is free."""
    return _("您手上已有 %(count)s 单没办完，办好一单再抢。") % {"count": held} if held >= MOST_OPEN_GRABS else ""


def why_not(order: Order, person: Person, held: int) -> str:
    """What stands against grabbing, as a sentence that says what to do; empty when nothing does."""
    fit = fit_of_order(order, person)
    if fit.misfit == "skill" and order.category:
        return _("这单要会%(skills)s，您登记的本领里还没有。会的话告诉社区，补上就能抢。") % {
            "skills": "、".join(order.category.skills)
        }
    if full_hands(held):
        return full_hands(held)
    if fit.misfit == "far" and fit.metres is not None:
        return _("离您 %(metres)s，超过您定的 %(reach)s。") % {
            "metres": words.distance(fit.metres), "reach": words.distance(person.reach_metres),
        }  # fmt: skip
    return ""
