"""Answers for probes and for Prometheus."""

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from sandan.core.forwarded import DIRECT, is_loopback
from sandan.running import figures, readiness


@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """200 as long as a process answers at all."""
    return JsonResponse({"ok": True})


@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when pages can be answered, else 503; a silent worker or a full disk is told and does not close the door."""
    state = readiness.now()
    return JsonResponse(state.facts, status=200 if state.ok else 503)


def _may_read(request: HttpRequest) -> bool:
    """This machine itself, with nothing between, or whoever knows the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and constant_time_compare(given, settings.METRICS_TOKEN):
        return True
    return bool(request.META.get(DIRECT)) and is_loopback(request.META.get("REMOTE_ADDR", ""))


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text; a 404 to everybody who may not read them, 503 without the database."""
    if not _may_read(request):
        raise Http404
    try:
        return HttpResponse(figures.text(), content_type=CONTENT_TYPE_LATEST)
    except DatabaseError:
        return HttpResponse(status=503)
