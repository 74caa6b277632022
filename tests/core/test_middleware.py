"""core.middleware: the policy, the number and the one line that says nothing about a person."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from sandan.core import middleware

SECRET = "s3cret-token"


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    with capture_logs() as caught:
        yield caught


def answer(request: HttpRequest, inner: Any = None) -> HttpResponse:
    handler = inner or (lambda _request: HttpResponse("<p>", content_type="text/html"))
    return middleware.PolicyMiddleware(handler)(request)  # type: ignore[return-value]


class TestContentPolicy:
    def test_lets_nothing_in_from_elsewhere(self) -> None:
        policy = middleware.content_policy()
        for rule in ("default-src 'self'", "script-src 'self'", "style-src 'self'", "form-action 'self'"):
            assert f"{rule};" in f"{policy};"
        assert "img-src 'self' data: blob:" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy

    def test_names_the_map_tiles_of_an_installation(self) -> None:
        policy = middleware.content_policy("https://{s}.tiles.example/{z}/{x}/{y}.png")
        assert "img-src 'self' data: blob: https://*.tiles.example;" in policy
        assert "script-src 'self';" in policy


class TestPolicyMiddleware:
    def test_sets_the_headers(self, rf: RequestFactory) -> None:
        response = answer(rf.get("/"))
        assert response["Content-Security-Policy"] == middleware.content_policy()
        assert "camera=(self)" in response["Permissions-Policy"]
        assert re.fullmatch(r"[1-9]\d{5}", response["X-Request-Number"])

    def test_keeps_a_signed_in_page_out_of_caches(self, rf: RequestFactory) -> None:
        request = rf.get("/")
        assert answer(request)["Cache-Control"] == "private, no-cache"
        request.COOKIES["sessionid"] = "x"
        assert answer(request)["Cache-Control"] == "no-store"

    def test_leaves_files_to_their_own_caching(self, rf: RequestFactory) -> None:
        response = answer(rf.get("/"), lambda _request: HttpResponse(b"", content_type="image/webp"))
        assert "Cache-Control" not in response

    def test_logs_the_route_and_nothing_of_the_person(self, client: Client, lines: list[Any], db: None) -> None:
        client.post(f"/login/?token={SECRET}", {"login": SECRET, "password": SECRET})
        line = next(line for line in lines if line["event"] == "request")
        assert (line["route"], line["status"], line["method"]) == ("front:login", 422, "POST")
        assert re.fullmatch(r"\d{6}", line["number"])
        assert SECRET not in repr(lines)


class TestSwapsAfterTheSession:
    def test_open_the_login_and_lead_back_to_the_page(self, client: Client, db: None) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/help/?a=1"}
        response = client.get("/start/", headers=headers)
        assert response.status_code == 200
        assert response["HX-Redirect"] == "/login/?next=%2Fhelp%2F%3Fa%3D1"
        assert response.content == b""

    def test_leave_other_answers_alone(self, client: Client, db: None) -> None:
        assert client.get("/start/").status_code == 302
        assert "HX-Redirect" not in client.get("/privacy/", headers={"HX-Request": "true"})


class TestNoteFault:
    def test_names_the_place_and_hides_the_message(self, rf: RequestFactory, lines: list[Any]) -> None:
        request = rf.get("/")
        try:
            raise ValueError("公冶女士 16400007719")
        except ValueError:
            middleware.note_fault(request)
        (line,) = lines
        assert line["kind"] == "builtins.ValueError"
        assert line["number"] == middleware.number_of(request)
        assert "test_middleware.py" in line["where"][-1]
        assert "16400007719" not in repr(line)
        assert "公冶" not in repr(line)
