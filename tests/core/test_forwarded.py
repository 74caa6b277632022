"""core.forwarded: only a proxy of ours is believed."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from sandan.core import forwarded
from sandan.core.sealed import digest
from sandan.front.models import LoginFailure

PROXY, BROWSER, STRANGER = "10.0.0.7", "203.0.113.9", "198.51.100.5"


@pytest.fixture(autouse=True)
def _proxies(settings: Any) -> None:
    settings.PROXIES = ["127.0.0.1", "::1", "10.0.0.0/28"]


def after(rf: RequestFactory, peer: str, **headers: str) -> HttpRequest:
    """The request as everything behind the middleware sees it."""
    seen: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    forwarded.ForwardedMiddleware(answer)(rf.get("/", headers=named, REMOTE_ADDR=peer))
    return seen[0]


class TestForwardedMiddleware:
    def test_takes_the_browser_s_address_from_our_proxy(self, rf: RequestFactory) -> None:
        assert after(rf, PROXY, X_Forwarded_For=BROWSER).META["REMOTE_ADDR"] == BROWSER

    @pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.7"])
    def test_knows_our_proxy_however_it_is_written(self, peer: str, rf: RequestFactory) -> None:
        assert after(rf, peer, X_Forwarded_For=BROWSER).META["REMOTE_ADDR"] == BROWSER

    def test_takes_no_word_of_a_stranger(self, rf: RequestFactory, settings: Any) -> None:
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        request = after(rf, STRANGER, X_Forwarded_For=BROWSER, X_Forwarded_Proto="https", X_Real_IP=BROWSER)
        assert request.META["REMOTE_ADDR"] == STRANGER
        assert not request.is_secure()
        assert "X-Real-Ip" not in request.headers

    def test_takes_no_word_that_the_browser_itself_put_before_the_proxy_s(self, rf: RequestFactory) -> None:
        """What the browser wrote stands left of what our proxy added."""
        chain = f"127.0.0.1, 8.8.8.8, {BROWSER}, 10.0.0.3"
        assert after(rf, PROXY, X_Forwarded_For=chain).META["REMOTE_ADDR"] == BROWSER

    @pytest.mark.parametrize("chain", ["", "unknown", "_hidden, nonsense", "10.0.0.3"])
    def test_keeps_the_proxy_where_no_browser_is_named(self, chain: str, rf: RequestFactory) -> None:
        assert after(rf, PROXY, X_Forwarded_For=chain).META["REMOTE_ADDR"] == PROXY

    @pytest.mark.parametrize("written", [BROWSER, f"{BROWSER}:51123", "2001:db8::9", "[2001:db8::9]:443"])
    def test_reads_addresses_with_ports(self, written: str, rf: RequestFactory) -> None:
        assert after(rf, PROXY, X_Forwarded_For=written).META["REMOTE_ADDR"] in {BROWSER, "2001:db8::9"}

    def test_believes_the_last_scheme_our_proxy_names(self, rf: RequestFactory, settings: Any) -> None:
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        assert after(rf, PROXY, X_Forwarded_Proto="https").is_secure()
        assert not after(rf, PROXY, X_Forwarded_Proto="https, http").is_secure()

    def test_trusts_nobody_unless_told(self, rf: RequestFactory, settings: Any) -> None:
        settings.PROXIES = []
        assert after(rf, "127.0.0.1", X_Forwarded_For=BROWSER).META["REMOTE_ADDR"] == "127.0.0.1"

    def test_stands_before_everything_else(self, settings: Any) -> None:
        assert settings.MIDDLEWARE[0] == "sandan.core.forwarded.ForwardedMiddleware"

    def test_tells_what_came_without_anything_between(self, rf: RequestFactory) -> None:
        assert after(rf, "127.0.0.1").META[forwarded.DIRECT] is True
        assert after(rf, "127.0.0.1", X_Forwarded_Proto="https").META[forwarded.DIRECT] is False


class TestLogins:
    @pytest.mark.django_db
    def test_are_counted_for_the_browser_and_not_for_the_proxy(self, client: Client) -> None:
        """A wall of guesses from one browser must not shut the door for all who come by the same proxy."""
        for browser in (BROWSER, STRANGER):
            sent = {"REMOTE_ADDR": PROXY, "headers": {"X-Forwarded-For": browser}}
            client.post("/login/", {"login": "nobody", "password": "guess"}, **sent)
        kept = {bytes(source) for source in LoginFailure.objects.values_list("source", flat=True)}
        assert kept == {digest(browser, "login source") for browser in (BROWSER, STRANGER)}
