"""Following an order: the ways in, what one sees, what one can do, and what a stranger never sees."""

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
from sandan.notices.models import Notice
from sandan.orders import actions
from sandan.orders.actions import closing, following
from sandan.orders.models import Order, Photo, PhoneCode
from tests.factories.orders import a_category, a_course, a_picture, asker_of
from tests.factories.people import COMMUNITY
from tests.factories.resident import PHONE, WORDS, Town, a_town, hand_in, place, point, say

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


class TestSecret:
    @pytest.mark.parametrize("write", [str, lambda n: n.replace("-", "－"), lambda n: f" {n} "])
    def test_opens_by_the_full_number(self, town: Town, client: Client, write) -> None:
        order = place(Client())
        secret = secret_of(order)
        answer = knock(client, write(order.full_number), f"{secret[:4]} {secret[4:]}")
        assert answer.url == f"/follow/{order.full_number}/"
        assert client.get(answer.url).status_code == 200

    def test_opens_by_the_spoken_number_and_the_community(self, town: Town, client: Client) -> None:
        order = place(Client())
        for spoken in (order.number, order.number.replace("-", "")):
            answer = knock(client, spoken, secret_of(order), community=COMMUNITY)
            assert answer.url == f"/follow/{order.full_number}/"

    def test_asks_for_the_community_of_a_spoken_number(self, town: Town, client: Client) -> None:
        order = place(Client())
        answer = knock(client, order.number, secret_of(order))
        assert answer.status_code == 422
        assert "短单号要加上是哪个社区的" in page_of(answer)

    def test_of_another_community_opens_nothing(self, town: Town, client: Client) -> None:
        order = place(Client())
        answer = knock(client, order.number, secret_of(order), community="990201001002")
        assert answer.status_code == 422
        assert "对不上" in page_of(answer)

    def test_a_wrong_one_and_an_absent_order_look_the_same(self, town: Town, client: Client) -> None:
        order = place(Client())
        wrong = page_of(knock(client, order.full_number, "00000000"))
        absent = page_of(knock(client, f"{COMMUNITY}-2026-0101-999", "00000000"))
        error = re.compile(r'<li class="b">(.*?)</li>')
        assert error.search(wrong)[1] == error.search(absent)[1]

    def test_the_sixth_wrong_try_is_locked_for_everybody_for_ten_minutes(self, town: Town, client: Client) -> None:
        order = place(Client())
        answers = [knock(Client(), order.full_number, f"{n:08d}").status_code for n in range(6)]
        assert answers == [422] * 5 + [429]
        locked = knock(client, order.full_number, secret_of(order))
        assert locked.status_code == 429
        assert "先锁 10 分钟" in page_of(locked)
        later = timezone.now() + following.WINDOW + timedelta(seconds=1)
        assert following.open_with_secret(orders=[order], secret=secret_of(order), source="s", at=later)

    def test_one_browser_is_stopped_after_twenty(self, town: Town, client: Client) -> None:
        numbers = [f"{COMMUNITY}-2026-0101-{n:03d}" for n in range(21)]
        answers = [knock(client, number, "00000000").status_code for number in numbers]
        assert answers == [422] * 20 + [429]

    def test_right_tries_are_not_counted(self, town: Town, client: Client) -> None:
        order = place(Client())
        assert {knock(client, order.full_number, secret_of(order)).status_code for _ in range(8)} == {302}

    def test_is_over_two_years_after_the_end(self, town: Town, client: Client) -> None:
        order = a_course(town.cast, "withdrawn", at=timezone.now()).order
        Order.objects.filter(pk=order.pk).update(ended_at=timezone.now() - timedelta(days=731))
        answer = knock(client, order.full_number, secret_of(order))
        assert answer.status_code == 422
        assert "查询码过期了" in page_of(answer)

    @pytest.mark.parametrize("number", ["", "abc", "0810", "9999-048", "😀", "140106001001-2026-1340-048"])
    def test_a_number_that_is_none_is_explained(self, town: Town, client: Client, number: str) -> None:
        answer = knock(client, number, "12345678", community=COMMUNITY)
        assert answer.status_code == 422


