"""Handing in, with its photos and words, and what a member is told."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sandan.core.models import Entry
from sandan.notices.models import Notice
from sandan.orders import actions
from sandan.orders.models import Order, Photo
from sandan.orders.workflow import S
from sandan.people.models import Person, Role
from tests.factories.orders import MORNING, a_picture, an_order
from tests.factories.people import COMMUNITY, GRID, Cast, somebody
from tests.orders.task_kit import at, fresh, hands, now_order, signed_in, text_of

__all__ = ["hands"]
pytestmark = pytest.mark.django_db


def picture(name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_picture(), "image/jpeg")


class TestHandingIn:
    """R044: done with proof."""

    def finish(self, client: Client, order: Order, **data: Any) -> Any:
        return client.post(at(order, "finish"), data)

    def test_names_the_missing_photo_before_and_after_pressing(self, cast: Cast, hands: Client) -> None:
        """R044: without proof it is refused in words; with the photos it is handed in."""
        order = now_order(cast, S.UNDERWAY)
        assert "还差办好后的照片" in text_of(hands.get(at(order)))
        answer = self.finish(hands, order, work="换了阀门。")
        assert answer.status_code == 422
        assert "还差办好后的照片" in text_of(answer)
        assert "换了阀门。" in text_of(answer)
        assert fresh(order).state == S.UNDERWAY
        answer = self.finish(hands, order, work="换了阀门。", before=picture(), after=picture())
        assert answer.status_code == 302
        after = fresh(order)
        assert (after.state, after.served_by, after.holder) == (S.SERVED, cast.member, None)
        assert after.words.get(kind="work").masked == "换了阀门。"
        assert sorted(after.photos.values_list("stage", flat=True)) == ["after", "before"]

    def test_keeps_photos_of_a_form_that_lacks_the_word(self, cast: Cast, hands: Client) -> None:
        """Nobody takes a picture twice for a forgotten sentence."""
        order = now_order(cast, S.UNDERWAY)
        answer = self.finish(hands, order, work="", before=picture(), after=picture())
        assert answer.status_code == 422
        assert "照片存好了" in text_of(answer)
        assert "还没有写内容" in text_of(answer)
        assert self.finish(hands, order, work="换了阀门。").status_code == 302
        assert fresh(order).photos.count() == 2

    def test_photos_may_be_kept_first(self, cast: Cast, hands: Client) -> None:
        order = now_order(cast, S.UNDERWAY)
        answer = self.finish(hands, order, keep="1", before=[picture(), picture("b.jpg")])
        assert answer.headers["Location"].endswith("#finish")
        assert "已存 2 张" in text_of(hands.get(at(order)))
        assert fresh(order).state == S.UNDERWAY

    def test_pressed_twice_is_one_handing_in(self, cast: Cast, hands: Client) -> None:
        order = now_order(cast, S.UNDERWAY)
        for _press in range(2):
            answer = self.finish(hands, order, work="换了阀门。", before=picture(), after=picture())
            assert answer.headers["Location"] == at(order)
        assert Entry.objects.filter(subject_id=order.pk, verb="finish").count() == 1
        assert Photo.objects.filter(order=order).count() == 2

    def test_keeps_none_of_several_when_one_is_no_picture(self, cast: Cast, hands: Client) -> None:
        order = now_order(cast, S.UNDERWAY)
        program = SimpleUploadedFile("b.jpg", b"MZ" + b"\0" * 400, "image/jpeg")
        answer = self.finish(hands, order, work="换了阀门。", before=picture(), after=[picture(), program])
        assert answer.status_code == 422
        assert "这不是照片" in text_of(answer)
        assert not Photo.objects.filter(order=order).exists()
        assert fresh(order).state == S.UNDERWAY

    def test_takes_nine_of_each_stage_beside_the_askers_own(self, cast: Cast, hands: Client) -> None:
        """The asker's nine pictures leave room for the proof."""
        order = now_order(cast, S.UNDERWAY)
        for n in range(9):
            Photo.objects.create(
                order=order, stage="report", large=b"x", small=b"x", width=1, height=1, dhash=n, at=order.placed_at
            )
        ten = [picture(f"{n}.jpg") for n in range(10)]
        assert "最多 9 张照片" in text_of(self.finish(hands, order, work="好了。", after=ten))
        assert (
            self.finish(hands, order, work="好了。", after=[picture(f"{n}.jpg") for n in range(9)]).status_code == 302
        )

    def test_asks_for_new_proof_after_rework(self, cast: Cast, hands: Client) -> None:
        order = now_order(cast, S.SERVED)
        actions.send_back(order=order, reason="poor_work", by=cast.reviewer, at=timezone.now())
        assert "还差办好后的照片" in text_of(self.finish(hands, order, work="又修了一遍。"))
        assert self.finish(hands, order, work="又修了一遍。", after=picture()).status_code == 302

    def test_needs_no_photo_where_the_catalogue_asks_for_none(self, cast: Cast) -> None:
        helper = somebody("采买人", Role.MEMBER, GRID, skills=["采购配送"])
        order = now_order(cast, S.UNDERWAY, code="0805", helper=helper)
        assert self.finish(signed_in(helper), order, work="买好送到了。").status_code == 302
        assert fresh(order).state == S.SERVED


class TestMessages:
    def test_stand_in_the_members_frame_with_their_count(self, cast: Cast, hands: Client) -> None:
        an_order(cast, S.OFFERED)
        text = text_of(hands.get("/notices/"))
        assert 'class="tabbar"' in text
        assert "/desk/" not in text
        assert 'class="rail' in text_of(signed_in(cast.dispatcher).get("/notices/"))
        assert f'<span class="count hot">{Notice.objects.filter(person=cast.member).count()}</span>' in text_of(
            hands.get("/hall/")
        )

    @pytest.mark.parametrize(
        ("who", "state", "page"),
        [
            ("member", S.OFFERED, "/hall/{}/"), ("member", S.TAKEN, "/mine/{}/"), ("member", S.CLOSED, "/mine/{}/"),
            ("second_member", S.OPEN, "/hall/{}/"), ("dispatcher", S.TAKEN, "/desk/orders/{}/"),
            ("liaison", S.ESCALATED, "/desk/orders/{}/"),
            ("grid_worker", S.RECEIVED, "/desk/orders/{}/"),
        ],
    )  # fmt: skip
    def test_lead_each_to_their_own_page(self, cast: Cast, who: str, state: str, page: str) -> None:
        order = an_order(cast, state)
        person: Person = getattr(cast, who)
        notice = Notice.objects.create(
            at=MORNING, kind="x", person=person, subject="orders.order", subject_id=order.pk,
            facts={"number": order.full_number},
        )  # fmt: skip
        answer = signed_in(person).post(f"/notices/{notice.pk}/open/", follow=True)
        assert answer.redirect_chain[-1][0] == page.format(order.full_number)
        assert answer.status_code == 200

    def test_of_what_is_gone_say_so(self, cast: Cast, hands: Client) -> None:
        order = an_order(cast, S.TAKEN, helper=cast.second_member)
        for number in (order.full_number, f"{COMMUNITY}-2026-0810-999"):
            answer = hands.get(f"/go/{number}/", follow=True)
            assert answer.redirect_chain[-1][0] == "/mine/"
            assert "已经不在您手上了" in text_of(answer)
            assert signed_in(cast.neighbour).get(f"/go/{number}/").status_code == 404
