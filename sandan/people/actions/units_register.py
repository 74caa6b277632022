"""R004, R010: a unit enters the register; what it tells of itself is kept there, its contact's number under seal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal, looks
from sandan.core.errors import NotAllowed, Refused
from sandan.core.names import sort_key
from sandan.people import access
from sandan.people.actions.posts import Actor
from sandan.people.actions.units_rights import require
from sandan.people.models import Person, Resource, Role, Unit, UnitFile
from sandan.people.queries import member_scope, units_scope

SHORTEST, LONGEST = 3, 20  # digits of a work number: an extension of the house, or one with area code and extension


class BadUnitPhone(Refused):
    """Not a number one can dial."""


@dataclass(frozen=True)
class UnitFacts:
    """What a unit tells of itself; None leaves what is there, an empty value takes it away."""

    contact: str | None = None
    phone: str | None = None
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    offers: Sequence[str] | None = None
    agreement: str | None = None
    agreed_on: date | None = None
    member_count: int | None = None
    is_co_building: bool | None = None


def may_register(by: Actor, scope: str, at: datetime) -> bool:
    """Whether `by` may bring units of that area into the register: its overseer or the district's desk."""
    if by == "system":
        return True
    posts = access.posts_of(by, at)
    codes = (*units_scope.overseen(posts), *member_scope.areas(posts, (Role.DISTRICT,)))
    return any(scope.startswith(code) for code in codes)


@transaction.atomic
def register_unit(
    *, name: str, scope: str, facts: UnitFacts, by: Actor, at: datetime, kind: str = Unit.Kind.WORK_UNIT
) -> UnitFile:
    """The unit of that name and area in the register, made where it is missing. Raises NotAllowed or BadUnitPhone.

    A department that already takes orders there is the same unit, not a second one.
    """
    if not may_register(by, scope, at):
        raise NotAllowed(_("登记单位由主管工委或区里来办。"))
    known = Unit.objects.select_for_update().filter(name=name.strip(), scope=scope).order_by("pk")
    unit = known.first()
    if unit is None:
        unit = Unit.objects.create(name=name.strip(), name_key=sort_key(name, 200), kind=kind, scope=scope)
        journal.write(unit, "make", by=by, at=at, scope=scope, kind=kind, branch="")
    return _write(unit, facts, by, at)


@transaction.atomic
def write_unit(*, unit: Unit, facts: UnitFacts, by: Actor, at: datetime) -> UnitFile:
    """What the unit tells of itself, changed. Raises NotAllowed or BadUnitPhone."""
    require(by, unit, {"clerk", "overseer", "office"}, at)
    return _write(unit, facts, by, at)


def _write(unit: Unit, facts: UnitFacts, by: Actor, at: datetime) -> UnitFile:
    file = UnitFile.objects.select_for_update().filter(unit=unit).first() or UnitFile(unit=unit)
    told = {field: value for field, value in vars(facts).items() if value is not None and field != "phone"}
    if "offers" in told:
        told["offers"] = [tag for tag in Resource.values if tag in told["offers"]]
    for field, value in told.items():
        setattr(file, field, value.strip() if isinstance(value, str) else value)
    if facts.phone is not None:
        number = dialled(facts.phone)
        file.phone, file.phone_tail = number or None, number[-4:]
    file.touched_at = at
    file.save()
    fields = sorted({*told, *(["phone"] if facts.phone is not None else [])})
    journal.write(unit, "write_unit", by=by, at=at, scope=unit.scope, fields=fields)
    return file


def dialled(text: str) -> str:
    """The digits of a work number in any usual writing, "" for none; raises BadUnitPhone and says what is wrong."""
    number = "".join(char for char in text.strip() if char not in " -－—()（）转,，")
    number = "".join(str(int(char)) if char.isdecimal() else char for char in number).removeprefix("+86")
    if not number:
        return ""
    if not (number.isascii() and number.isdigit()):
        raise BadUnitPhone(_("工作电话里只能有数字和横线，再看一眼。"))
    if not SHORTEST <= len(number) <= LONGEST:
        raise BadUnitPhone(_("工作电话是 3 到 20 位数字，再看一眼。"))
    return number


@transaction.atomic
def see_unit_phone(*, unit: Unit, by: Person, at: datetime) -> str:
    """The work number of the unit's contact, a line left; "" for none. The caller found the unit by access."""
    file = UnitFile.objects.filter(unit=unit).first()
    return looks.reveal(file, "phone", by=by, why="call", at=at, scope=unit.scope) if file else ""
