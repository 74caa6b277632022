"""When something goes wrong: what happened, why, what to do, whom to call, and a number to read out."""

from dataclasses import asdict, dataclass

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from sandan.core.middleware import note_fault, number_of, route_of
from sandan.core.pages import HOTLINE, page, url_or_none

log = structlog.get_logger("sandan.front")


@dataclass(frozen=True)
class Trouble:
    """Four sentences: what happened, why, what to do, whom to call; and the one way on."""

    what: str
    why: str
    do: str
    whom: str
    icon: str
    go: str
    href: str


def _call() -> str:
    return _("还办不成，打 %s 或问本社区，有人替您办。") % HOTLINE


def _answer(request: HttpRequest, trouble: Trouble, status: int) -> HttpResponse:
    """The page of a trouble, or JSON where that was asked for."""
    number = number_of(request)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"error": trouble.what, "why": trouble.why, "number": number}, status=status)
    context = {"trouble": asdict(trouble), "number": number if status >= 500 else ""}
    return page(request, "front/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django's call)
    """400: what was sent could not be read."""
    trouble = Trouble(
        what=_("刚才交的内容没看懂"),
        why=_("可能是页面开得太久，或者内容没有传完整。"),
        do=_("回到首页，重新填一次。"),
        whom=_call(),
        icon="file-text",
        go=_("回首页"),
        href="/",
    )
    return _answer(request, trouble, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a move that is not this person's; the exception's own text says why where it has one."""
    trouble = Trouble(
        what=_("这一步现在办不了"),
        why=str(exception or "") or _("这件事要由别的岗位来办，您看得到，但不由您办。"),
        do=_("请交给本社区的派单员，或者换一个账号登录。"),
        whom=_call(),
        icon="lock",
        go=_("回首页"),
        href="/",
    )
    return _answer(request, trouble, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django's call)
    """404: absent or not theirs, which look the same."""
    follow = url_or_none("orders:follow")
    trouble = Trouble(
        what=_("没找到这一页"),
        why=_("可能是地址少打了一位，也可能这张单不归您看。"),
        do=_("请核对单号，单号像这样：0810-048。没有单号，打社区电话，报手机号也能查。"),
        whom=_call(),
        icon="map-search",
        go=_("重新查") if follow else _("回首页"),
        href=follow or "/",
    )
    return _answer(request, trouble, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is gone: an old page, or a browser that keeps no cookies."""
    log.warning("csrf", number=number_of(request), route=route_of(request), reason=reason)
    trouble = Trouble(
        what=_("这一页放得太久了，刚才那步没办成"),
        why=_("为了安全，页面过一阵就要重新打开；浏览器不收 Cookie 也会这样。"),
        do=_("回到刚才那页，刷新一下，再交一次。"),
        whom=_call(),
        icon="clock-exclamation",
        go=_("回首页"),
        href="/",
    )
    return _answer(request, trouble, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """500: works without the database and, if even the page cannot be drawn, without templates."""
    number = number_of(request)
    log.error("broken", number=number, route=route_of(request))
    trouble = Trouble(
        what=_("是我们这边出错了"),
        why=_("刚才那一步没办成，不是您的问题。"),
        do=_("请再试一次。要是刚交了内容，先查一下进度，没有再重新交。"),
        whom=_("还不行就打本社区的电话或 %s，报下面这个号。") % HOTLINE,
        icon="plug-connected-x",
        go=_("再试一次"),
        href=request.get_full_path() if request.method in ("GET", "HEAD") else "/",
    )
    try:
        return _answer(request, trouble, 500)
    except Exception:
        note_fault(request)
        return HttpResponse(_plain(trouble, number), status=500)


def _plain(trouble: Trouble, number: str) -> str:
    words = "".join(f"<p>{escape(text)}</p>" for text in (trouble.why, trouble.do, trouble.whom))
    when = timezone.localtime().strftime("%m-%d %H:%M")
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(trouble.what)}</title><h1>{escape(trouble.what)}</h1>{words}<h2>{number}</h2><p>{when}</p>"
    )
