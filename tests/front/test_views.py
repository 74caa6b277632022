"""The front's pages as a client sees them: anonymous, signed in, and when something goes wrong."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from sandan.front import actions, queries, views
from sandan.orders.models import Order
from sandan.people.models import Person
from sandan.places.models import Place
from tests.factories.resident import a_town, place
from tests.front.conftest import COMMUNITY, PASSWORD, PHONE

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return str(response.content.decode())


class TestPublicPages:
    @pytest.mark.parametrize("url", ["/", "/help/", "/privacy/", "/login/"])
    def test_open_to_everybody_without_a_query(self, client: Client, url: str, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            response = client.get(url)
        assert response.status_code == 200
        assert "sessionid" not in response.cookies
        assert "script-src 'self'" in response["Content-Security-Policy"]

    @pytest.mark.parametrize("url", ["/", "/help/", "/privacy/"])
    def test_refuse_a_post(self, client: Client, url: str) -> None:
        assert client.post(url).status_code == 405


class TestHome:
    def test_names_the_four_emergency_numbers(self, client: Client) -> None:
        html = text_of(client.get("/"))
        assert all(f'href="tel:{number}"' in html for number in ("110", "119", "120", "122"))
        assert "长辈版" in html

    def test_remembers_the_community_of_the_notice_board(self, client: Client, community: Place) -> None:
        client.get(f"/?c={COMMUNITY}")
        html = text_of(client.get("/"))
        assert "造纸厂社区" in html
        assert 'href="tel:03514040110"' in html

    def test_ignores_a_code_nobody_has(self, client: Client, community: Place) -> None:
        response = client.get("/?c=999999999999")
        assert response.status_code == 200
        assert "community" not in response.cookies

    def test_shows_the_newest_orders_of_this_browser_and_of_no_other(
        self, client: Client, django_assert_num_queries: Any
    ) -> None:
        a_town()
        assert "看进度" not in text_of(client.get("/"))
        for _ in range(3):
            place(client)
        numbers = [order.number for order in Order.objects.order_by("placed_at")]
        with django_assert_num_queries(2):  # the session, and the orders whatever their number
            html = text_of(client.get("/", headers={"accept-language": "zh-hans"}))
        assert html.count("看进度") == 2
        assert numbers[0] not in html
        assert all(number in html for number in numbers[1:])
        assert "看进度" not in text_of(Client().get("/"))

    def test_shows_the_way_to_the_desk_when_signed_in(
        self, client: Client, clerk: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "STARTS", {"dispatcher": ("front:privacy",)})
        assert "去我的工作台" not in text_of(client.get("/"))
        client.force_login(clerk)
        assert "去我的工作台" in text_of(client.get("/"))


class TestHelp:
    def test_says_how_where_the_number_and_what_happens_next(self, client: Client, community: Place) -> None:
        """R054: three ways, the community's number, the steps that follow."""
        client.cookies["community"] = COMMUNITY
        html = text_of(client.get("/help/"))
        for words in (
            "打电话，最省事",
            "用手机，写一句话",
            "当面说",
            "0351 404 0110",
            "接下来会怎样",
            "没解决，接着办",
        ):
            assert words in html
        for office_word in ("工单", "研判", "派单", "网格编码", "办结率"):
            assert office_word not in html


class TestElder:
    def test_goes_in_and_out_and_back_to_the_page(self, client: Client) -> None:
        response = client.post("/elder/", {"next": "/help/"})
        assert (response.status_code, response["Location"]) == (302, "/help/")
        assert 'data-mode="elder"' in text_of(client.get("/"))
        client.post("/elder/", {"next": "/"})
        assert 'data-mode="elder"' not in text_of(client.get("/"))

    @pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
    def test_never_leads_away(self, client: Client, away: str) -> None:
        assert client.post("/elder/", {"next": away})["Location"] == "/"

    def test_is_not_set_by_a_link(self, client: Client) -> None:
        assert client.get("/elder/").status_code == 405


class TestLogin:
    def test_signs_in_and_goes_to_the_start(self, client: Client, clerk: Person) -> None:
        response = client.post("/login/", {"login": "164 0099 0121", "password": PASSWORD})
        assert response["Location"] == "/start/"
        assert client.get("/start/").status_code == 302

    def test_goes_on_to_the_page_that_was_asked_for(self, client: Client, clerk: Person) -> None:
        data = {"login": PHONE, "password": PASSWORD, "next": "/help/"}
        assert client.post("/login/", data)["Location"] == "/help/"
        client.logout()
        assert client.post("/login/", data | {"next": "https://evil.example/"})["Location"] == "/"

    def test_says_the_same_whoever_it_is(self, client: Client, clerk: Person) -> None:
        known = client.post("/login/", {"login": "zhoumin", "password": "wrong"})
        unknown = client.post("/login/", {"login": "nobody", "password": "wrong"})
        assert known.status_code == unknown.status_code == 422
        words = "登录名或密码不对。看看大小写有没有按错，再试一次。"
        assert words in text_of(known)
        assert words in text_of(unknown)

    def test_says_what_is_missing(self, client: Client) -> None:
        response = client.post("/login/", {"login": "", "password": ""})
        assert response.status_code == 422
        assert "还差 2 处，改好就能交" in text_of(response)
        assert "写上密码" in text_of(response)

    def test_never_prints_the_password_again(self, client: Client, clerk: Person) -> None:
        assert "my-secret-try" not in text_of(client.post("/login/", {"login": "zhoumin", "password": "my-secret-try"}))

    def test_tells_a_locked_account_to_wait(self, client: Client, clerk: Person) -> None:
        for _ in range(actions.MOST_PER_ACCOUNT):
            client.post("/login/", {"login": "zhoumin", "password": "wrong"})
        response = client.post("/login/", {"login": "zhoumin", "password": PASSWORD})
        assert response.status_code == 422
        assert "先歇 10 分钟" in text_of(response)

    def test_lists_demo_people_only_in_a_demo(self, client: Client, settings: Any) -> None:
        assert "演示账号" not in text_of(client.get("/login/"))
        settings.DEMO = True
        assert "演示账号" in text_of(client.get("/login/"))


