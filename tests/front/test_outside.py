"""Signing in from outside, against a stand-in on this machine that answers as recorded; nobody is ever made."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from allauth.socialaccount.providers.feishu.client import FeishuOAuth2Client
from allauth.socialaccount.providers.feishu.views import FeishuOAuth2Adapter
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.test import Client
from django.utils import timezone

from sandan.front import actions
from sandan.front.actions.factors import figures
from sandan.front.models import Link
from sandan.front.provider import WeComAdapter
from sandan.front.views.outside import verified_phone
from sandan.people.models import Person
from tests.front.conftest import PASSWORD, PHONE
from tests.front.test_factors import an_app

pytestmark = pytest.mark.django_db

ANSWERS: dict[str, Any] = {  # path: what the other side says, by its documents
    "/dingtalk/token": {"accessToken": "t", "refreshToken": "r", "expireIn": 7200, "corpId": "ding1"},
    "/dingtalk/me": {"nick": "周", "openId": "uid-1", "unionId": "u", "mobile": PHONE, "stateCode": "86"},
    "/feishu/app": {"code": 0, "app_access_token": "a", "expire": 7200},
    "/feishu/token": {"code": 0, "data": {"access_token": "t", "refresh_token": "r", "expires_in": 6900}},
    "/feishu/me": {"code": 0, "data": {"name": "周", "open_id": "uid-1", "mobile": f"+86{PHONE}"}},
    "/weixin/token": {"access_token": "t", "expires_in": 7200, "refresh_token": "r", "openid": "uid-1"},
    "/weixin/me": {"openid": "uid-1", "nickname": "zhou", "unionid": "u"},
    "/wecom/token": {"errcode": 0, "errmsg": "ok", "access_token": "t", "expires_in": 7200},
    "/wecom/me": {"errcode": 0, "errmsg": "ok", "userid": "uid-1"},
    "/oidc/token": {"access_token": "t", "token_type": "Bearer", "expires_in": 300},
    "/oidc/me": {"sub": "uid-1", "name": "周", "phone_number": f"+86{PHONE}", "phone_number_verified": True},
}
PROVIDERS = ("dingtalk", "feishu", "weixin", "wecom", "oidc")
TELL_PHONES = ("dingtalk", "feishu", "oidc")


class StandIn:
    """Answers each path as recorded; keeps what it was asked."""

    def __init__(self) -> None:
        self.answers, self.asked = dict(ANSWERS), list[tuple[str, dict[str, list[str]]]]()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.answers["/.well-known/openid-configuration"] = {
            "issuer": self.url, "token_endpoint": f"{self.url}/oidc/token", "userinfo_endpoint": f"{self.url}/oidc/me",
            "authorization_endpoint": f"{self.url}/oidc/go", "jwks_uri": f"{self.url}/oidc/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }  # fmt: skip
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _say(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            stand_in.asked.append((parts.path, parse_qs(parts.query)))
            body = json.dumps(stand_in.answers.get(parts.path, {"errcode": 404})).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _say

        def log_message(self, *_args: object) -> None:
            """Silent."""

    return Handler


@pytest.fixture
def there(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """All five providers, configured and on this machine."""
    found = StandIn()
    adapters = {"dingtalk": DingTalkOAuth2Adapter, "weixin": WeixinOAuth2Adapter, "wecom": WeComAdapter}
    for name, adapter in adapters.items():
        monkeypatch.setattr(adapter, "access_token_url", f"{found.url}/{name}/token")
        monkeypatch.setattr(adapter, "profile_url", f"{found.url}/{name}/me")
    monkeypatch.setattr(FeishuOAuth2Adapter, "access_token_url", f"{found.url}/feishu/token")
    monkeypatch.setattr(FeishuOAuth2Adapter, "user_info_url", f"{found.url}/feishu/me")
    monkeypatch.setattr(FeishuOAuth2Client, "app_access_token_url", f"{found.url}/feishu/app")
    settings.OUTSIDE = PROVIDERS
    app = {"client_id": "id", "secret": "secret"}
    settings.SOCIALACCOUNT_PROVIDERS = {name: {"APPS": [app]} for name in ("dingtalk", "feishu", "weixin")} | {
        "wecom": {"APPS": [app | {"settings": {"agent": "1000002"}}]},
        "openid_connect": {"APPS": [app | {"provider_id": "oidc", "settings": {"server_url": found.url}}]},
    }
    yield found
    found.server.shutdown()
    found.server.server_close()


def walk(client: Client, name: str, **words: str) -> Any:
    """There and back, as a browser goes."""
    way = f"/outside/{name}/login/"
    out = client.get(way, words)
    assert out.status_code == 302, out.content.decode()[:500]
    state = parse_qs(urlsplit(out["Location"]).query)["state"][0]
    return client.get(f"{way}callback/", {"code": "c1", "authCode": "c1", "state": state})


def bound(person: Person, name: str) -> Link:
    return actions.bind(person=person, provider=name, uid="uid-1", at=timezone.now())


def is_in(client: Client) -> bool:
    return client.get("/safety/").status_code == 200


@pytest.mark.parametrize("name", PROVIDERS)
class TestEachProvider:
    def test_lets_in_who_is_bound(self, client: Client, clerk: Person, there: StandIn, name: str) -> None:
        bound(clerk, name)
        assert walk(client, name, next="/help/")["Location"] == "/help/"
        assert client.session["_auth_user_id"] == str(clerk.pk)

    def test_never_makes_anybody(self, client: Client, there: StandIn, name: str) -> None:
        assert walk(client, name)["Location"] == "/login/"
        assert Person.objects.count() == 0
        assert "还没有绑定" in client.get("/login/").content.decode()

    def test_knows_somebody_by_a_verified_work_phone_once(
        self, client: Client, clerk: Person, there: StandIn, name: str
    ) -> None:
        walk(client, name)
        assert is_in(client) is (name in TELL_PHONES)
        assert Link.objects.filter(person=clerk).exists() is (name in TELL_PHONES)

    def test_binds_who_is_signed_in(self, client: Client, clerk: Person, there: StandIn, name: str) -> None:
        client.force_login(clerk)
        assert walk(client, name, process="connect")["Location"] == "/safety/"
        assert Link.objects.get(person=clerk).provider == name
        assert b"uid-1" not in bytes(Link.objects.get().subject)

    def test_is_no_way_round_a_lock(
        self, client: Client, clerk: Person, keeper: Person, there: StandIn, name: str
    ) -> None:
        bound(clerk, name)
        actions.lock(person=clerk, by=keeper, at=timezone.now())
        walk(client, name)
        assert not is_in(client)


class TestAll:
    def test_ask_for_the_second_factor_as_well(self, client: Client, clerk: Person, there: StandIn) -> None:
        secret = an_app(clerk)
        bound(clerk, "wecom")
        assert walk(client, "wecom")["Location"] == "/login/second/"
        client.post("/login/second/", {"code": figures(secret, timezone.now())})
        assert is_in(client)

    def test_bind_one_login_to_one_person(self, client: Client, clerk: Person, there: StandIn) -> None:
        bound(clerk, "weixin")
        other = Person.objects.create_user("other", "别人", PASSWORD)
        client.force_login(other)
        walk(client, "weixin", process="connect")
        assert "已经绑过了" in client.get("/safety/").content.decode()
        assert Link.objects.get().person == clerk

    def test_can_be_unbound(self, client: Client, clerk: Person, there: StandIn) -> None:
        link = bound(clerk, "weixin")
        client.force_login(clerk)
        client.post("/safety/drop/", {"what": "link", "id": link.pk})
        assert not Link.objects.exists()

    def test_refuse_an_answer_to_a_question_nobody_asked(self, client: Client, clerk: Person, there: StandIn) -> None:
        bound(clerk, "wecom")
        for words in ({"code": "c1"}, {"code": "c1", "state": "made-up"}, {"error": "access_denied", "state": "x"}):
            assert client.get("/outside/wecom/login/callback/", words)["Location"] == "/login/"
        assert not is_in(client)

    def test_of_another_office_are_not_ours(self, client: Client, clerk: Person, there: StandIn) -> None:
        """企业微信 answers an outsider with an openid and no userid, and a used code with 40029."""
        bound(clerk, "wecom")
        for told in ({"errcode": 0, "openid": "uid-1"}, {"errcode": 40029, "errmsg": "invalid code"}):
            there.answers["/wecom/me"] = told
            assert walk(client, "wecom")["Location"] == "/login/"
        assert not is_in(client)

    def test_ask_wecom_with_our_id_and_its_code(self, client: Client, clerk: Person, there: StandIn) -> None:
        bound(clerk, "wecom")
        walk(client, "wecom")
        assert [path for path, _ in there.asked] == ["/wecom/token", "/wecom/me"]
        assert there.asked[0][1] == {"corpid": ["id"], "corpsecret": ["secret"]}
        assert there.asked[1][1] == {"access_token": ["t"], "code": ["c1"]}

    @pytest.mark.parametrize(
        ("agent", "host"), [("wxwork/4.1", "open.weixin.qq.com"), ("", "login.work.weixin.qq.com")]
    )
    def test_go_silently_inside_the_app(self, client: Client, there: StandIn, agent: str, host: str) -> None:
        out = client.get("/outside/wecom/login/", headers={"user-agent": agent})["Location"]
        assert urlsplit(out).netloc == host
        assert parse_qs(urlsplit(out).query)["agentid"] == ["1000002"]

    def test_are_a_404_where_not_configured(self, client: Client) -> None:
        for way in ("dingtalk", "feishu", "weixin", "wecom", "oidc"):
            assert client.get(f"/outside/{way}/login/").status_code == 404
        assert "用别的账号登录" not in client.get("/login/").content.decode()

    def test_stand_on_the_login_page(self, client: Client, there: StandIn) -> None:
        html = client.get("/login/").content.decode()
        assert all(name in html for name in ("钉钉", "飞书", "微信", "企业微信", "统一身份认证"))


class TestVerifiedPhone:
    @pytest.mark.parametrize(
        ("data", "phone"),
        [
            ({"userinfo": {"phone_number": PHONE}}, ""),
            ({"userinfo": {"phone_number": PHONE, "phone_number_verified": False}}, ""),
            ({"userinfo": {"phone_number": PHONE, "phone_number_verified": "true"}}, ""),
            ({"userinfo": {"phone_number": PHONE, "phone_number_verified": True}}, PHONE),
            ({"mobile": PHONE}, PHONE),
            ({}, ""),
        ],
    )
    def test_is_one_the_other_side_vouches_for(self, data: dict[str, Any], phone: str) -> None:
        assert verified_phone(data) == phone
