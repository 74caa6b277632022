"""R005: a list of members: persons once each, checked in to their grids, with their skills."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sandan.calc.sheets.lists import Reader, discreet
from sandan.calc.sheets.values import names
from sandan.people import access
from sandan.people.actions.import_crowd import Someone, Told
from sandan.people.actions.import_people import people_objections, take_people_back, tell_people, write_people
from sandan.people.actions.import_plans import Before, Desk, Plan, Tick, Turn
from sandan.people.actions.import_reading import told_of, unit_of
from sandan.people.actions.member_bulk import Wanted, check_in_many
from sandan.people.actions.member_checkin import MOST_GRIDS
from sandan.people.models import MemberCharge, MemberCheckin, MemberRating, Person, Post, Role, Unit
from sandan.people.queries import import_known, member_scope
from sandan.people.queries.member_lists import skills
from sandan.places.models import Place

STEP = 500  # check-ins written between two ticks


@dataclass(frozen=True)
class Row:
    """One readable row of the list."""

    told: Told
    grid: str
    unit: Unit | None
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """A check-in that the list asks for and that is not here yet."""

    someone: Someone
    grid: str
    unit: Unit | None


def plan(desk: Desk) -> None:
    """Compare the list with what is here; a fixed number of statements."""
    units = import_known.units_by_name(desk.county)
    rows = [row for line in desk.plan.listing.lines if (row := _row(desk, desk.reader(line), units))]
    found = desk.crowd().settle([row.told for row in rows])
    pairs = [(row, one) for row, one in zip(rows, found, strict=True) if one]
    for row, one in pairs:
        one.skills += [skill for skill in row.skills if skill not in one.skills]
    _compare(desk, pairs)
    tell_people(desk.plan, {one: desk.ground.name_of(row.grid) for row, one in reversed(pairs)})


def _row(desk: Desk, reader: Reader, units: dict[str, Unit]) -> Row | None:
    told, grid, unit = told_of(reader), desk.ground.grid_of(reader), unit_of(reader, units)
    known, wanted = skills(), reader.get("skills", lambda value: names(value, 80)) or ()
    for skill in wanted:
        if skill not in known:
            desk.plan.remarks.append(("no_skill", reader.line.where, discreet(skill[:20])))
    if not reader.is_bad and grid and not _may(desk, grid, unit):
        reader.fault("code" if "code" in reader.line.columns else "grid", "not_yours", desk.ground.name_of(grid))
    if reader.is_bad or told is None or grid is None:
        return None
    return Row(told, grid, unit, tuple(skill for skill in wanted if skill in known))


def _may(desk: Desk, grid: str, unit: Unit | None) -> bool:
    """As `member_checkin.require` says: who keeps the grid, or the clerk of the unit."""
    if desk.by == "system" or access.roles_over(desk.posts, grid) & member_scope.KEEPERS:
        return True
    return unit is not None and unit.pk in member_scope.units(desk.posts)


def _compare(desk: Desk, pairs: Sequence[tuple[Row, Someone]]) -> None:
    people = [one.person.pk for _row, one in pairs if one.person]
    there, held = import_known.grids_of(people, desk.at), import_known.posts_of(people, desk.at)
    wanted: dict[tuple[Someone, str], Row] = {}
    for row, one in pairs:
        first = wanted.setdefault((one, row.grid), row)
        if first is not row:
            what = "row_twice" if first.unit == row.unit else "other_unit"
            desk.plan.remarks.append((what, row.told.reader.line.where, str(first.told.reader.line.where.row)))
        elif one.person and row.grid in there.get(one.person.pk, ()):
            desk.plan.is_same("checkin")
        else:
            _wish(desk, row, one)
    counts = Counter(wish.someone for wish in desk.plan.body)
    for one, count in counts.items():
        pk = one.person.pk if one.person else 0
        if count + len(there.get(pk, ())) > MOST_GRIDS:
            one.reader.fault("grid", "too_many_grids", str(MOST_GRIDS))
        if any(post.role in member_scope.NO_MEMBERS for post in held.get(pk, ())):
            one.reader.fault("name", "no_member", one.name)
        if one.person and one.person == desk.by and not access.may_check_in(one.person, desk.at):
            one.reader.fault("name", "self", one.name)


def _wish(desk: Desk, row: Row, one: Someone) -> None:
    where = desk.ground.name_of(row.grid)
    words = _("%(unit)s → %(grid)s") % {"unit": row.unit.name, "grid": where} if row.unit else where
    desk.plan.body.append(Wish(one, row.grid, row.unit))
    desk.plan.turns.append(Turn("checkin", "new", row.told.reader.line.where, one.name, words))


def write(plan: Plan, desk: Desk, tick: Tick) -> Before:
    """Make persons and check-ins; what the way back needs."""
    before: Before = {}
    wishes: list[Wish] = plan.body
    homeless = [one.person.pk for one in plan.people if one.person and one.person.home_id is None]
    write_people(plan.people, desk.county, desk.by, desk.at, before)
    grids = Place.objects.defer("outline").in_bulk({wish.grid for wish in wishes})
    rows: list[MemberCheckin] = []
    for start in range(0, len(wishes), STEP):
        tick(start, len(wishes))
        lines = [Wanted(_person(wish), grids[wish.grid], wish.unit) for wish in wishes[start : start + STEP]]
        rows += check_in_many(wanted=lines, by=desk.by, at=desk.at)
    made = Post.objects.filter(pk__in=[row.post_id for row in rows], from_at=desk.at)
    before |= {"checkins": [row.pk for row in rows], "posts": list(made.values_list("pk", flat=True))}
    homes = Person.objects.filter(pk__in=homeless, home__isnull=False).values_list("pk", "home")
    before["homes"] = {str(pk): home for pk, home in homes}
    return before


def _person(wish: Wish) -> Person:
    assert wish.someone.person
    return wish.someone.person


def objections(before: Before) -> list[str]:
    """What stands on the import by now, in words."""
    rows = MemberCheckin.objects.filter(pk__in=before["checkins"])
    found = people_objections(before)
    if rows.filter(to_at=None).count() != len(before["checkins"]):
        found.append(_("有人已经换了网格或退出了"))
    if any(model.objects.filter(checkin__in=before["checkins"]).exists() for model in (MemberCharge, MemberRating)):
        found.append(_("有人已经认了包联或有了评价"))
    if MemberCheckin.objects.filter(post__in=before["posts"]).exclude(pk__in=before["checkins"]).exists():
        found.append(_("有人在这之后又报到过"))
    return found


def take_back(before: Before) -> None:
    """Everything as it was before the import; ProtectedError where something refers to it."""
    MemberCheckin.objects.filter(pk__in=before["checkins"]).delete()
    Post.objects.filter(pk__in=before["posts"], role=Role.MEMBER).delete()
    for pk, home in before["homes"].items():
        Person.objects.filter(pk=int(pk), home=home).update(home=None, lon=None, lat=None)
    take_people_back(before)
