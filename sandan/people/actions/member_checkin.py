"""R001, R005, R013: a member reports in to a grid, moves to another one, leaves; one person is one row, however often.

A check-in gives the member's post over the grid and its end takes that post away.
"""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.core.names import person_key
from sandan.core.sealed import digest
from sandan.people import access
from sandan.people.actions.posts import Actor, make_person, mobile
from sandan.people.models import MemberCheckin, Person, Post, Role, Scheme, ServiceHolding, Unit
from sandan.people.queries import member_scope, units_scope
from sandan.places.models import Place

MOST_GRIDS = 3  # grids one person serves at a time
_MOMENT = timedelta(microseconds=1)  # a post begins before it ends
How, End = MemberCheckin.How, MemberCheckin.End


class NoGrid(Refused):
    """Not a grid that is in use."""


class AlreadyThere(Refused):
    """The person has checked in to that grid."""


class TooManyGrids(Refused):
    """More grids than one person can serve."""


class OtherName(Refused):
    """The phone number belongs to somebody of another name: two people, or a slip of the pen."""


def require(by: Actor, person: Person, grid: str, unit: Unit | None, at: datetime) -> str:
    """How it comes that `by` may place the person there: self, staff, clerk or import; raises NotAllowed."""
    if not person.is_active:
        raise NotAllowed(_("这个账号停用了。先请管理员恢复账号。"))
    if access.forbids_membership(person, at):
        raise NotAllowed(_("管账号、管日志和外单位的账号不能报到成党员，职责要分开。"))
    if by == "system":
        return How.IMPORT
    if by == person:
        if not access.may_check_in(person, at):
            raise NotAllowed(_("还没有您的报到资格。请找单位经办人或社区先登记一次。"))
        return How.SELF
    posts = access.posts_of(by, at)
    if access.roles_over(posts, grid) & member_scope.KEEPERS:
        return How.STAFF
    if unit and any(post.unit_id == unit.pk for post in posts if post.role == Role.UNIT_CLERK):
        return How.CLERK
    raise NotAllowed(_("这个网格不归您管，这个人也不是您单位的。请找那边的社区。"))


def checked(grid: Place) -> Place:
    """The grid itself; raises NoGrid for a place of another kind or one that ended."""
    if grid.kind not in (Place.Kind.GRID, Place.Kind.EXCLUSIVE) or grid.valid_to:
        raise NoGrid(_("请选一个网格。这个代码现在不是在用的网格。"))
    return grid


@transaction.atomic
def register_member(*, name: str, phone: str, scope: str, by: Actor, at: datetime) -> Person:
    """The one person of that work phone, made where there is none. Raises BadPhone or OtherName.

    Who may register is who may check in: the caller's next step is `check_in`, in the same transaction.
    """
    number = mobile(phone)
    found = Person.objects.filter(phone_digest=digest(number, "phone")).first()
    if found is None:
        login = f"m{secrets.token_hex(6)}"
        found = make_person(login=login, name=name, phone=number, by="system", at=at, scope=scope)
        journal.write(found, "register", by=by, at=at, scope=scope)
    elif person_key(found.name) != person_key(name) or found.name.strip() != name.strip():
        raise OtherName(_("这个手机号登记的是另一个名字。核对号码和姓名，还不对就请管理员看。"))
    return found


@transaction.atomic
def check_in(*, person: Person, grid: Place, by: Actor, at: datetime, unit: Unit | None = None) -> MemberCheckin:
    """A member's check-in with its post. Raises NotAllowed, NoGrid, AlreadyThere or TooManyGrids."""
    how = require(by, person, checked(grid).code, unit, at)
    live = _live_of(person, at)
    if any(one.grid == grid.code for one in live):
        raise AlreadyThere(_("已经在%(grid)s报到了，不用再办。") % {"grid": grid.name})
    if len(live) >= MOST_GRIDS:
        raise TooManyGrids(_("一个人最多在 %(most)s 个网格报到。先退出一个，或换网格。") % {"most": MOST_GRIDS})
    if unit is None and how == How.SELF:
        unit = next((one.unit for one in live if one.unit), None) or _unit_of(person)
    return _place(person, grid, unit, how, by, at)


def _unit_of(person: Person) -> Unit | None:
    """The unit whose roster names them."""
    row = person.roster_rows.live().select_related("unit").order_by("-pk").first()
    return row.unit if row else None


