"""What stands round every request: a number to quote, a strict policy for the browser, one line in the log."""

import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

from sandan.core import logs, meters

log = structlog.get_logger("sandan.requests")

PERMISSIONS = "geolocation=(self), camera=(self), microphone=(self), payment=(), usb=(), browsing-topics=()"


def content_policy(tiles: str = "") -> str:
    """The Content-Security-Policy: nothing from elsewhere but the map tiles of `tiles`, nothing inline."""
    parts = urlsplit(tiles)
    source = f" {parts.scheme}://{parts.netloc.replace('{s}', '*')}" if parts.netloc else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: blob:{source}",
            "worker-src 'self' blob:",
            f"connect-src 'self'{source}",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


def number_of(request: HttpRequest) -> str:
    """The six figures that the error page shows, the log line carries and a caller reads out."""
    number: str | None = getattr(request, "number", None)
    if number is None:
        number = logs.new_number()
        request.number = number  # type: ignore[attr-defined]
    return number


def route_of(request: HttpRequest) -> str:
    """The name of the page: an address may hold a secret or an order's number, its name never does."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route) if match else "none"


def note_fault(request: HttpRequest | None = None, **_rest: Any) -> None:
    """Log the exception in hand: its kind and where it rose, without its message, which may quote a person."""
    kind, error, trace = sys.exc_info()
    if kind is None or error is None:
        return
    log.error(
        "fault",
        number=number_of(request) if request is not None else logs.new_number(),
        route=route_of(request) if request is not None else None,
        **logs.fault(kind, trace),
    )


def _for_htmx(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A swap whose session has ended opens the login and leads back to its page; it never draws it inside."""
    target = response.headers.get("Location", "")
    if "HX-Request" not in request.headers or not target.startswith(resolve_url(settings.LOGIN_URL)):
        return response
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    query = urlencode({"next": urlunsplit(("", "", here.path or "/", here.query, ""))})
    return HttpResponse(headers={"HX-Redirect": f"{resolve_url(settings.LOGIN_URL)}?{query}"})


class PolicyMiddleware:
    """Numbers the request, sets the policy headers, writes the log line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = content_policy(settings.MAP_TILES)
        got_request_exception.connect(note_fault, dispatch_uid="sandan.note_fault")
        logs.configure()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        number = number_of(request)
        response = _for_htmx(request, self.get_response(request))
        self._head(request, response, number)
        route, seconds = route_of(request), time.perf_counter() - started
        meters.note(route, request.method, response.status_code, seconds)
        log.info(
            "request",
            number=number,
            method=request.method if request.method in meters.METHODS else "other",
            route=route,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        return response

    def _head(self, request: HttpRequest, response: HttpResponseBase, number: str) -> None:
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers["X-Request-Number"] = number
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # a page that somebody signed in has seen must not come back from a shared computer's cache
            signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
            response.headers.setdefault("Cache-Control", "no-store" if signed_in else "private, no-cache")
