"""Who follows a post: rooms above keep what its holder has in hand; they are told in the post's own transaction.

The modules stand in settings.POST_FOLLOWERS, so that this room imports none of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Literal, Protocol, cast

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _

from sandan.people.models import DayAct, Person, Post


@dataclass(frozen=True)
class Leaving:
    """A post that has ended or ends now, and who holds it next; `by` is a person, "system" or "clock"."""

    post: Post
    to: Person | None
    by: Person | Literal["system", "clock"]
    at: datetime


@dataclass(frozen=True)
class Moved:
    """What went along with a post: how many orders to whom, how many back to their desks, and turns of duty."""

    passed: Mapping[str, int] = field(default_factory=dict)
    returned: int = 0
    shifts: int = 0
    holes: int = 0

    @property
    def count(self) -> int:
        """All orders that changed hands."""
        return sum(self.passed.values()) + self.returned

    def words(self) -> str:
        """As the page tells it."""
        said = [_("%(count)d 张单随岗位转给%(name)s。") % {"count": n, "name": who} for who, n in self.passed.items()]
        if self.returned:
            said.append(_("%(count)d 张单退回负责的社区，等着再派。") % {"count": self.returned})
        if self.shifts:
            said.append(_("%(count)d 班值班一起交接。") % {"count": self.shifts})
        if self.holes:
            said.append(_("%(count)d 班值班空出来了，请在值班表里补上。") % {"count": self.holes})
        return "".join(said) or _("手上没有没办完的单。")


class Follower(Protocol):
    """What a module in settings.POST_FOLLOWERS offers."""

    def open_work(self, post: Post, at: datetime) -> int:
        """How many open orders somebody has in hand by this post."""

    def follow(self, leaving: Leaving) -> Moved:
        """Give everything in hand to who comes next, else to who answers; raises Refused where there is nobody."""

    def tell(self, kind: str, subject: Model, persons: Iterable[Person], at: datetime) -> None:
        """Tell somebody about a thing of this room: post_ended, post_given, day_act, day_summary, centre_ask."""

    def report(self, act: DayAct, at: datetime) -> str:
        """Make an order of what a day's worker reports, in the mentor's name; its full number."""


def followers() -> list[Follower]:
    """The modules, in the order of the settings."""
    return [cast(Follower, import_module(name)) for name in settings.POST_FOLLOWERS]


def open_work(post: Post, at: datetime) -> int:
    """How many open orders go along with a post."""
    return sum(follower.open_work(post, at) for follower in followers())


def follow(leaving: Leaving) -> Moved:
    """Let everything follow; what all of them moved together."""
    passed: dict[str, int] = {}
    returned = shifts = holes = 0
    for moved in [follower.follow(leaving) for follower in followers()]:
        for name, count in moved.passed.items():
            passed[name] = passed.get(name, 0) + count
        returned, shifts, holes = returned + moved.returned, shifts + moved.shifts, holes + moved.holes
    return Moved(passed, returned, shifts, holes)


def tell(kind: str, subject: Model, persons: Iterable[Person], at: datetime) -> None:
    """One notice of that kind to each of them; notices stand on a floor above this room."""
    told = list(persons)
    for follower in followers():
        follower.tell(kind, subject, told, at)


def report(act: DayAct, at: datetime) -> str:
    """The full number of the order a report became."""
    return next((number for follower in followers() if (number := follower.report(act, at))), "")
