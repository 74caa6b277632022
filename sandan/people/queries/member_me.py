"""A member's own page: where one has checked in, what one said of oneself, what was said of one's service."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.people.models import MemberCharge, MemberCheckin, MemberProfile, MemberRating, Person
from sandan.people.queries import member_grids, member_posts, member_served, member_times
from sandan.people.queries.member_posts import Held
from sandan.people.queries.member_times import FreeDay

PAST_SHOWN = 10


@dataclass(frozen=True)
class Said:
    """A word of one side about the other, with the answer to it."""

    pk: int
    about_me: bool
    year: int
    word: str
    text: str
    answer: str
    at: datetime


@dataclass(frozen=True)
class Duty:
    """One check-in with its grid's and community's names, what hangs on it, and what each side said."""

    pk: int
    code: str
    grid: str
    community: str
    unit: str
    from_at: datetime
    to_at: datetime | None
    end: str
    charges: tuple[str, ...]
    said: tuple[Said, ...]

    def word_of(self, year: int, *, about_me: bool) -> Said | None:
        """What one side said of the other in that year."""
        return next((one for one in self.said if one.year == year and one.about_me == about_me), None)


@dataclass(frozen=True)
class Mine:
    """All of the page."""

    duties: tuple[Duty, ...]
    past: tuple[Duty, ...]
    interests: str
    ahead: list[FreeDay]
    week: str
    posts: list[Held]
    served: int
    year: int


def rating_word(word: str) -> str:
    """What a word of a rating is called."""
    return {"good": _("好"), "fair": _("一般"), "poor": _("要改进")}.get(word, word)


def end_word(end: str) -> str:
    """Why a check-in ended."""
    return {"moved": _("换了网格"), "left": _("退出了"), "other": _("到期了"), "ground": _("网格调整了")}.get(end, "")


def mine(person: Person, at: datetime) -> Mine:
    """The page of one person; the number of statements does not grow with what is on it."""
    rows = list(person.checkins.select_related("unit", "post").order_by("-from_at")[: PAST_SHOWN + 10])
    duties = duties_of(rows)
    live = [one for one, row in zip(duties, rows, strict=True) if _is_live(row, at)]
    words = MemberProfile.objects.filter(person=person).values_list("interests", flat=True).first()
    week = member_times.week_words(member_times.weekly_of([person.pk])[person.pk])
    return Mine(
        duties=tuple(live), past=tuple(one for one in duties if one not in live)[:PAST_SHOWN], interests=words or "",
        ahead=member_times.ahead(person, at), week=week,
        posts=member_posts.service_of(person, at), served=member_served.served([person.pk]).get(person.pk, 0),
        year=timezone.localtime(at).year,
    )  # fmt: skip


def _is_live(row: MemberCheckin, at: datetime) -> bool:
    ends = [end for end in (row.to_at, row.post.to_at) if end is not None]
    return row.from_at <= at and all(end > at for end in ends)


def duties_of(rows: Collection[MemberCheckin]) -> list[Duty]:
    """Check-ins (with unit) as a page prints them; three statements."""
    charges = list(MemberCharge.objects.filter(checkin__in=rows, to_at=None).order_by("scope"))
    codes = {row.grid for row in rows} | {charge.scope for charge in charges}
    names = member_grids.grid_names(codes)
    said = [
        (one.checkin_id, _said(one)) for one in MemberRating.objects.filter(checkin__in=rows).order_by("-year", "side")
    ]
    return [
        Duty(
            row.pk, row.grid, *names[row.grid], row.unit.name if row.unit else "", row.from_at, row.to_at, row.end,
            tuple(names[charge.scope][0] for charge in charges if charge.checkin_id == row.pk),
            tuple(one for pk, one in said if pk == row.pk),
        )
        for row in rows
    ]  # fmt: skip


def _said(row: MemberRating) -> Said:
    about_me = row.side == MemberRating.Side.COMMUNITY
    return Said(row.pk, about_me, row.year, row.word, row.text, row.answer, row.at)
