"""The progress page: what one sees, what one can do, and what a stranger never sees."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sandan.core import looks
from sandan.core.models import Look
from sandan.orders import actions
from sandan.orders.actions import closing
from sandan.orders.models import Order, Photo
from tests.factories.orders import a_category, a_course, a_picture, asker_of
from tests.factories.people import COMMUNITY
from tests.factories.resident import PHONE, WORDS, Town, a_town, hand_in, joining, place, point, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return a_town()


def page_of(answer: Any) -> str:
    return answer.content.decode()


def secret_of(order: Order) -> str:
    return actions.placing.secret_of(order.key)


def knock(client: Client, number: str, secret: str, **data: str):
    return client.post("/follow/", {"way": "secret", "number": number, "secret": secret, **data})


def opened(town: Town, client: Client, state: str = "received", **facts) -> Order:
    """An order in a state, opened in this browser."""
    order = a_course(town.cast, state, at=timezone.now() - timedelta(hours=2), **facts).order
    assert knock(client, order.full_number, secret_of(order)).status_code == 302
    return order


class TestProgress:
    @pytest.mark.parametrize(
        ("state", "said"),
        [
            ("received", "收到了，社区正在看。"), ("judged", "社区看过了，正在找人办。"),
            ("open", "正在问附近谁能来。"),
            ("offered", "已经派人，等他答应。"), ("taken", "贺师傅接了单。"), ("underway", "贺师傅出发了。"),
            ("served", "办好了，请您看看。"), ("reviewed", "您的话收到了"), ("closed", "办结了。"),
            ("asked", "社区有句话要问您。"),
            ("paused", "先停一停"),
            ("ledgered", "眼下办不了"), ("escalated", "报给了上一级"),
            ("reopened", "重新办"),
            ("passed", "转给了专管的"), ("refused", "这事社区办不了"), ("withdrawn", "撤回了"),
            ("filed", "谢谢您告诉我们"),
        ],
    )  # fmt: skip
    def test_says_first_what_is_true_now(self, town: Town, client: Client, state: str, said: str) -> None:
        """R038, R040: in each state the asker reads a sentence, not a code."""
        order = opened(town, client, state)
        page = page_of(client.get(f"/follow/{order.full_number}/"))
        assert said in page.split('class="q"')[1].split("</h2>")[0]
        assert state not in page.split("<main")[1].replace("withdraw/", "")

    def test_promises_a_time(self, town: Town, client: Client) -> None:
        order = opened(town, client, "taken")
        assert re.search(r"最晚 [^<]+ 前办好", page_of(client.get(f"/follow/{order.full_number}/")))

    def test_says_when_the_promise_was_broken(self, town: Town, client: Client) -> None:
        order = opened(town, client, "taken")
        Order.objects.filter(pk=order.pk).update(due_at=timezone.now() - timedelta(days=1))
        assert "超过答应您的时间了" in page_of(client.get(f"/follow/{order.full_number}/"))

    def test_hides_inside_notes_and_given_names(self, town: Town, client: Client) -> None:
        order = opened(town, client, "served")
        actions.saying.say(order, "note", "此人难缠，多留意", "inside", by=town.cast.dispatcher, at=timezone.now())
        page = page_of(client.get(f"/follow/{order.full_number}/"))
        for secret in ("难缠", "贺连生", "周敏"):
            assert secret not in page

    def test_stays_shut_to_strangers(self, town: Town, client: Client) -> None:
        """G3: the number alone opens nothing, and an absent order looks the same."""
        order = place(Client())
        stranger = place(client, "桐花苑1号楼灯不亮")
        assert client.get(f"/follow/{stranger.full_number}/").status_code == 200
        for number in (order.full_number, f"{COMMUNITY}-2026-0101-999", "x", "1" * 300):
            assert client.get(f"/follow/{number}/").status_code == 404
            assert client.post(f"/follow/{number}/withdraw/").status_code == 404

    def test_costs_the_same_for_a_long_course(self, town: Town, client: Client) -> None:
        order = opened(town, client, "underway")
        counts = []
        for extra in (5, 45):
            for _ in range(extra):
                actions.join(order=order, key=uuid4(), contact=actions.Contact(), at=timezone.now())
                looks.reveal(
                    asker_of(order), "phone", by=town.cast.member, why="call", at=timezone.now(), scope=COMMUNITY
                )
            with CaptureQueriesContext(connection) as seen:
                client.get(f"/follow/{order.full_number}/")
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 22

    def test_of_a_merged_order_shows_the_other_one(self, town: Town, client: Client) -> None:
        order = opened(town, client, "merged")
        target = order.into
        page = page_of(client.get(f"/follow/{order.full_number}/"))
        assert f"合在 {target.number} 一起办" in page
        assert "社区看过了" in page
        assert client.post(f"/follow/{order.full_number}/withdraw/").status_code == 422

    def test_of_a_merged_order_keeps_the_other_asker_to_himself(self, town: Town, client: Client) -> None:
        order = opened(town, client, "merged")
        target = order.into
        actions.ask(order=target, question="您家几楼？", by=town.cast.dispatcher, at=timezone.now())
        actions.answer(order=target, text="我家三楼，孩子有病在家", by=asker_of(target), at=timezone.now())
        page = page_of(client.get(f"/follow/{order.full_number}/"))
        assert "孩子有病" not in page
        assert client.get(f"/follow/{target.full_number}/").status_code == 404

    def test_of_a_joined_order_shows_what_happens_without_moves(self, town: Town, client: Client) -> None:
        order = a_course(town.cast, "served", at=timezone.now() - timedelta(hours=2), code="0104").order
        key = uuid4()
        client.post(joining(order.full_number), {"key": str(key), "phone": PHONE})
        page = page_of(client.get(f"/follow/{order.full_number}/"))
        assert "办好了，请您看看。" in page
        assert 'name="word"' not in page
        assert client.post(f"/follow/{order.full_number}/review/", {"word": "yes"}).status_code == 422
        order.refresh_from_db()
        assert order.state == "served"

    def test_lists_who_looked_at_the_phone(self, town: Town, client: Client) -> None:
        order = opened(town, client, "taken")
        looks.reveal(asker_of(order), "phone", by=town.cast.dispatcher, why="call", at=timezone.now(), scope=COMMUNITY)
        page = page_of(client.get(f"/follow/{order.full_number}/"))
        assert "社区派单员（姓周）看了您的电话" in page
        assert "周敏" not in page


class TestMoves:
    def move(self, client: Client, order: Order, verb: str, **data: str):
        return client.post(f"/follow/{order.full_number}/{verb}/", data)

    def state(self, order: Order) -> str:
        return Order.objects.values_list("state", flat=True).get(pk=order.pk)

    def test_withdraw(self, town: Town, client: Client) -> None:
        order = opened(town, client)
        assert self.move(client, order, "withdraw").status_code == 302
        assert self.state(order) == "withdrawn"
        assert "撤回了" in page_of(client.get(f"/follow/{order.full_number}/"))
        assert self.move(client, order, "withdraw").status_code == 422

    def test_answer(self, town: Town, client: Client) -> None:
        order = opened(town, client, "asked")
        page = page_of(client.get(f"/follow/{order.full_number}/"))
        assert "是几楼的下水道？" in page
        assert self.move(client, order, "answer", text=" ").status_code == 422
        assert self.move(client, order, "answer", text="三楼的").status_code == 302
        assert self.state(order) == "judged"

    def test_an_answer_that_is_too_long_comes_back(self, town: Town, client: Client) -> None:
        order = opened(town, client, "asked")
        answer = self.move(client, order, "answer", text="三楼" * 5000)
        assert answer.status_code == 422
        assert "三楼" * 5000 in page_of(answer)
        assert self.state(order) == "asked"

    def test_review_tells_the_consequence_of_each_answer_first(self, town: Town, client: Client) -> None:
        order = opened(town, client, "served")
        page = page_of(client.get(f"/follow/{order.full_number}/"))
        for words in ("然后销单", "另开一张单，接着原来的期限办", "还用这个单号，社区重新办"):
            assert words in page

    @pytest.mark.parametrize(("word", "state"), [("yes", "reviewed"), ("half", "reviewed"), ("no", "reopened")])
    def test_review(self, town: Town, client: Client, word: str, state: str) -> None:
        """R048: three answers, a step of satisfaction and a word; half leaves a second order on the same clock."""
        order = opened(town, client, "served")
        answer = self.move(client, order, "review", word=word, satisfaction="2", text="三楼那截没修")
        assert answer.status_code == 302
        assert self.state(order) == state
        children = Order.objects.filter(parent=order)
        assert children.count() == (1 if word == "half" else 0)
        if word == "half":
            child = children.get()
            assert client.get(f"/follow/{child.full_number}/").status_code == 200
            assert child.number in page_of(client.get(f"/follow/{order.full_number}/"))

    @pytest.mark.parametrize("data", [{}, {"word": "maybe"}, {"word": "half"}, {"word": "yes", "satisfaction": "9"}])
    def test_a_bad_review_changes_nothing(self, town: Town, client: Client, data: dict[str, str]) -> None:
        order = opened(town, client, "served")
        assert self.move(client, order, "review", **data).status_code == 422
        assert self.state(order) == "served"

    def test_reopen_within_fifteen_days(self, town: Town, client: Client) -> None:
        """R036: the same number comes back."""
        order = opened(town, client, "closed")
        assert "要重办" in page_of(client.get(f"/follow/{order.full_number}/"))
        assert self.move(client, order, "reopen", text="又堵了").status_code == 302
        assert self.state(order) == "reopened"

    def test_no_reopening_after_that(self, town: Town, client: Client) -> None:
        order = opened(town, client, "closed")
        Order.objects.filter(pk=order.pk).update(ended_at=timezone.now() - timedelta(days=17))
        page = page_of(client.get(f"/follow/{order.full_number}/"))
        assert "要重办" not in page
        assert "重新点一单" in page
        answer = self.move(client, order, "reopen", text="又堵了")
        assert answer.status_code == 422
        assert f"已过 {closing.clocks.REOPEN_DAYS} 天" in page_of(answer)

    def test_no_other_verb(self, town: Town, client: Client) -> None:
        order = opened(town, client)
        for verb in ("close", "judge", "grab", "x"):
            assert self.move(client, order, verb).status_code == 422
        assert self.state(order) == "received"


class TestPhotos:
    def photo(self, client: Client, **facts) -> Photo:
        key, _ = say(client, photos=[SimpleUploadedFile("a.jpg", a_picture(), "image/jpeg")], **facts)
        point(client, key)
        hand_in(client, key)
        return Photo.objects.get(order__key=key)

    def test_open_for_the_asker(self, town: Town, client: Client) -> None:
        photo = self.photo(client)
        for size in ("large", "small"):
            answer = client.get(f"/photo/{photo.pk}/{size}/")
            assert answer.status_code == 200
            assert answer.content.startswith(b"\xff\xd8")
            assert answer.headers["Cache-Control"] == "private, no-store"
        assert client.get(f"/photo/{photo.pk}/taken/").status_code == 404

    def test_open_for_staff_who_stand_to_the_order(self, town: Town, client: Client) -> None:
        photo = self.photo(Client())
        client.force_login(town.cast.dispatcher)
        assert client.get(f"/photo/{photo.pk}/large/").status_code == 200

    def test_stay_shut_to_strangers_neighbours_and_joined_askers(self, town: Town, client: Client) -> None:
        """G5: never public, not even with the number."""
        photo = self.photo(Client())
        order = photo.order
        actions.judge(
            order=order, category=a_category("0104"), urgency=1,
            by=town.cast.dispatcher, at=timezone.now(),
        )  # fmt: skip
        assert client.get(f"/photo/{photo.pk}/large/").status_code == 404
        client.post(joining(order.full_number), {"key": str(uuid4())})
        assert client.get(f"/follow/{order.full_number}/").status_code == 200
        assert client.get(f"/photo/{photo.pk}/large/").status_code == 404
        client.force_login(town.cast.neighbour)
        assert client.get(f"/photo/{photo.pk}/large/").status_code == 404

    def test_of_a_sealed_matter_leave_a_line(self, town: Town, client: Client) -> None:
        photo = self.photo(Client(), text=WORDS + "，像是家暴")
        Order.objects.filter(pk=photo.order_id).update(privacy="sealed")
        client.force_login(town.cast.dispatcher)
        assert client.get(f"/photo/{photo.pk}/large/").status_code == 200
        assert Look.objects.filter(person=town.cast.dispatcher, field="photo").count() == 1
        client.force_login(town.cast.liaison)
        assert client.get(f"/photo/{photo.pk}/large/").status_code == 404