def _live_of(person: Person, at: datetime) -> list[MemberCheckin]:
    """The live check-ins under the person's lock; one whose post ended in another way is ended as well."""
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
    rows = list(person.checkins.filter(to_at=None).select_related("post", "unit").order_by("pk"))
    for row in rows:
        if row.post.to_at is not None and row.post.to_at <= at:
            row.to_at, row.end = max(row.post.to_at, row.from_at), End.OTHER
            row.save(update_fields=["to_at", "end"])
    return [row for row in rows if row.to_at is None]


def _place(person: Person, grid: Place, unit: Unit | None, how: str, by: Actor, at: datetime) -> MemberCheckin:
    post = person.posts.held(at).filter(role=Role.MEMBER, scope=grid.code).first()
    if post is None:
        post = Post.objects.create(person=person, role=Role.MEMBER, scope=grid.code, from_at=at)
        journal.write(post, "give", by=by, at=at, scope=grid.code, person=person.pk, role=Role.MEMBER.value, grade="")
    try:
        with transaction.atomic():
            row = MemberCheckin.objects.create(
                person=person, unit=unit, grid=grid.code, post=post, how=how, from_at=at, scheme=_scheme(grid.code, at),
                by=by if isinstance(by, Person) else None,
            )  # fmt: skip
    except IntegrityError as fault:
        raise AlreadyThere(_("已经在%(grid)s报到了，不用再办。") % {"grid": grid.name}) from fault
    access.forget(person)
    _settle_home(person, grid)
    journal.write(
        row, "check_in", by=by, at=at, scope=grid.code, person=person.pk, unit=unit.pk if unit else None,
        post=post.pk, how=str(how),
    )  # fmt: skip
    return row


def _scheme(grid: str, at: datetime) -> Scheme | None:
    return units_scope.scheme_over(grid, units_scope.schemes_in_force(timezone.localdate(at)))


def _settle_home(person: Person, grid: Place) -> None:
    """The first grid is where distances are counted from; a later one only where the person has left that."""
    home = person.home_id
    if home == grid.code or (home and person.checkins.filter(to_at=None, grid=home).exists()):
        return
    person.home, person.lon, person.lat = grid, grid.lon, grid.lat
    person.save(update_fields=["home", "lon", "lat"])


@transaction.atomic
def change_grid(*, checkin: MemberCheckin, grid: Place, by: Actor, at: datetime) -> MemberCheckin:
    """From one grid to another in one moment; the old check-in stays as history. Raises as `check_in`, or Stale."""
    person, unit = checkin.person, checkin.unit
    how = require(by, person, checkin.grid, unit, at)
    require(by, person, checked(grid).code, unit, at)
    live = _live_of(person, at)
    if any(one.grid == grid.code for one in live):
        raise AlreadyThere(_("已经在%(grid)s报到了，不用再办。") % {"grid": grid.name})
    _end(next((one for one in live if one.pk == checkin.pk), None), End.MOVED, by, at)
    return _place(person, grid, unit, how, by, at)


@transaction.atomic
def check_out(*, checkin: MemberCheckin, end: str, by: Actor, at: datetime) -> MemberCheckin:
    """The member leaves this grid; with the last one their service posts go too. Raises NotAllowed or Stale."""
    person = checkin.person
    require(by, person, checkin.grid, checkin.unit, at)
    live = _live_of(person, at)
    row = _end(next((one for one in live if one.pk == checkin.pk), None), end, by, at)
    if len(live) == 1:
        held = ServiceHolding.objects.filter(person=person).live(at)
        held.update(ended_at=at, end=ServiceHolding.End.LEFT, offered_to=None)
    return row


def _end(row: MemberCheckin | None, end: str, by: Actor, at: datetime) -> MemberCheckin:
    if row is None:
        raise Stale(_("这次报到已经结束了，不用再办。"))
    row.to_at, row.end = max(at, row.from_at), end
    row.save(update_fields=["to_at", "end"])
    row.charges.filter(to_at=None).update(to_at=max(at, row.from_at))
    if row.post.to_at is None or row.post.to_at > at:
        settled = at if end == End.MOVED else None  # work in hand goes along; after any other end it finds a new hand
        Post.objects.filter(pk=row.post_id).update(to_at=max(at, row.post.from_at + _MOMENT), settled_at=settled)
        journal.write(
            row.post, "end", by=by, at=at, scope=row.grid, person=row.person_id, role=Role.MEMBER.value
        )  # fmt: skip
    access.forget(row.person)
    journal.write(row, "check_out", by=by, at=at, scope=row.grid, person=row.person_id, end=str(end))
    return row
