"""R107: a list of posts: who is 网格长, 专职, 兼职, 辅助员, liaison or clerk, where and for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sandan.calc.sheets.lists import Reader
from sandan.calc.sheets.values import Unreadable, text_of
from sandan.core import journal
from sandan.core.errors import NotAllowed
from sandan.core.models import Entry
from sandan.people.actions.import_crowd import Someone, Told
from sandan.people.actions.import_people import BATCH, people_objections, take_people_back, tell_people, write_people
from sandan.people.actions.import_plans import Before, Desk, Plan, Tick, Turn
from sandan.people.actions.import_reading import day, moment, told_of, unit_of
from sandan.people.actions.posts import DEPUTY, require_appointer
from sandan.people.models import Person, Post, Role, Unit
from sandan.people.queries import import_known
from sandan.people.queries.import_columns import ALONE, ALSO, SORTS, Sort, shifts
from sandan.people.queries.import_ground import near
from sandan.places.models import Place

LEVEL_COLUMN = {9: "street", 12: "community", 15: "grid", 17: "grid"}


@dataclass(frozen=True)
class Row:
    """One readable row of the list; `known` is the post that somebody holds already, whose end the list changes."""

    told: Told
    sort: str
    role: str
    grade: str
    scope: str
    unit: Unit | None
    from_at: datetime
    to_at: datetime | None
    shift: str
    someone: Someone | None = None
    known: Post | None = None

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two posts of one person the same."""
        return self.role, self.grade, self.scope, self.unit.pk if self.unit else None


def sort_of(value: object) -> Sort | None:
    """The sort of post that a cell names; Unreadable for one that a list may not give, or nobody knows."""
    text = text_of(value).replace(" ", "").replace("(", "").replace(")", "")
    if not text:
        return None
    if text in ALONE:
        raise Unreadable("role_alone", text)
    found = SORTS.get(ALSO.get(text, text))
    if found is None:
        raise Unreadable("no_role", text, near(text, [*SORTS, *ALSO]))
    return found


def shift_of(value: object) -> str:
    """The code of a shift, empty where none is named."""
    text = text_of(value)
    if text and text not in shifts():
        raise Unreadable("no_shift", text, "、".join(shifts()))
    return shifts().get(text, "")


def plan(desk: Desk) -> None:
    """Compare the list with what is here; a fixed number of statements."""
    units = import_known.units_by_name(desk.county)
    rows = [row for line in desk.plan.listing.lines if (row := _row(desk, desk.reader(line), units))]
    found = desk.crowd().settle([row.told for row in rows])
    pairs = [replace(row, someone=one) for row, one in zip(rows, found, strict=True) if one]
    _compare(desk, pairs)
    _one_liaison(desk)
    tell_people(desk.plan, {row.someone: _words(desk, row) for row in reversed(pairs) if row.someone})


def _row(desk: Desk, reader: Reader, units: dict[str, Unit]) -> Row | None:
    told, unit, sort = told_of(reader), unit_of(reader, units), reader.get("role", sort_of)
    begin, end, shift = day(reader, "from"), day(reader, "to"), reader.get("shift", shift_of) or ""
    if sort is None and not reader.is_bad:
        reader.fault("role", "role_missing")
    if reader.is_bad or told is None or sort is None:
        return None
    scope = _scope(desk, reader, sort, unit)
    from_at, to_at = _term(desk, reader, begin, end)
    if not reader.is_bad:
        _check_right(desk, reader, sort, scope)
    if reader.is_bad:
        return None
    acts_for = unit if sort.role == Role.UNIT_CLERK else None
    words = text_of(reader.line.cells.get("role"))
    return Row(told, words, sort.role, sort.grade, scope, acts_for, from_at, to_at, shift)


