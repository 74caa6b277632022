"""Departments with two clerks each, partners with an account, and orders in somebody's hands."""

from dataclasses import dataclass

from sandan.people.models import Person, Role, Unit
from tests.factories.people import COMMUNITY, COUNTY, Cast, a_unit, somebody


@dataclass(frozen=True)
class Beside:
    """Who stands beside an order: a second clerk of the cast's unit, another department, a partner."""

    second_clerk: Person
    office: Unit
    office_clerk: Person
    estate: Unit
    estate_clerk: Person


def beside(cast: Cast) -> Beside:
    """Two departments of the county and the property company of the community."""
    office = a_unit("住建局")
    estate = a_unit("安居物业", Unit.Kind.PARTNER, COMMUNITY)
    return Beside(
        second_clerk=somebody("关立新", Role.UNIT_CLERK, COUNTY, unit=cast.unit),
        office=office,
        office_clerk=somebody("苗青", Role.UNIT_CLERK, COUNTY, unit=office),
        estate=estate,
        estate_clerk=somebody("和平", Role.PARTNER, COMMUNITY, unit=estate),
    )