class TestPhoneCode:
    def ask(self, client: Client, phone: str = PHONE):
        return client.post("/follow/", {"way": "phone", "phone": phone})

    def enter(self, client: Client, code: str, phone: str = PHONE):
        return client.post("/follow/", {"way": "code", "phone": phone, "code": code})

    def code(self) -> str:
        return PhoneCode.objects.latest("pk").code.open_unlogged()

    def test_opens_all_orders_of_the_phone(self, town: Town, client: Client) -> None:
        orders = [place(Client()), place(Client(), "桐花苑1号楼灯不亮")]
        self.ask(client)
        assert self.enter(client, self.code()).url == "/follow/"
        page = page_of(client.get("/follow/"))
        assert all(f"/follow/{order.full_number}/" in page for order in orders)
        assert PhoneCode.objects.get().code is None

    def test_goes_through_the_outbox_with_ids_alone(self, town: Town, client: Client) -> None:
        order = place(Client())
        self.ask(client)
        notice = Notice.objects.get(kind="code")
        assert notice.asker_id == asker_of(order).pk
        assert self.code() not in str(notice.facts)

    def test_is_shown_on_the_page_in_a_demo_only(self, town: Town, client: Client, settings) -> None:
        place(Client())
        assert "演示" not in page_of(self.ask(client))
        settings.DEMO = True
        assert self.code() not in page_of(self.ask(Client()))
        assert "演示：验证码是" in page_of(self.ask(client))

    def test_a_phone_that_never_asked_gets_the_same_page_and_no_message(self, town: Town, client: Client) -> None:
        answer = self.ask(client, "16400009999")
        assert answer.status_code == 200
        assert "短信里的 6 位数字" in page_of(answer)
        assert not Notice.objects.filter(kind="code").exists()
        assert "没有留过单子" in page_of(self.enter(client, self.code(), "16400009999"))

    def test_is_hashed(self, town: Town, client: Client) -> None:
        place(Client())
        self.ask(client)
        row = PhoneCode.objects.get()
        assert self.code().encode() not in bytes(row.digest)

    def test_is_over_after_ten_minutes(self, town: Town, client: Client) -> None:
        place(Client())
        self.ask(client)
        code = self.code()
        PhoneCode.objects.update(at=timezone.now() - timedelta(minutes=10, seconds=1))
        answer = self.enter(client, code)
        assert answer.status_code == 422
        assert "过了 10 分钟" in page_of(answer)

    def test_is_dead_after_five_wrong_tries(self, town: Town, client: Client) -> None:
        place(Client())
        self.ask(client)
        code = self.code()
        wrong = "000000" if code != "000000" else "111111"
        assert [self.enter(client, wrong).status_code for _ in range(5)] == [422] * 5
        assert self.enter(client, code).status_code == 429

    def test_works_once(self, town: Town, client: Client) -> None:
        place(Client())
        self.ask(client)
        code = self.code()
        assert self.enter(client, code).status_code == 302
        assert self.enter(Client(), code).status_code == 422

    def test_is_sent_three_times_in_ten_minutes(self, town: Town, client: Client) -> None:
        place(Client())
        assert [self.ask(client).status_code for _ in range(4)] == [200, 200, 200, 429]


class TestProgress:
    @pytest.mark.parametrize(
        ("state", "said"),
        [
            ("received", "收到了，社区正在看。"), ("judged", "社区看过了，正在找人办。"), ("open", "正在问附近谁能来。"),
            ("offered", "已经派人，等他答应。"), ("taken", "贺师傅接了单。"), ("underway", "贺师傅出发了。"),
            ("served", "办好了，请您看看。"), ("reviewed", "您的话收到了"), ("closed", "办结了。"), ("asked", "社区有句话要问您。"),
            ("paused", "先停一停"), ("ledgered", "眼下办不了"), ("escalated", "社区报给了上一级"), ("reopened", "重新办"),
            ("passed", "转给了专管的"), ("refused", "这事社区办不了"), ("withdrawn", "撤回了"), ("filed", "谢谢您告诉我们"),
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
        """G1: the number alone opens nothing, and an absent order looks the same."""
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
        client.post(f"/order/join/{order.full_number}/", {"key": str(key), "phone": PHONE})
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
        """G1: never public, not even with the number."""
        photo = self.photo(Client())
        order = photo.order
        actions.judge(
            order=order, category=a_category("0104"), urgency=1,
            by=town.cast.dispatcher, at=timezone.now(),
        )  # fmt: skip
        assert client.get(f"/photo/{photo.pk}/large/").status_code == 404
        client.post(f"/order/join/{order.full_number}/", {"key": str(uuid4())})
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