def _scope(desk: Desk, reader: Reader, sort: Sort, unit: Unit | None) -> str:
    """The code of the place that the post is held over; a clerk's is the unit's."""
    if sort.role == Role.UNIT_CLERK:
        if unit is None:
            reader.fault("unit", "unit_missing")
        return unit.scope if unit else ""
    if sort.lengths == (6,):
        return desk.county
    found = desk.ground.place_of(reader, sort.lengths)
    if found is None and not reader.is_bad:
        reader.fault(LEVEL_COLUMN[sort.lengths[0]], f"place_missing_{min(sort.lengths)}")
    return found or ""


def _term(desk: Desk, reader: Reader, begin: date | None, end: date | None) -> tuple[datetime, datetime | None]:
    """From the first day on, or now, until the last day is over, or for ever."""
    from_at = moment(begin) if begin else desk.at
    to_at = moment(end + timedelta(days=1)) if end else None
    if to_at and to_at <= desk.at:
        reader.fault("to", "term_over", str(end))
    elif to_at and to_at <= from_at:
        reader.fault("to", "term_backwards", str(end))
    return from_at, to_at


def _check_right(desk: Desk, reader: Reader, sort: Sort, scope: str) -> None:
    try:
        require_appointer(desk.by, sort.role, scope, desk.at)
    except NotAllowed:
        reader.fault("role", "not_yours", desk.ground.name_of(scope))


def _compare(desk: Desk, rows: Sequence[Row]) -> None:
    people = [row.someone.person.pk for row in rows if row.someone and row.someone.person]
    held = import_known.posts_of(people, desk.at)
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        assert row.someone
        reader, person = row.told.reader, row.someone.person
        first = seen.setdefault((row.someone, *row.identity), row)
        if first is not row:
            reader.fault("role", "post_twice", str(first.told.reader.line.where.row))
        elif person and person == desk.by:
            reader.fault("name", "self_post", row.someone.name)
        else:
            known = (post for post in held.get(person.pk, ()) if _is(post, row)) if person else iter(())
            _turn(desk, row, next(known, None))


def _is(post: Post, row: Row) -> bool:
    return (post.role, post.grade, post.scope, post.unit_id) == row.identity


def _turn(desk: Desk, row: Row, known: Post | None) -> None:
    assert row.someone
    if known and (row.to_at is None or row.to_at == known.to_at):
        desk.plan.is_same("post")
        return
    what, words = ("changed", _term_words(row, known)) if known else ("new", _words(desk, row))
    desk.plan.body.append(replace(row, known=known))
    desk.plan.turns.append(Turn("post", what, row.told.reader.line.where, row.someone.name, words))


def _words(desk: Desk, row: Row) -> str:
    where = row.unit.name if row.unit else desk.ground.name_of(row.scope)
    return _("%(sort)s，%(where)s") % {"sort": row.sort, "where": where}


def _term_words(row: Row, known: Post) -> str:
    old, new = (
        f"{timezone.localdate(end - timedelta(days=1)):%Y-%m-%d}" if end else _("长期")
        for end in (known.to_at, row.to_at)
    )
    return _("任期从 %(old)s 改到 %(new)s") % {"old": old, "new": new}


def _one_liaison(desk: Desk) -> None:
    """A street has one liaison at any moment: neither two in the list nor one beside whoever holds it."""
    rows = [row for row in desk.plan.body if row.role == Role.LIAISON and row.grade != DEPUTY]
    held = import_known.liaisons_of({row.scope for row in rows}, desk.at)
    for number, row in enumerate(rows):
        others = [post for post in held if row.known is None or post.pk != row.known.pk]
        terms = [(post.scope, post.from_at, post.to_at) for post in others]
        terms += [(one.scope, one.from_at, one.to_at) for one in rows[:number]]
        if any(scope == row.scope and _overlap(row, begin, end) for scope, begin, end in terms):
            row.told.reader.fault("role", "liaison_there", desk.ground.name_of(row.scope))


