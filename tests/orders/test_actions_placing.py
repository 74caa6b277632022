"""From words to a numbered promise: placing, judging, saying, serving."""

from datetime import timedelta
from uuid import uuid4

import pytest

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.notices.models import Notice
from sandan.orders import access, actions
from sandan.orders.actions.placing import NotServed, secret_of
from sandan.orders.actions.saying import Wordless, checked, search_terms
from sandan.orders.actions.serving import BadPhoto, ProofMissing
from sandan.orders.models import Draft, Order, Photo
from sandan.orders.workflow import S
from sandan.people.models import Post
from sandan.people.queries import NoDesk
from sandan.places.models import Place
from tests.factories.orders import MORNING, a_category, a_course, a_picture, a_sending, an_order, asker_of
from tests.factories.people import COMMUNITY, OTHER_COMMUNITY, Cast

pytestmark = pytest.mark.django_db


class TestPlace:
    def test_makes_a_numbered_order_with_owner_and_clock(self, cast: Cast) -> None:
        """R040, R042: received, owned by the desk from the first minute."""
        placed = actions.place(sending=a_sending(guess=a_category()), by=None, at=MORNING)
        order = placed.order
        assert (order.state, order.owner, order.number) == (S.RECEIVED, cast.dispatcher, "0810-001")
        assert order.full_number == f"{COMMUNITY}-2026-0810-001"
        assert (order.placed_at, order.clock_from, order.next_step) == (MORNING, MORNING, "remind")
        assert order.custody.get().person == cast.dispatcher
        line = journal.lines_of(order).get()
        assert (line.verb, line.actor, line.facts["after"]) == ("place", "asker", S.RECEIVED)
        assert Notice.objects.filter(kind="place", person=cast.dispatcher).count() == 1

    def test_takes_the_day_of_the_place_not_of_greenwich(self, cast: Cast) -> None:
        night = MORNING.replace(hour=23, minute=59)
        assert an_order(cast, at=night).number == "0810-001"
        assert an_order(cast, at=night + timedelta(minutes=2)).number == "0811-001"

    def test_gives_a_secret_that_opens_the_order(self, cast: Cast) -> None:
        sending = a_sending()
        placed = actions.place(sending=sending, by=None, at=MORNING)
        assert placed.secret == secret_of(sending.key)
        assert len(placed.secret) == 8
        assert access.asker_with_secret(placed.order, placed.secret) == asker_of(placed.order)
        assert access.asker_with_secret(placed.order, "00000000") is None

    def test_is_one_order_however_often_it_is_sent(self, cast: Cast) -> None:
        sending = a_sending()
        first, again = (actions.place(sending=sending, by=None, at=MORNING) for _ in range(2))
        assert (again.order.pk, again.secret, again.is_new) == (first.order.pk, first.secret, False)
        assert an_order(cast).serial == 2  # no number was lost

    def test_refuses_a_community_that_is_not_switched_on(self, cast: Cast) -> None:
        """R043: switched on per community."""
        Place.objects.filter(code=OTHER_COMMUNITY).update(takes_orders=False)
        with pytest.raises(NotServed, match="水务院社区"):
            an_order(cast, community=Place.objects.get(code=OTHER_COMMUNITY))
        assert not Order.objects.exists()

    def test_refuses_a_place_without_any_desk(self, cast: Cast) -> None:
        Post.objects.all().delete()
        with pytest.raises(NoDesk):
            an_order(cast)
        assert not Order.objects.exists()

    def test_keeps_people_and_numbers_out_of_what_lists_see(self, cast: Cast) -> None:
        order = an_order(cast, text="三号楼漏水，我叫邓秀兰，电话16400001234。", phone="16400001234")
        assert "16400001234" not in order.masked
        assert "1234" not in "".join(order.terms)
        assert order.words.get(kind="report").original.open_unlogged() == "三号楼漏水，我叫邓秀兰，电话16400001234。"

    @pytest.mark.parametrize("text", ["", "  \n ", "\u200b\x00", "漏" * 2001, "x" * 10_000])
    def test_refuses_the_empty_and_the_endless(self, cast: Cast, text: str) -> None:
        with pytest.raises(Wordless):
            an_order(cast, text=text)
        assert not Order.objects.exists()

    @pytest.mark.parametrize(
        "text", ["𠮷祥路水管爆了😀", "<script>alert(1)</script> 漏水", "a" * 2000, "水\x00管\u202e漏", "1" * 200]
    )
    def test_takes_rare_characters_and_markup_as_words(self, cast: Cast, text: str) -> None:
        order = an_order(cast, text=text)
        assert order.words.get(kind="report").original.open_unlogged() == checked(text)
        assert all(len(term) <= 24 for term in order.terms)

    def test_puts_the_drafts_photos_on_the_order(self, cast: Cast) -> None:
        draft = Draft.objects.create(key=uuid4(), content="{}", at=MORNING)
        actions.add_photo(target=draft, stage="report", content=a_picture(), by=None, at=MORNING)
        order = an_order(cast, draft=draft.key)
        assert order.photos.get().stage == "report"

    def test_gives_an_urgent_one_less_time_to_be_looked_at(self, cast: Cast) -> None:
        """Practice 16.2: a burst is seen in ten minutes."""
        assert an_order(cast, urgency=3).due_at == MORNING + timedelta(minutes=10)
        assert an_order(cast, urgency=2).due_at == MORNING + timedelta(minutes=60)
        assert an_order(cast).due_at == MORNING + timedelta(hours=2)


