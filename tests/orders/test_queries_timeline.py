"""The course of an order in words, for each reader."""

from datetime import timedelta
from typing import Any

import pytest

from sandan.orders import actions
from sandan.orders.queries import timeline
from sandan.orders.queries.phrases import NEXT, PHRASES
from sandan.orders.workflow import ENDED, MOVES, STATES, S
from tests.factories.orders import MORNING, a_course, an_order, asker_of
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=3)


def told(lines: tuple[timeline.Line, ...]) -> str:
    return "\n".join(f"{line.who}|{line.text}|{line.note}" for line in lines)


class TestOf:
    def test_has_words_for_every_verb_and_every_open_state(self) -> None:
        assert {move.verb for move in MOVES.moves} <= PHRASES.keys()
        assert STATES.keys() - ENDED == NEXT.keys()

    @pytest.mark.parametrize("state", sorted(STATES))
    def test_tells_every_state_to_every_reader(self, cast: Cast, state: str) -> None:
        order = an_order(cast, state)
        for reader in ("asker", "helper", "desk"):
            lines = timeline.of(order, reader, LATER)
            assert lines
            assert all(line.text and "%(" not in line.text for line in lines)
            tones = [line.tone for line in lines]
            assert tones == ["done"] * len(lines) if not order.is_open else tones[-2:] == ["now", "next"]

    def test_names_no_staff_to_the_asker(self, cast: Cast) -> None:
        """R040: the asker reads 社区 and a surname, never who sits at the desk."""
        course = a_course(cast, S.CLOSED)
        text = told(timeline.of(course.order, "asker", course.at))
        for person in (cast.dispatcher, cast.reviewer, cast.member):
            assert person.name not in text
        assert "贺师傅接了" in text
        assert "社区" in text

    def test_keeps_inside_words_from_asker_and_helper(self, cast: Cast) -> None:
        order = an_order(cast, S.JUDGED)
        actions.escalate(order=order, reason="no_means", by=cast.dispatcher, at=LATER, text="这家老闹事")
        assert "这家老闹事" in told(timeline.of(order, "desk", LATER))
        for reader in ("asker", "helper"):
            assert "这家老闹事" not in told(timeline.of(order, reader, LATER))

    def test_seals_the_words_of_sealed_matters(self, cast: Cast) -> None:
        order = an_order(cast, code="0801", text="家里揭不开锅了")
        assert "揭不开锅" in told(timeline.of(order, "asker", LATER))
        for reader in ("helper", "desk"):
            assert "揭不开锅" not in told(timeline.of(order, reader, LATER))

    def test_puts_photos_where_they_prove(self, cast: Cast) -> None:
        order = an_order(cast, S.SERVED)
        lines = timeline.of(order, "desk", LATER)
        proved = [line for line in lines if line.photo_ids]
        assert [line.text for line in proved] == ["办好，交了单"]
        assert len(proved[0].photo_ids) == 2

    def test_promises_no_time_that_has_passed(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN)
        assert order.due_at is not None
        assert timeline.of(order, "asker", LATER)[-1].at == order.due_at
        late = timeline.of(order, "asker", order.due_at + timedelta(minutes=1))[-1]
        assert (late.at, late.text) == (None, "超过答应您的时间了，社区正在催")

    def test_takes_seven_statements_at_most(self, cast: Cast, django_assert_max_num_queries: Any) -> None:
        course = a_course(cast, S.REOPENED)
        for _n in range(3):
            course.do("offer", cast.dispatcher, to=[cast.member, cast.team])
            course.do("decline", cast.member, reason="busy")
        with django_assert_max_num_queries(7):
            text = told(timeline.of(course.order, "desk", course.at))
        assert "派给贺连生、造纸厂老师傅队" in text
        assert "临时有事" in text

    def test_tells_the_asker_his_own_word(self, cast: Cast) -> None:
        order = an_order(cast, S.SERVED)
        actions.review(order=order, word="yes", by=asker_of(order), at=LATER, satisfaction=1)
        assert "您|您说：解决了。|很满意" in told(timeline.of(order, "asker", LATER))


class TestMaster:
    @pytest.mark.parametrize(("name", "called"), [("贺连生", "贺师傅"), ("欧阳明", "欧阳师傅")])
    def test_keeps_the_surname_only(self, name: str, called: str) -> None:
        assert timeline.master(name) == called
