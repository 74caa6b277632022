"""The claim desk: wishes and service posts on one page, one rule each, one way in and out (R015)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sandan.core.journal import lines_of
from sandan.orders.workflow import S
from sandan.people.actions import service_posts
from sandan.people.models import Person, ServiceHolding, ServicePost
from tests.factories.members import a_member, a_service_post
from tests.factories.orders import a_category, an_order
from tests.factories.people import OTHER_GRID, Cast
from tests.factories.people import cast as a_cast

pytestmark = pytest.mark.django_db
DESK = "/claims/"


@pytest.fixture
def cast(db: None) -> Cast:
    return a_cast()


@pytest.fixture
def post(cast: Cast) -> ServicePost:
    at = timezone.now()
    return a_service_post(cast.dispatcher, from_at=at, to_at=at + timedelta(days=90), at=at)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def a_wish(cast: Cast, text: str = "想要一副老花镜") -> Any:
    order = an_order(cast, S.OPEN, at=timezone.now(), text=text)
    wish = a_category("0805")
    wish.skills, wish.grab, wish.privacy = [], "yes", "contact"
    wish.save()
    order.category = wish
    order.save(update_fields=["category"])
    return order


class TestDesk:
    def test_shows_wishes_and_posts_and_no_other_order(self, cast: Cast, post: ServicePost) -> None:
        """R015: one desk for wishes and service posts."""
        wish, other = a_wish(cast), an_order(cast, S.OPEN, at=timezone.now())
        page = text_of(signed_in(cast.member).get(DESK))
        assert f"job-{wish.full_number}" in page
        assert f"job-{other.full_number}" not in page
        assert f"claim-{post.pk}" in page
        assert "在路口劝一劝" in page

    def test_takes_a_wish_like_any_order(self, cast: Cast) -> None:
        """R015: a wish keeps the limits of grabbing; nothing of it is anew."""
        wish = a_wish(cast)
        hands = signed_in(cast.member)
        assert hands.post(f"/hall/{wish.full_number}/", {"act": "take"}).status_code == 302
        wish.refresh_from_db()
        assert (wish.state, wish.holder) == (S.TAKEN, cast.member)
        assert f"job-{wish.full_number}" not in text_of(hands.get(DESK))

    def test_claims_and_gives_back(self, cast: Cast, post: ServicePost) -> None:
        hands = signed_in(cast.member)
        assert "领下了" in text_of(hands.post(f"{DESK}{post.pk}/claim/", follow=True))
        row = ServiceHolding.objects.get()
        assert lines_of(row).get().verb == "claim"
        page = text_of(hands.get(DESK))
        assert f"claim-{post.pk}" not in page
        assert "我领的岗" in page
        assert hands.post(f"{DESK}held/{row.pk}/release/", {}).status_code == 422
        assert "交回了" in text_of(hands.post(f"{DESK}held/{row.pk}/release/", {"reason": "busy"}, follow=True))
        row.refresh_from_db()
        assert (row.end, row.reason) == ("released", "busy")

    def test_tells_who_comes_late_and_shows_the_rest(self, cast: Cast, post: ServicePost) -> None:
        service_posts.claim(post=post, by=cast.second_member, at=timezone.now())
        answer = signed_in(cast.member).post(f"{DESK}{post.pk}/claim/")
        assert answer.status_code == 409
        assert "晚了一步" in text_of(answer)

    def test_hands_over_by_full_name_within_the_community(self, cast: Cast, post: ServicePost) -> None:
        """R014; G2: no list of people to choose from; two of one name go to the desk."""
        heir = a_member("尚清和", OTHER_GRID)
        hands = signed_in(cast.member)
        hands.post(f"{DESK}{post.pk}/claim/")
        row = ServiceHolding.objects.get()
        path = f"{DESK}held/{row.pk}/hand_over/"
        for name, says in (("", "写上接手人"), ("没这人", "没有这个名字")):
            answer = hands.post(path, {"name": name})
            assert answer.status_code == 422
            assert says in text_of(answer)
        hands.post(path, {"name": "尚清和"})
        page = text_of(signed_in(heir).get(DESK))
        assert "想把这个岗交给您" in page
        assert "接过来了" in text_of(signed_in(heir).post(f"{DESK}held/{row.pk}/answer/", {"act": "yes"}, follow=True))
        assert ServiceHolding.objects.get(ended_at=None).person == heir
        a_member("尚清和", OTHER_GRID)
        second = ServiceHolding.objects.get(ended_at=None)
        refused = signed_in(heir).post(f"{DESK}held/{second.pk}/hand_over/", {"name": "尚清和"})
        assert "同名" in text_of(refused)

    def test_is_the_same_404_for_what_is_another_s_and_for_nothing(self, cast: Cast, post: ServicePost) -> None:
        row = service_posts.claim(post=post, by=cast.second_member, at=timezone.now())
        hands = signed_in(cast.member)
        for pk in (row.pk, 999_999):
            for verb in ("release", "hand_over", "answer"):
                assert hands.post(f"{DESK}held/{pk}/{verb}/", {"reason": "busy"}).status_code == 404
        assert hands.post(f"{DESK}999999/claim/").status_code == 404
        row.refresh_from_db()
        assert row.ended_at is None

    def test_is_for_those_who_serve(self, cast: Cast, post: ServicePost) -> None:
        """A grid worker sees it and claims nothing; a desk and an auditor do not enter."""
        worker = signed_in(cast.grid_worker)
        assert f"claim-{post.pk}" not in text_of(worker.get(DESK))
        assert worker.post(f"{DESK}{post.pk}/claim/").status_code == 404
        for person in (cast.dispatcher, cast.auditor):
            assert signed_in(person).get(DESK).status_code == 403

    def test_costs_the_same_for_one_as_for_many(self, cast: Cast, post: ServicePost) -> None:
        hands = signed_in(cast.member)
        counts = []
        for number in (1, 5):
            for _number in range(number):
                a_wish(cast)
                a_service_post(cast.dispatcher, from_at=post.from_at, to_at=post.to_at, at=post.at)
            with CaptureQueriesContext(connection) as told:
                hands.get(DESK)
            counts.append(len(told))
        assert counts[0] == counts[1]


class TestKeeping:
    def test_offers_and_takes_back_on_the_staff_s_page(self, cast: Cast) -> None:
        """R014: the community's own page: offer, see who holds it, take back, withdraw."""
        desk = signed_in(cast.dispatcher)
        given = {
            "kind": "elders", "place": cast.member.home_id[:12], "task": "", "weekdays": ["2"], "begin": "18:30",
            "close": "20:00", "seats": "2", "first": "2099-01-01", "last": "2099-03-31",
        }  # fmt: skip
        assert desk.post("/people/service/", {**given, "close": "18:00"}).status_code == 422
        assert desk.post("/people/service/", given).status_code == 302
        post = ServicePost.objects.get()
        assert post.task.startswith("每周去看一位")
        assert timezone.localtime(post.to_at).isoformat()[:16] == "2099-04-01T00:00"
        row = service_posts.claim(post=post, by=cast.member, at=timezone.now())
        assert cast.member.name in text_of(desk.get("/people/service/"))
        neighbour = signed_in(cast.neighbour)
        assert neighbour.post(f"/people/service/held/{row.pk}/take_back/", {"reason": "absent"}).status_code == 404
        assert neighbour.post(f"/people/service/{post.pk}/close/").status_code == 404
        assert desk.post(f"/people/service/held/{row.pk}/take_back/", {"reason": "absent"}).status_code == 302
        assert desk.post(f"/people/service/{post.pk}/close/").status_code == 302
        assert not ServicePost.objects.running(timezone.now()).exists()
