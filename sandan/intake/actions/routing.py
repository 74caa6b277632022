"""Which unit a matter goes to: the county's usual routes, and exceptions for an area."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.core.names import sort_key
from sandan.intake.models import Category, Route
from sandan.people import access
from sandan.people.models import Person, Role, Unit

Actor = Person | Literal["system"]


class BadRoute(Refused):
    """The route leads nowhere, or to itself."""


def _require_router(by: Actor, scope: str, at: datetime) -> None:
    if by == "system":
        return
    if not access.roles_over(access.posts_of(by, at), scope) & {Role.DISTRICT, Role.ADMIN, Role.LIAISON}:
        raise NotAllowed(_("这一片的去向由街道或区里来定。"))


@transaction.atomic
def set_route(*, category: Category, scope: str, unit: Unit, deputy: Unit | None, by: Actor, at: datetime) -> Route:
    """The matter goes to this unit in that area from now on. Raises NotAllowed or BadRoute."""
    _require_router(by, scope, at)
    if category.parent_id is None or not category.is_active:
        raise BadRoute(_("请选一个在用的事项，不是整个部门。"))
    if deputy == unit:
        raise BadRoute(_("替补要是另一个单位，主办不在时才有人接。"))
    route, _is_new = Route.objects.update_or_create(
        category=category, scope=scope, defaults={"unit": unit, "deputy": deputy}
    )
    journal.write(
        route,
        "route",
        by=by,
        at=at,
        scope=scope,
        code=category.code,
        unit=unit.pk,
        deputy=deputy.pk if deputy else None,
    )
    return route


@transaction.atomic
def lay_routes(*, county: str, by: Actor, at: datetime) -> list[Route]:
    """The usual routes of a county: each item to its department's unit, with a deputy; routes that are set stay."""
    _require_router(by, county, at)
    units = {
        department.code: _unit_of(department, county)
        for department in Category.objects.filter(parent=None, is_request=True).exclude(office="")
    }
    routed = set(Route.objects.filter(scope=county).values_list("category_id", flat=True))
    items = Category.objects.filter(parent__in=list(units), is_active=True).exclude(code__in=routed).order_by("code")
    return [
        set_route(
            category=item,
            scope=county,
            unit=units[item.parent_id or ""],
            deputy=units.get(item.deputy_id or ""),
            by=by,
            at=at,
        )
        for item in items
    ]


def _unit_of(department: Category, county: str) -> Unit:
    unit, _is_new = Unit.objects.get_or_create(
        name=department.office,
        scope=county,
        kind=Unit.Kind.DEPARTMENT,
        defaults={"name_key": sort_key(department.office)},
    )
    return unit
