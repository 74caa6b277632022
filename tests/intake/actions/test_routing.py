"""intake.actions.routing: which unit a matter goes to, and who stands in."""

import pytest

from sandan.core.errors import NotAllowed
from sandan.core.journal import lines_of
from sandan.intake import queries
from sandan.intake.actions import BadRoute, lay_routes, set_route
from sandan.intake.models import Category, Route
from sandan.people.models import Unit
from tests.factories.people import COMMUNITY, COUNTY, NOON, STREET, Cast, a_unit

pytestmark = pytest.mark.usefixtures("catalogue")


class TestLayRoutes:
    def test_gives_43_items_a_unit_and_a_deputy(self, cast: Cast) -> None:
        """R113: 43 routes from item to the unit of its department, each with a deputy."""
        lay_routes(county=COUNTY, by="system", at=NOON)
        routes = Route.objects.filter(scope=COUNTY)
        assert routes.count() == 43
        assert not routes.filter(deputy=None)
        assert Unit.objects.filter(kind="department", scope=COUNTY).count() == 11
        leak = routes.get(category="0101")
        assert (leak.unit.name, leak.deputy and leak.deputy.name) == ("住建局", "城管局")
        assert leak.unit.name_key == "zhu4 jian4 ju2"

    def test_leaves_what_is_set(self, cast: Cast) -> None:
        item = Category.objects.get(code="0201")
        set_route(category=item, scope=COUNTY, unit=a_unit("环卫中心"), deputy=None, by="system", at=NOON)
        assert len(lay_routes(county=COUNTY, by="system", at=NOON)) == 42
        assert lay_routes(county=COUNTY, by="system", at=NOON) == []
        assert Route.objects.get(category=item).unit.name == "环卫中心"


class TestSetRoute:
    def test_makes_an_exception_for_an_area_and_writes_a_line(self, cast: Cast) -> None:
        lay_routes(county=COUNTY, by="system", at=NOON)
        item = queries.category("0201")
        route = set_route(
            category=item, scope=STREET, unit=a_unit("环卫中心"), deputy=cast.unit, by=cast.liaison, at=NOON
        )
        found = queries.route_of(item, COMMUNITY)
        assert found == route
        line = lines_of(route).get()
        assert (line.verb, line.facts["code"], line.scope) == ("route", "0201", STREET)

    @pytest.mark.parametrize("who", ["dispatcher", "neighbour", "clerk", "auditor", "member"])
    def test_is_for_the_street_and_above(self, cast: Cast, who: str) -> None:
        item = queries.category("0201")
        with pytest.raises(NotAllowed):
            set_route(category=item, scope=COMMUNITY, unit=cast.unit, deputy=None, by=getattr(cast, who), at=NOON)

    def test_keeps_a_liaison_out_of_the_next_street(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            set_route(
                category=queries.category("0201"),
                scope="990201002",
                unit=cast.unit,
                deputy=None,
                by=cast.liaison,
                at=NOON,
            )

    def test_refuses_a_deputy_that_is_the_unit_and_a_whole_department(self, cast: Cast) -> None:
        with pytest.raises(BadRoute):
            set_route(
                category=queries.category("0201"), scope=COUNTY, unit=cast.unit, deputy=cast.unit, by="system", at=NOON
            )
        department = Category.objects.get(code="02")
        with pytest.raises(BadRoute):
            set_route(category=department, scope=COUNTY, unit=cast.unit, deputy=None, by="system", at=NOON)
