"""Known callers go where the grid goes whose worker knew them, and back when the change is taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from sandan.orders.actions import whistle_phone
from sandan.orders.models import Ring
from sandan.orders.queries import whistle_phone as queries
from sandan.places import actions as places
from tests.factories import people
from tests.factories.orders import MORNING
from tests.factories.places import County, a_county

pytestmark = pytest.mark.django_db
NUMBER = "16400007719"
LATER = MORNING + timedelta(days=1)
TOWN, NEW = "990201001001", "990201001077"


@pytest.fixture
def county() -> County:
    return a_county()


def ring(cast: people.Cast) -> Ring:
    """A call of somebody who agreed to be known, taken in the first grid."""
    order = whistle_phone.pick_up(key=uuid4(), by=cast.grid_worker, at=MORNING, phone=NUMBER, name="邓", keep=True)
    return order.rings.get()


def knows(scope: str) -> bool:
    return bool(queries.known(scope, NUMBER[-4:], LATER))


class TestFollow:
    def test_a_caller_is_known_under_a_new_area_code(self, county: County) -> None:
        """R060: the grid worker after the renumbering knows who agreed before it; nobody else does."""
        kept = ring(people.cast())
        text = f"old_code,new_code,new_name,from,to,source\n{TOWN},{NEW},,2026-08-11,,公告"
        places.load_area_codes(text=text, by="system", at=LATER)
        assert knows(f"{NEW}001")
        assert not knows(f"{TOWN}001")
        again = whistle_phone.pick_up(
            key=uuid4(), by=people.somebody("接班", "grid_worker", f"{NEW}001"), at=LATER,
            known=Ring.objects.get(pk=kept.pk),
        )  # fmt: skip
        assert again.community_id == NEW

    def test_a_caller_is_known_in_a_merged_grid_and_goes_back_with_it(self, county: County) -> None:
        ring(people.cast())
        change = places.merge(grids=county.grids[:2], by="system", at=LATER)
        assert knows(change.new_codes[0])
        places.undo(change=change, by="system", at=LATER)
        assert knows(f"{TOWN}001")
        assert not knows(change.new_codes[0])
