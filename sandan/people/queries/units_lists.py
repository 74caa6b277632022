"""Units that report in as lists: the register, the progress of a level, a community's units, one unit's own page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.db.models import Q, QuerySet
from django.utils import timezone

from sandan.core.names import sort_key
from sandan.people.models import (
    CommunitySurvey,
    Pair,
    Post,
    Reminder,
    RosterRow,
    Scheme,
    Unit,
    UnitCheckin,
    UnitLink,
    UnitRating,
    UnitStage,
)
from sandan.people.queries import units_roster, units_scope
from sandan.people.queries.units_roster import Standing, Tally

Pick = Literal["", "gap", "no_roster", "blocked", "late", "nowhere", "survey", "match", "checkin", "done"]
STEPS = tuple(UnitStage.Step.values)


@dataclass(frozen=True)
class UnitLine:
    """A unit in a list: what its roster says, how far it has come, where it serves."""

    unit: Unit
    tally: Tally
    roster_on: date | None
    steps: dict[str, UnitStage]
    communities: tuple[str, ...]
    today: date

    @property
    def now_at(self) -> str:
        """The step the unit is at: the first that is not done; "done" after the last."""
        return next((step for step in STEPS if not (step in self.steps and self.steps[step].done_on)), "done")

    @property
    def blocked(self) -> UnitStage | None:
        """The step that something stands in the way of."""
        return next((row for row in self.steps.values() if row.blocker), None)

    @property
    def is_late(self) -> bool:
        """Whether a step is past its day and not done."""
        return any(row.due_on and not row.done_on and row.due_on < self.today for row in self.steps.values())

    def is_in(self, pick: str) -> bool:
        """Whether the unit belongs to that pick of the list."""
        tests = {
            "": True, "gap": self.tally.gap > 0, "no_roster": self.roster_on is None, "blocked": bool(self.blocked),
            "late": self.is_late, "nowhere": not self.communities,
        }  # fmt: skip
        return tests.get(pick, self.now_at == pick)


@dataclass(frozen=True)
class Progress:
    """All units of a level with the sum of their rosters; `doubles` are people on two of them."""

    lines: tuple[UnitLine, ...]
    tally: Tally
    doubles: int
    first_on: date | None  # the oldest and the newest roster that the figures rest on
    last_on: date | None

    def count(self, pick: str) -> int:
        """How many units a pick has."""
        return sum(line.is_in(pick) for line in self.lines)


def registered(posts: Iterable[Post], at: datetime, words: str = "") -> QuerySet[Unit]:
    """The units of the register that these posts may see, by name; `words` are part of a name or its pinyin."""
    units = Unit.objects.filter(file__isnull=False).filter(units_scope.seen_by(posts, at))
    if words.strip():
        units = units.filter(named(words))
    return units.select_related("file").order_by("name_key", "pk")


def named(words: str) -> Q:
    """Units whose name holds these words, or whose pinyin begins with what was typed in letters."""
    words = words.strip()
    found = Q(name__icontains=words)
    return found | Q(name_key__startswith=sort_key(words)) if words.isascii() else found


def lines(units: Sequence[Unit], standings: Iterable[Standing], at: datetime) -> tuple[UnitLine, ...]:
    """These units as lines; four statements whatever their number."""
    keys, today = [unit.pk for unit in units], timezone.localdate(at)
    tallies, days = units_roster.by_unit(standings), units_roster.roster_days(keys)
    steps, places = _steps(units, today), _communities(keys, at)
    return tuple(
        UnitLine(
            unit, tallies.get(unit.pk, Tally()), days.get(unit.pk), steps.get(unit.pk, {}),
            tuple(places.get(unit.pk, ())), today,
        )
        for unit in units
    )  # fmt: skip


def _steps(units: Sequence[Unit], today: date) -> dict[int, dict[str, UnitStage]]:
    """The steps of each unit under the scheme in force over it."""
    schemes = units_scope.schemes_in_force(today)
    wanted = {unit.pk: scheme for unit in units if (scheme := units_scope.scheme_over(unit.scope, schemes))}
    found: dict[int, dict[str, UnitStage]] = {}
    for row in UnitStage.objects.filter(unit__in=list(wanted), scheme__in=set(wanted.values())):
        if row.scheme_id == wanted[row.unit_id].pk:
            found.setdefault(row.unit_id, {})[row.step] = row
    return found


def _communities(keys: Sequence[int], at: datetime) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = UnitCheckin.objects.live(at).filter(unit__in=keys).order_by("community_id")
    for unit, name in rows.values_list("unit", "community__name"):
        found.setdefault(unit, []).append(name)
    return found


def progress(units: QuerySet[Unit], at: datetime) -> Progress:
    """How far these units are; the rosters are read once, so that sums and lines cannot differ."""
    standings = units_roster.standings(RosterRow.objects.live().filter(unit__in=units.order_by()), at)
    found = lines(list(units), standings, at)
    days = sorted(line.roster_on for line in found if line.roster_on)
    return Progress(
        found, units_roster.tally(standings), len(units_roster.doubles(standings)),
        days[0] if days else None, days[-1] if days else None,
    )  # fmt: skip


@dataclass(frozen=True)
class Serving:
    """A unit's check-in to a community with what it took on, the words of both sides this year, and the pair."""

    checkin: UnitCheckin
    services: tuple[UnitLink, ...] = ()
    charges: tuple[UnitLink, ...] = ()
    ratings: dict[str, UnitRating] = field(default_factory=dict)
    pair: Pair | None = None