class TestLogout:
    def test_ends_the_session_by_post_alone(self, client: Client, clerk: Person) -> None:
        client.force_login(clerk)
        assert client.get("/logout/").status_code == 405
        assert client.post("/logout/")["Location"] == "/"
        assert client.get("/start/")["Location"] == "/login/?next=/start/"


class TestStart:
    def test_asks_a_visitor_to_sign_in(self, client: Client) -> None:
        assert client.get("/start/")["Location"].startswith("/login/")

    def test_sends_each_role_to_its_page(self, client: Client, clerk: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        client.force_login(clerk)
        monkeypatch.setattr(queries, "STARTS", {"dispatcher": ("front:privacy",)})
        assert client.get("/start/")["Location"] == "/privacy/"
        monkeypatch.setattr(queries, "STARTS", {"auditor": ("front:privacy",)})
        assert client.get("/start/")["Location"] == "/"


class TestGallery:
    def test_is_not_there_in_real_use(self, client: Client, settings: Any) -> None:
        assert client.get("/gallery/").status_code == 404
        settings.DEMO = True
        assert client.get("/gallery/").status_code == 200


class TestNotFound:
    def test_says_what_why_what_to_do_and_whom_to_call(self, client: Client) -> None:
        response = client.get("/nothing/")
        assert response.status_code == 404
        for words in ("没找到这一页", "可能是地址少打了一位", "请核对单号", "打 12345"):
            assert words in text_of(response)

    def test_answers_json_only_when_asked(self, client: Client) -> None:
        assert client.get("/nothing/", headers={"accept": "*/*"})["Content-Type"].startswith("text/html")
        response = client.get("/nothing/", headers={"accept": "application/json"})
        assert response.status_code == 404
        assert json.loads(response.content)["error"] == "没找到这一页"


class TestForbidden:
    def test_gives_the_reason_it_was_told(self, rf: RequestFactory) -> None:
        response = views.forbidden(rf.get("/"), PermissionDenied("销号要由没参加服务的人来办。"))
        assert response.status_code == 403
        assert "销号要由没参加服务的人来办。" in text_of(response)

    def test_has_a_reason_of_its_own(self, rf: RequestFactory) -> None:
        assert "由别的岗位来办" in text_of(views.forbidden(rf.get("/"), PermissionDenied()))


class TestBadRequest:
    def test_asks_to_fill_in_again(self, rf: RequestFactory) -> None:
        response = views.bad_request(rf.get("/"))
        assert response.status_code == 400
        assert "重新填一次" in text_of(response)


class TestCsrfFailed:
    def test_is_said_in_words(self) -> None:
        response = Client(enforce_csrf_checks=True).post("/elder/")
        assert response.status_code == 403
        assert "这一页放得太久了" in text_of(response)


class TestBroken:
    def test_gives_the_number_of_the_log_line(
        self, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
    ) -> None:
        def fall(*_args: Any, **_kwargs: Any) -> None:
            raise RuntimeError("16400007719")

        monkeypatch.setattr(queries, "community", fall)
        client = Client(raise_request_exception=False)
        with capture_logs() as lines, django_assert_num_queries(0):
            response = client.get("/help/")
        number = response["X-Request-Number"]
        assert response.status_code == 500
        assert f"{number[:3]} {number[3:]}" in text_of(response)
        assert "是我们这边出错了" in text_of(response)
        fault = next(line for line in lines if line["event"] == "fault")
        assert (fault["number"], fault["kind"], fault["route"]) == (number, "builtins.RuntimeError", "front:help")
        assert "16400007719" not in repr(lines)

    def test_needs_no_template(self, rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> None:
        def fall(*_args: Any, **_kwargs: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr("sandan.front.views.errors.page", fall)
        request = rf.get("/help/")
        with capture_logs() as lines:
            response = views.broken(request)
        assert response.status_code == 500
        assert "是我们这边出错了" in text_of(response)
        assert str(request.number) in text_of(response)  # type: ignore[attr-defined]
        assert any(line["event"] == "broken" and line["number"] == request.number for line in lines)  # type: ignore[attr-defined]
