"""Our pages: the Jinja2 environment and `page`, which renders a whole page or the one block that a swap needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, resolve, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2_fragments import render_block

from sandan.core import words

ELDER_COOKIE = "elder"
ASKERS_KEY = "askers"  # in the session: the ids of the askers whose secret or phone this browser has shown
COMMUNITY_COOKIE = "community"  # the community whose notice board this reader came from
# whom to call where no community is known: the office's own number, else the government's hotline
HOTLINE: str = getattr(settings, "HOTLINE", "") or "12345"


def _(text: str) -> str:
    """Marks words for translation; they are translated when they are drawn."""
    return text


Spot = dict[str, str]


@dataclass(frozen=True)
class Rail:
    """The rail of one page: places in sight, and those under the opener in named groups."""

    near: tuple[Spot, ...] = ()
    more: tuple[tuple[str, tuple[Spot, ...]], ...] = ()

    @property
    def hidden(self) -> tuple[Spot, ...]:
        """All places under the opener."""
        return tuple(spot for _group, spots in self.more for spot in spots)

    def under(self, name: str) -> Spot | None:
        """The place of that name, where it lies under the opener."""
        return next((spot for spot in self.hidden if spot["name"] == name), None)


@dataclass(frozen=True)
class RailPlace:
    """One place of the staff frame: its URL name, its short word, its icon."""

    name: str
    label: str
    icon: str


RAIL = (
    RailPlace("orders:inbox", _("收件"), "inbox"),
    RailPlace("orders:board", _("工单"), "list-check"),
    RailPlace("orders:calls", _("回访"), "phone-outgoing"),
    RailPlace("orders:checks", _("走访"), "walk"),
    RailPlace("orders:stalled", _("挂起"), "player-pause"),
    RailPlace("orders:ladder", _("上报"), "arrow-up-right"),
    RailPlace("orders:duty", _("值班"), "calendar-time"),
    RailPlace("orders:whistles", _("吹哨"), "speakerphone"),
    RailPlace("orders:unanswered", _("没回话"), "message-report"),
    RailPlace("orders:enter", _("代点"), "phone-plus"),
    RailPlace("orders:cards", _("连心卡"), "id"),
    RailPlace("orders:figures", _("数据"), "chart-bar"),
    RailPlace("people:staff", _("队伍"), "users-group"),
    RailPlace("people:members", _("党员"), "users"),
    RailPlace("people:service", _("服务岗"), "heart-handshake"),
    RailPlace("people:units", _("单位"), "building"),
    RailPlace("places:map", _("地图"), "map-2"),
    RailPlace("intake:catalogue", _("事项"), "clipboard-list"),
    RailPlace("notices:inbox", _("消息"), "bell"),
)

# A desk's day: these stand in sight in this order; all others lie under 更多, in groups by their room.
FIRST = ("orders:inbox", "orders:board", "orders:enter", "orders:calls", "orders:unanswered", "notices:inbox")
GROUPS = {"orders": _("办单"), "people": _("人和单位"), "": _("资料")}
MOST_IN_SIGHT = len(FIRST) + 1  # so few fit without an opener

TABS = (  # the foot of those who serve
    RailPlace("orders:hall", _("抢单"), "hand-grab"),
    RailPlace("orders:claim_desk", _("认领"), "heart-handshake"),
    RailPlace("orders:mine", _("我的单"), "checklist"),
    RailPlace("notices:inbox", _("消息"), "bell"),
    RailPlace("people:me", _("我"), "user-circle"),
)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page; raises NoReverseMatch for a name nobody has."""
    if args or kwargs:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    return _fixed(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@cache
def _fixed(name: str, urlconf: str, _prefix: str) -> str:
    """An address without anything to fill in is looked up once: every page names some twenty."""
    return reverse(name, urlconf)


def url_or_none(name: str, *args: Any, **kwargs: Any) -> str | None:
    """The address of a named page, or None where this installation has no such page."""
    try:
        return url(name, *args, **kwargs)
    except NoReverseMatch:
        return None


def rail(user: Any, only: tuple[str, ...] | None = None) -> Rail:
    """The places of the staff frame that exist here: name, label, icon, href. Nothing for a visitor.

    `only` names the places that the page's own room found open to this person.
    """
    if not getattr(user, "is_authenticated", False):
        return Rail()
    spots = [
        spot for spot in _spots([place for place in RAIL if only is None or place.name in only]) if _opens(spot, user)
    ]
    if len(spots) <= MOST_IN_SIGHT:
        return Rail(tuple(spots))
    near = sorted((spot for spot in spots if spot["name"] in FIRST), key=lambda spot: FIRST.index(spot["name"]))
    groups: dict[str, list[Spot]] = {}
    for spot in spots:
        if spot["name"] not in FIRST:
            room = spot["name"].partition(":")[0]
            groups.setdefault(room if room in GROUPS else "", []).append(spot)
    return Rail(
        tuple(near), tuple((gettext(words), tuple(groups[room])) for room, words in GROUPS.items() if room in groups)
    )


def _opens(spot: Spot, user: Any) -> bool:
    """Whether the page asks for no role, or for one this person holds; unknown posts shut nothing."""
    wanted, posts = _roles_of(spot["href"]), getattr(user, "held_posts", None)
    return wanted is None or posts is None or any(post.role in wanted for post in posts)


@cache
def _roles_of(href: str) -> frozenset[str] | None:
    roles: frozenset[str] | None = getattr(resolve(href).func, "roles", None)
    return roles


def _spots(places: Iterable[RailPlace]) -> list[Spot]:
    return [
        {"name": place.name, "label": gettext(place.label), "icon": place.icon, "href": href}
        for place in places
        if (href := url_or_none(place.name))
    ]


def tabs() -> list[Spot]:
    """The places at the foot of the members' frame: name, label, icon, href."""
    return _spots(TABS)


def _lang() -> str:
    language = get_language() or "zh-hans"
    return "zh-CN" if language.startswith("zh") else language


@pass_context
def _when(context: Context, at: datetime | None) -> str:
    return words.when(at, context.get("now"))


@pass_context
def _until(context: Context, at: datetime | None) -> str:
    return words.until(at, context.get("now"))


@pass_context
def _ago(context: Context, at: datetime) -> str:
    return words.ago(at, context.get("now"))


def environment(**options: Any) -> Environment:
    """The environment of all our pages: what a template can call stands here and nowhere else."""
    options.update(
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
    )
    env = Environment(**options)  # noqa: S701 - autoescape is among the options of the settings
    env.policies["ext.i18n.trimmed"] = True
    i18n = cast(Any, env)
    i18n.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
    env.filters.update(
        when=_when,
        until=_until,
        ago=_ago,
        day=words.day,
        desk_clock=words.desk_clock,
        span=words.span,
        left=words.left,
        distance=words.distance,
        phone_mask=words.phone_mask,
        phone_groups=words.phone_groups,
    )
    env.globals.update(
        url=url,
        url_or_none=url_or_none,
        static=cache(static),
        rail=rail,
        tabs=tabs,
        lang=_lang,
        get_messages=get_messages,
    )
    return env


def is_elder(request: HttpRequest) -> bool:
    """Whether this reader asked for the elder mode; the cookie is read before the first byte."""
    return request.COOKIES.get(ELDER_COOKIE) == "1"


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every template may name: request, user, elder, csrf_input, csrf_token, now, hotline."""
    return {
        "request": request,
        "user": getattr(request, "user", None),
        "elder": is_elder(request),
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
        "now": timezone.now(),
        "hotline": HOTLINE,
    }


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    part: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page, or its block `part` alone for a swap. Raises jinja2's errors for a template or block nobody has."""
    env: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    values = frame(request) | dict(context or {})
    # the pieces come along in the context: a block drawn alone runs no import of its page
    values["ui"] = env.get_template("ui/pieces.html").make_module(values)
    html = render_block(env, template, part, values) if part else env.get_template(template).render(values)
    return HttpResponse(html, status=status, headers=dict(headers or {}))
