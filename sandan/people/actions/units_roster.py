"""R005, R008: a unit hands in its roster; names become the people who reported in; who cannot is excused for a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.core.names import person_key
from sandan.people.actions.posts import Actor
from sandan.people.actions.units_rights import require
from sandan.people.models import Person, Roster, RosterExcuse, RosterRow, Unit, UnitCheckin
from sandan.people.queries import units_roster

MOST_ROWS = 5000  # names on the roster of one unit


@dataclass(frozen=True)
class Entry:
    """A line of a roster: the name, and what tells two of one name apart."""

    name: str
    mark: str = ""


class BadRoster(Refused):
    """No names, the same line twice, a day to come, or an older roster than the one that is there."""


class BadExcuse(Refused):
    """The end would come before the beginning, or the person has reported in."""


class NotTheirs(Refused):
    """That person did not report in for this unit, or stands on its roster already."""


def _locked(unit: Unit) -> Unit:
    return Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


@transaction.atomic
def hand_in_roster(*, unit: Unit, entries: Sequence[Entry], on: date, by: Actor, at: datetime) -> Roster:
    """The whole roster as of a day: who is new is added, who is named no more leaves it. NotAllowed or BadRoster."""
    require(by, unit, {"clerk", "overseer"}, at)
    unit = _locked(unit)
    _check(unit, entries, on, at)
    live = {(row.name, row.mark): row for row in RosterRow.objects.live().filter(unit=unit)}
    fresh = [entry for entry in entries if (entry.name, entry.mark) not in live]
    gone = [row for key, row in live.items() if key not in {(entry.name, entry.mark) for entry in entries}]
    fresh, gone = _same_person(fresh, gone)
    RosterRow.objects.filter(pk__in=[row.pk for row in gone]).update(left_on=on)
    RosterExcuse.objects.filter(row__in=gone, ended_at=None).update(ended_at=at)
    RosterRow.objects.bulk_create(_rows(unit, fresh, on, at), batch_size=1000)
    roster, _is_new = Roster.objects.update_or_create(
        unit=unit, on=on, defaults={"row_count": len(entries), "by": None if by == "system" else by, "at": at}
    )
    matched = _match(unit, at)
    facts = {"rows": len(entries), "new": len(fresh), "gone": len(gone), "matched": matched}
    journal.write(roster, "hand_in_roster", by=by, at=at, scope=unit.scope, unit=unit.pk, on=str(on), **facts)
    return roster


def _check(unit: Unit, entries: Sequence[Entry], on: date, at: datetime) -> None:
    if not 0 < len(entries) <= MOST_ROWS:
        raise BadRoster(_("名册上要有人，最多 %(most)s 人。一行写一个名字。") % {"most": MOST_ROWS})
    twice = [entry for entry, number in Counter(entries).items() if number > 1]
    if twice:
        words = _("名册里重复：%(names)s。要是两个人，名字后面空一格写上科室。")
        raise BadRoster(words % {"names": "、".join(f"{one.name} {one.mark}".strip() for one in twice[:5])})
    if on > timezone.localdate(at):
        raise BadRoster(_("名册的日子不能晚于今天。"))
    last = units_roster.roster_days([unit.pk]).get(unit.pk)
    if last and on < last:
        raise BadRoster(_("已经交过 %(day)s 的名册，比这份新。要改，请交今天的。") % {"day": last.isoformat()})


def _same_person(fresh: list[Entry], gone: list[RosterRow]) -> tuple[list[Entry], list[RosterRow]]:
    """Where one of a name goes and one of that name comes, it is the same one with another mark."""
    coming, going = Counter(entry.name for entry in fresh), Counter(row.name for row in gone)
    marks = {entry.name: entry.mark for entry in fresh if coming[entry.name] == 1 == going[entry.name]}
    kept = [row for row in gone if row.name in marks]
    for row in kept:
        row.mark = marks[row.name]
    RosterRow.objects.bulk_update(kept, ["mark"], batch_size=1000)
    return [entry for entry in fresh if entry.name not in marks], [row for row in gone if row.name not in marks]


def _rows(unit: Unit, entries: Sequence[Entry], on: date, at: datetime) -> list[RosterRow]:
    """New rows, expected in the unit's community where it has exactly one."""
    communities = list(UnitCheckin.objects.live(at).filter(unit=unit).values_list("community_id", flat=True)[:2])
    community = communities[0] if len(communities) == 1 else ""
    return [
        RosterRow(
            unit=unit, name=entry.name, name_key=person_key(entry.name), mark=entry.mark, since_on=on,
            community=community,
        )
        for entry in entries
    ]  # fmt: skip


