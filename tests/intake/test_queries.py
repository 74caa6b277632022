"""intake.queries: the catalogue, its routes and its gate as other rooms read them."""

import pytest

from sandan.intake import queries
from sandan.intake.actions import lay_routes, set_route
from sandan.intake.models import Category
from tests.factories.people import COMMUNITY, COUNTY, GRID, NOON, STREET, Cast, a_unit

pytestmark = pytest.mark.usefixtures("catalogue")


class TestCatalogue:
    def test_gives_departments_with_their_items_in_order(self) -> None:
        departments = queries.catalogue()
        assert [d.code for d in departments] == [*(f"{n:02}" for n in range(1, 12)), "99"]
        assert [i.code for i in departments[0].items] == ["0101", "0102", "0103", "0104", "0105", "0106"]
        assert departments[0].office == "住建局"

    def test_is_read_once_and_again_after_forgetting(self, django_assert_num_queries: object) -> None:
        with django_assert_num_queries(1):  # type: ignore[operator]
            queries.catalogue()
            queries.category("0101")
            queries.requests()
        queries.forget()
        with django_assert_num_queries(1):  # type: ignore[operator]
            queries.catalogue()

    def test_is_read_again_after_its_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        queries.catalogue()
        Category.objects.filter(code="0101").update(name="屋顶漏水")
        assert queries.category("0101").name == "房屋渗漏"
        monkeypatch.setattr(queries.time, "monotonic", lambda: 1e12)
        assert queries.category("0101").name == "屋顶漏水"

    def test_leaves_out_items_out_of_use(self) -> None:
        Category.objects.filter(code="0101").update(is_active=False)
        assert "0101" not in {item.code for item in queries.requests()}


class TestCategory:
    def test_gives_the_item(self) -> None:
        assert queries.category("0501").name == "消防通道与楼道堆物"

    @pytest.mark.parametrize("code", ["0000", "01", ""])
    def test_refuses_what_is_no_item(self, code: str) -> None:
        with pytest.raises(queries.NoCategory):
            queries.category(code)


class TestRequests:
    def test_are_43_and_the_asides_4(self) -> None:
        """R112: 43 items for orders; the codes for non-requests stand apart."""
        assert len(queries.requests()) == 43
        assert [item.code for item in queries.asides()] == ["9901", "9902", "9903", "9904"]


class TestRouteOf:
    def test_takes_the_smallest_area_around_the_place(self, cast: Cast, django_assert_num_queries: object) -> None:
        """R113: the longest prefix wins."""
        lay_routes(county=COUNTY, by="system", at=NOON)
        item = queries.category("0201")
        for scope, name in ((STREET, "街道环卫所"), (COMMUNITY, "社区保洁队")):
            set_route(category=item, scope=scope, unit=a_unit(name), deputy=None, by="system", at=NOON)
        with django_assert_num_queries(1):  # type: ignore[operator]
            route = queries.route_of(item, GRID)
            assert route is not None
            assert route.unit.name == "社区保洁队"
        names = {code: queries.route_of(item, code).unit.name for code in (STREET + "009", "990201002001")}  # type: ignore[union-attr]
        assert list(names.values()) == ["街道环卫所", "城管局"]

    def test_is_none_where_nothing_is_set(self, cast: Cast) -> None:
        assert queries.route_of(queries.category("0201"), COMMUNITY) is None