def _overlap(row: Row, begin: datetime, end: datetime | None) -> bool:
    return (end is None or row.from_at < end) and (row.to_at is None or begin < row.to_at)


def write(plan: Plan, desk: Desk, tick: Tick) -> Before:
    """Make persons and posts, move ends of terms; what the way back needs."""
    before: Before = {}
    rows: list[Row] = plan.body
    tick(0, len(rows))
    write_people(plan.people, desk.county, desk.by, desk.at, before)
    tick(len(rows) // 2, len(rows))
    made = [_post(row) for row in rows if row.known is None]
    _settle_homes(made, before)
    Post.objects.bulk_create(made, batch_size=BATCH)
    changed = [row.known for row in rows if row.known]
    before["terms"] = {str(post.pk): post.to_at.isoformat() if post.to_at else None for post in changed}
    for row in rows:
        if row.known:
            row.known.to_at = row.to_at
    Post.objects.bulk_update(changed, ["to_at"], batch_size=BATCH)
    _journal(made, "give", desk)
    _journal(changed, "term", desk)
    before |= {"posts": {str(post.pk): post.to_at.isoformat() if post.to_at else None for post in made}}
    before["terms_set"] = {str(post.pk): post.to_at.isoformat() if post.to_at else None for post in changed}
    return before


def _post(row: Row) -> Post:
    assert row.someone
    return Post(
        person=row.someone.person, role=row.role, grade=row.grade, scope=row.scope, unit=row.unit, shift=row.shift,
        from_at=row.from_at, to_at=row.to_at,
    )  # fmt: skip


def _settle_homes(posts: Sequence[Post], before: Before) -> None:
    """Somebody new counts distances from the grid they work in."""
    new = set(before["people"])
    wanted = {post.person.pk: post for post in reversed(posts) if post.person_id in new and len(post.scope) >= 15}
    grids = Place.objects.defer("outline").in_bulk({post.scope[:15] for post in wanted.values()})
    for post in wanted.values():
        grid = grids[post.scope[:15]]
        post.person.home, post.person.lon, post.person.lat = grid, grid.lon, grid.lat
    Person.objects.bulk_update([post.person for post in wanted.values()], ["home", "lon", "lat"], batch_size=BATCH)


def _journal(posts: Sequence[Post], verb: str, desk: Desk) -> None:
    lines = [
        journal.line(
            post, verb, by=desk.by, at=desk.at, scope=post.scope, person=post.person_id, role=str(post.role),
            grade=post.grade,
        )
        for post in posts
    ]  # fmt: skip
    Entry.objects.bulk_create(lines, batch_size=BATCH)


def _ends(terms: Mapping[str, str | None]) -> dict[int, datetime | None]:
    return {int(pk): parse_datetime(text) if text else None for pk, text in terms.items()}


def objections(before: Before) -> list[str]:
    """What stands on the import by now, in words."""
    found = people_objections(before)
    wanted = _ends(before["posts"] | before["terms_set"])
    rows = Post.objects.filter(pk__in=wanted)
    if dict(rows.filter(settled_at=None, next=None).values_list("pk", "to_at")) != wanted:
        found.append(_("有的岗位已经结束、交接或改过任期"))
    others = Q(person__in=before["people"]) & ~Q(pk__in=[int(pk) for pk in before["posts"]])
    if Post.objects.filter(others).exists():
        found.append(_("新登记的人里有人又有了别的岗位"))
    return found


def take_back(before: Before) -> None:
    """Everything as it was before the import; ProtectedError where something refers to it."""
    Post.objects.filter(pk__in=[int(pk) for pk in before["posts"]]).delete()
    rows = list(Post.objects.filter(pk__in=[int(pk) for pk in before["terms"]]))
    ends = _ends(before["terms"])
    for post in rows:
        post.to_at = ends[post.pk]
    Post.objects.bulk_update(rows, ["to_at"], batch_size=BATCH)
    take_people_back(before)