@transaction.atomic
def match_roster(*, unit: Unit, by: Actor, at: datetime) -> int:
    """Names become the people who reported in for the unit, where the name settles it; how many. NotAllowed."""
    require(by, unit, {"clerk", "overseer"}, at)
    found = _match(_locked(unit), at)
    if found:
        journal.write(unit, "match_roster", by=by, at=at, scope=unit.scope, matched=found)
    return found


def _match(unit: Unit, at: datetime) -> int:
    rows = list(RosterRow.objects.live().filter(unit=unit, person=None))
    pairs = units_roster.same_names(rows, units_roster.unclaimed(unit, at)) if rows else []
    for row, person in pairs:
        row.person = person
    RosterRow.objects.bulk_update([row for row, _person in pairs], ["person"], batch_size=1000)
    return len(pairs)


@transaction.atomic
def settle_row(*, row: RosterRow, person: Person, by: Actor, at: datetime) -> RosterRow:
    """The clerk says which of the unit's members this row is. Raises NotAllowed or NotTheirs."""
    require(by, row.unit, {"clerk"}, at)
    _locked(row.unit)
    if not units_roster.unclaimed(row.unit, at).filter(pk=person.pk).exists():
        raise NotTheirs(_("这个人没有以您单位的名义报到，或名册上已经对上了。"))
    row.person = person
    row.save(update_fields=["person"])
    journal.write(row, "settle_row", by=by, at=at, scope=row.unit.scope, unit=row.unit_id, person=person.pk)
    return row


@transaction.atomic
def assign_rows(*, unit: Unit, rows: Sequence[int], community: str, by: Actor, at: datetime) -> int:
    """These members of the roster are expected in that community of the unit; how many. Raises NotAllowed."""
    require(by, unit, {"clerk"}, at)
    if not UnitCheckin.objects.live(at).filter(unit=unit, community=community).exists():
        raise NotAllowed(_("单位没有在这个社区报到，先报到再分人。"))
    count = RosterRow.objects.live().filter(unit=unit, pk__in=rows).update(community=community)
    journal.write(unit, "assign_rows", by=by, at=at, scope=community, rows=count)
    return count


@transaction.atomic
def excuse(
    *, row: RosterRow, why: str, from_on: date, by: Actor, at: datetime, to_on: date | None = None
) -> RosterExcuse:
    """Why somebody cannot report in, for a term; it takes the place of an earlier one. NotAllowed, Stale, BadExcuse."""
    require(by, row.unit, {"clerk"}, at)
    row = RosterRow.objects.select_for_update(of=("self",)).select_related("unit").get(pk=row.pk)
    if row.left_on is not None:
        raise Stale(_("这个人已经不在名册上了。"))
    if to_on is not None and to_on < from_on:
        raise BadExcuse(_("结束不能早于开始。再看一眼日期。"))
    row.excuses.filter(ended_at=None).update(ended_at=at)
    found = RosterExcuse.objects.create(
        row=row, why=why, from_on=from_on, to_on=to_on, by=None if by == "system" else by, at=at
    )
    journal.write(found, "excuse", by=by, at=at, scope=row.unit.scope, unit=row.unit_id, row=row.pk)
    return found


@transaction.atomic
def end_excuse(*, row: RosterRow, by: Actor, at: datetime) -> RosterRow:
    """The reason holds no longer. Raises NotAllowed, or Stale where there is none."""
    require(by, row.unit, {"clerk"}, at)
    if not row.excuses.filter(ended_at=None).update(ended_at=at):
        raise Stale(_("这个人没有登记原因，不用撤。"))
    journal.write(row, "end_excuse", by=by, at=at, scope=row.unit.scope, unit=row.unit_id)
    return row
