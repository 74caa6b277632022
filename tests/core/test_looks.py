"""Opening a sealed field for a person leaves a line that the resident may ask for."""

import pytest

from sandan.core import journal, looks
from sandan.core.models import Look
from tests.factories.orders import MORNING, an_order, asker_of
from tests.factories.people import COMMUNITY, Cast, cast

PHONE = "16400001234"


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


class TestReveal:
    """R112: each read of contact or sealed fields leaves a line."""

    def test_gives_the_clear_text_and_writes_it_down(self, people: Cast) -> None:
        asker = asker_of(an_order(people, phone=PHONE))
        clear = looks.reveal(asker, "phone", by=people.dispatcher, why="call", at=MORNING, scope=COMMUNITY)
        assert clear == PHONE
        look = Look.objects.get()
        assert (look.person, look.subject, look.subject_id) == (people.dispatcher, "orders.asker", asker.pk)
        assert (look.field, look.why, look.at) == ("phone", "call", MORNING)
        line = journal.lines_of(asker).get(verb="look")
        assert line.actor_id == people.dispatcher.pk
        assert PHONE not in str(line.facts)

    def test_writes_a_line_for_every_look(self, people: Cast) -> None:
        asker = asker_of(an_order(people, phone=PHONE))
        for _ in range(3):
            looks.reveal(asker, "phone", by=people.dispatcher, why="call", at=MORNING, scope=COMMUNITY)
        assert Look.objects.count() == 3

    def test_gives_nothing_of_what_is_not_there(self, people: Cast) -> None:
        asker = asker_of(an_order(people, phone=""))
        assert looks.reveal(asker, "phone", by=people.dispatcher, why="call", at=MORNING, scope=COMMUNITY) == ""
        assert not Look.objects.exists()