def servings(checkins: QuerySet[UnitCheckin], at: datetime) -> list[Serving]:
    """These check-ins with their links, ratings and pairs; four statements."""
    rows = list(checkins.select_related("unit", "community", "scheme").order_by("unit__name_key", "community_id", "pk"))
    links, ratings = dict[int, list[UnitLink]](), dict[int, dict[str, UnitRating]]()
    for one in UnitLink.objects.filter(checkin__in=rows, to_at=None).order_by("pk"):
        links.setdefault(one.checkin_id, []).append(one)
    for word in UnitRating.objects.filter(checkin__in=rows, year=timezone.localdate(at).year):
        ratings.setdefault(word.checkin_id, {})[word.side] = word
    paired = live_pairs(at).filter(unit__in={row.unit_id for row in rows})
    pairs = {(pair.unit_id, pair.community_id): pair for pair in paired}
    return [
        Serving(
            row, tuple(one for one in links.get(row.pk, ()) if one.kind == UnitLink.Kind.SERVICE),
            tuple(one for one in links.get(row.pk, ()) if one.kind == UnitLink.Kind.CHARGE),
            ratings.get(row.pk, {}), pairs.get((row.unit_id, row.community_id)),
        )
        for row in rows
    ]  # fmt: skip


def live_pairs(at: datetime) -> QuerySet[Pair]:
    """The pairs of today with their names."""
    found = Pair.objects.live(timezone.localdate(at)).select_related("unit", "community")
    return found.order_by("unit__name_key", "community_id", "pk")


@dataclass(frozen=True)
class OwnPage:
    """What a unit's page shows."""

    line: UnitLine
    scheme: Scheme | None
    servings: list[Serving]
    pairs: list[Pair]
    reminded_at: datetime | None


def own_page(unit: Unit, at: datetime) -> OwnPage:
    """One unit with all that hangs on it; about ten statements."""
    standings = units_roster.standings(RosterRow.objects.live().filter(unit=unit), at)
    return OwnPage(
        line=lines([unit], standings, at)[0],
        scheme=units_scope.scheme_over(unit.scope, units_scope.schemes_in_force(timezone.localdate(at))),
        servings=servings(UnitCheckin.objects.live(at).filter(unit=unit), at),
        pairs=list(live_pairs(at).filter(unit=unit)),
        reminded_at=Reminder.objects.filter(unit=unit).order_by("-at").values_list("at", flat=True).first(),
    )


@dataclass(frozen=True)
class CommunityPage:
    """A community and the units that serve it: who is expected there and who came; the latest survey."""

    servings: list[Serving]
    pairs: list[Pair]
    tally: Tally
    by_unit: dict[int, Tally]
    survey: CommunitySurvey | None


def expected(community: str) -> QuerySet[RosterRow]:
    """Members of rosters who are expected to report in in this community."""
    return RosterRow.objects.live().filter(community=community)


def community_page(community: str, at: datetime) -> CommunityPage:
    """The units of a community; about eight statements."""
    standings = units_roster.standings(expected(community), at, community)
    return CommunityPage(
        servings=servings(UnitCheckin.objects.live(at).filter(community=community), at),
        pairs=list(live_pairs(at).filter(community=community)),
        tally=units_roster.tally(standings),
        by_unit=units_roster.by_unit(standings),
        survey=CommunitySurvey.objects.filter(community=community).order_by("-on").first(),
    )
