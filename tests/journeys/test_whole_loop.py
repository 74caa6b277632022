"""One order walks the whole loop: each state with actor and time, nothing of the asker left in the clear (R040)."""

import pytest
from django.db import connection

from sandan.core import chain, journal, looks
from sandan.core.models import Block
from sandan.orders.models import Asker, Order, Photo, Words
from sandan.orders.workflow import S
from tests.factories.orders import MORNING, STEP, Course, a_course, asker_of
from tests.factories.people import COMMUNITY, Cast
from tests.factories.people import cast as the_cast

PHONE, DOOR, NAME = "16400001234", "7单元1903", "邓秀兰"
TEXT = f"我是{NAME}，住{DOOR}，水管漏水，电话{PHONE}，来前打一声。"
SAID = (TEXT, PHONE, DOOR, NAME)
WALK = (
    ("place", "asker", S.RECEIVED),
    ("judge", "dispatcher", S.JUDGED),
    ("open_up", "dispatcher", S.OPEN),
    ("grab", "member", S.TAKEN),
    ("set_out", "member", S.UNDERWAY),
    ("finish", "member", S.SERVED),
    ("review", "asker", S.REVIEWED),
    ("call_back", "reviewer", S.REVIEWED),
    ("close", "reviewer", S.CLOSED),
)


@pytest.fixture
def cast(db: None) -> Cast:
    return the_cast()


def walked(cast: Cast) -> Course:
    course = a_course(cast, S.OPEN, text=TEXT, phone=PHONE, name=NAME, door=DOOR)
    course.do("grab", cast.member).do("set_out", cast.member).handed_in()
    course.do("review", asker_of(course.order), word="yes", satisfaction=1, text="修得好，谢谢。")
    course.do("call_back", cast.reviewer, is_reached=True, satisfaction=1)
    return course.do("close", cast.reviewer, outcome="solved")


def clear_texts() -> dict[str, str]:
    """Everything in the database that can be read as text, by table and column; bytes as text too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        columns = cursor.fetchall()
        found = {}
        for table, column, kind in columns:
            value = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'SELECT string_agg({value}, chr(10)) FROM "{table}"')
            found[f"{table}.{column}"] = cursor.fetchone()[0] or ""
    return found


@pytest.mark.django_db
class TestWholeLoop:
    def test_writes_every_state_with_actor_and_time(self, cast: Cast) -> None:
        """R040: received, judged, offered, taken, on the way, done, confirmed, called back, closed."""
        order = walked(cast).order
        lines = list(journal.lines_of(order))
        assert [(line.verb, line.facts["after"]) for line in lines] == [(verb, state) for verb, _who, state in WALK]
        for line, (_verb, who, _state) in zip(lines, WALK, strict=True):
            assert (line.actor, line.actor_id) == (
                ("asker", None) if who == "asker" else ("person", getattr(cast, who).pk)
            )
        assert [line.at for line in lines] == [MORNING + number * STEP for number in range(len(WALK))]

    def test_leaves_custody_without_a_gap(self, cast: Cast) -> None:
        """R042: who had it in hand, from the first minute to the last."""
        order = walked(cast).order
        lines = list(order.custody.order_by("pk"))
        assert [line.person for line in lines] == [cast.dispatcher, cast.member, cast.dispatcher]
        assert [line.role for line in lines] == ["owner", "holder", "owner"]
        assert lines[0].from_at == order.placed_at
        assert [line.to_at for line in lines] == [lines[1].from_at, lines[2].from_at, order.ended_at]

    def test_keeps_every_time_and_both_keys(self, cast: Cast) -> None:
        """R036, R047: proof, word, call-back, and a second hand."""
        order = Order.objects.get(pk=walked(cast).order.pk)
        times = (
            order.placed_at, order.judged_at, order.taken_at, order.underway_at, order.served_at, order.reviewed_at,
            order.called_at, order.ended_at,
        )  # fmt: skip
        assert list(times) == sorted(time for time in times if time)
        assert (order.served_by, order.closed_by) == (cast.member, cast.reviewer)
        assert order.reviews.get().asker == asker_of(order)

    def test_leaves_nothing_of_the_asker_in_the_clear(self, cast: Cast) -> None:
        """G3: a copy of the database tells neither phone nor name, door nor original words."""
        order = walked(cast).order
        looks.reveal(asker_of(order), "phone", by=cast.dispatcher, why="call", at=MORNING, scope=COMMUNITY)
        texts = clear_texts()
        assert any(str(order.full_number) in text for text in texts.values()), "the scan reads what is there"
        found = {place: said for place, text in texts.items() for said in SAID if said in text}
        assert found == {}
        assert "1234" in texts["orders_asker.phone_tail"]

    def test_leaves_no_words_in_the_journal(self, cast: Cast) -> None:
        walked(cast)
        assert all(ord(letter) < 128 for letter in clear_texts()["core_entry.facts"])


@pytest.mark.django_db(transaction=True)
class TestErasure:
    def test_breaks_no_chain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The journal points to words that may be erased; sealed lines stay whole."""
        order = walked(the_cast()).order
        monkeypatch.setattr(chain, "_horizon", lambda real=chain._horizon: (real()[0], 2**40))
        assert chain.seal() >= len(WALK)
        Words.objects.filter(order=order).update(original=None, masked="")
        Asker.objects.filter(order=order).update(name=None, phone=None, phone_digest=None, phone_tail="")
        Photo.objects.filter(order=order).delete()
        verdict = chain.audit()
        assert (verdict.broken, verdict.unsealed, verdict.blocks) == ("", 0, Block.objects.count())
        assert journal.lines_of(order).count() == len(WALK)