class TestJudge:
    def test_settles_category_urgency_and_clock(self, cast: Cast) -> None:
        course = a_course(cast).do("judge", cast.reviewer, category=a_category("0601"), urgency=2, reply="马上来。")
        order = course.order
        assert (order.state, order.category_id, order.urgency, order.owner) == (S.JUDGED, "0601", 2, cast.reviewer)
        assert order.due_at == MORNING + timedelta(hours=24)
        assert (order.judged_at, order.answered_at) == (course.at, course.at)
        assert order.words.get(kind="reply").masked == "马上来。"

    def test_may_be_mended(self, cast: Cast) -> None:
        course = a_course(cast, S.JUDGED).do("judge", cast.dispatcher, category=a_category("0702"), urgency=1)
        assert (course.order.category_id, course.order.privacy) == ("0702", "sealed")

    def test_refuses_a_place_in_another_community(self, cast: Cast) -> None:
        course = a_course(cast)
        ground = actions.Ground(community=Place.objects.get(code=OTHER_COMMUNITY))
        with pytest.raises(Refused, match="水务院社区"):
            course.do("judge", cast.dispatcher, category=a_category(), urgency=1, ground=ground)

    def test_moves_the_order_to_a_better_place(self, cast: Cast) -> None:
        course = a_course(cast)
        ground = actions.Ground(community=course.order.community, grid="", building="5号楼", door="1单元101", lon=112.5)
        course.do("judge", cast.dispatcher, category=a_category(), urgency=1, ground=ground)
        order = Order.objects.get(pk=course.order.pk)
        assert (order.building, order.grid, order.confidence) == ("5号楼", "", 1.0)
        assert order.door.open_unlogged() == "1单元101"

    def test_does_not_write_over_a_colleague(self, cast: Cast) -> None:
        course = a_course(cast)
        seen = Order.objects.get(pk=course.order.pk)
        course.judged()
        with pytest.raises(Stale, match="已研判"):
            actions.judge(order=seen, category=a_category("0601"), urgency=1, by=cast.reviewer, at=course.at)

    @pytest.mark.parametrize("name", ["member", "neighbour", "auditor", "clerk", "grid_worker", "liaison"])
    def test_is_not_for_others(self, cast: Cast, name: str) -> None:
        with pytest.raises(NotAllowed):
            a_course(cast).do("judge", getattr(cast, name), category=a_category(), urgency=1)


class TestFinish:
    def test_hands_the_order_in(self, cast: Cast) -> None:
        course = a_course(cast, S.SERVED)
        order = course.order
        assert (order.served_by, order.served_at, order.holder) == (cast.member, course.at, None)
        assert order.custody.get(to_at__isnull=True).person == cast.dispatcher
        assert order.words.get(kind="work").masked == "清了堵点，试水通畅。"

    def test_asks_for_photos_before_and_after(self, cast: Cast) -> None:
        """R036: closing needs proof; so does handing in."""
        course = a_course(cast, S.UNDERWAY)
        with pytest.raises(ProofMissing, match="办好后"):
            course.do("finish", cast.member, work="弄好了。")
        actions.add_photo(target=course.order, stage="after", content=a_picture(), by=cast.member, at=course.at)
        with pytest.raises(ProofMissing, match="办之前"):
            course.do("finish", cast.member, work="弄好了。")
        actions.add_photo(target=course.order, stage="before", content=a_picture(), by=cast.member, at=course.at)
        assert course.do("finish", cast.member, work="弄好了。").order.state == S.SERVED

    def test_takes_no_photo_of_an_earlier_round(self, cast: Cast) -> None:
        course = a_course(cast, S.REOPENED).judged().do("offer", cast.dispatcher, to=[cast.member])
        course.do("accept", cast.member)
        with pytest.raises(ProofMissing, match="办好后"):
            course.do("finish", cast.member, work="弄好了。")

    def test_asks_for_a_word_on_what_was_done(self, cast: Cast) -> None:
        course = a_course(cast, S.UNDERWAY, code="0601")
        with pytest.raises(Wordless):
            course.do("finish", cast.member, work="  ")
        assert course.do("finish", cast.member, work="劝好了。").order.state == S.SERVED

    def test_is_for_the_holder_alone(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="接单的人"):
            a_course(cast, S.UNDERWAY).do("finish", cast.dispatcher, work="弄好了。")


class TestAddPhoto:
    def test_refuses_strangers(self, cast: Cast) -> None:
        order = an_order(cast, S.TAKEN)
        for person in (cast.neighbour, cast.second_member, cast.auditor):
            with pytest.raises(NotAllowed):
                actions.add_photo(target=order, stage="after", content=a_picture(), by=person, at=MORNING)

    @pytest.mark.parametrize("content", [b"", b"MZ\x90\x00 a renamed program", a_picture()[:200], b"GIF89a...."])
    def test_refuses_what_is_no_picture(self, cast: Cast, content: bytes) -> None:
        order = an_order(cast, S.TAKEN)
        with pytest.raises(BadPhoto):
            actions.add_photo(target=order, stage="after", content=content, by=cast.member, at=MORNING)
        assert not Photo.objects.exists()

    def test_refuses_the_tenth_of_a_stage(self, cast: Cast) -> None:
        course = a_course(cast, S.TAKEN)
        for _ in range(9):
            actions.add_photo(target=course.order, stage="after", content=a_picture(), by=cast.member, at=course.at)
        actions.add_photo(target=course.order, stage="before", content=a_picture(), by=cast.member, at=course.at)
        with pytest.raises(BadPhoto, match="9"):
            actions.add_photo(target=course.order, stage="after", content=a_picture(), by=cast.member, at=course.at)


class TestSearchTerms:
    def test_fit_their_column_and_stand_once(self) -> None:
        found = search_terms("a" * 40 + " " + "a" * 30 + " 漏水漏水")
        assert found == ["a" * 24, "漏水", "水漏"]
