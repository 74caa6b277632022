"""Home, help, the privacy notice, the elder mode."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from sandan.core import consents
from sandan.core.pages import ASKERS_KEY, COMMUNITY_COOKIE, ELDER_COOKIE, HOTLINE, is_elder, page, url, url_or_none
from sandan.front import queries
from sandan.places.models import Place

YEAR = 365 * 24 * 3600


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice of this reader for a year."""
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS)


def way_back(request: HttpRequest, wanted: str) -> str:
    """The address to go to after a form: the wanted one if it is ours, else home."""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else url("front:home")


def _about(community: Place | None) -> dict[str, object]:
    return {"community": community, "hotline": (community.phone if community else "") or HOTLINE}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Four doors; `?c=` is the community of the notice board whose code was scanned."""
    asked = request.GET.get("c")
    community = queries.community(asked or request.COOKIES.get(COMMUNITY_COOKIE))
    person = getattr(request, "user", None)
    context = {
        "doors": {
            "report": url_or_none("orders:place"),
            "follow": url_or_none("orders:follow"),
            "desk": queries.start_of(person, timezone.now())
            if person is not None and person.is_authenticated
            else None,
        },
        "mine": queries.under_way(request.session.get(ASKERS_KEY, []), timezone.now()),
    }
    response = page(request, "front/home.html", context | _about(community))
    if asked and community:
        remember(response, COMMUNITY_COOKIE, community.code)
    return response


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to place an order, where, by which number, and what happens next."""
    community = queries.community(request.COOKIES.get(COMMUNITY_COOKIE))
    return page(request, "front/help.html", _about(community) | {"follow": url_or_none("orders:follow")})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is asked, what for, who sees it, and what one may ask for."""
    about = _about(queries.community(request.COOKIES.get(COMMUNITY_COOKIE)))
    return page(request, "front/privacy.html", about | {"notice_since": consents.CURRENT})


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Into the elder mode, or out of it, and back to the page one was on."""
    response = HttpResponseRedirect(way_back(request, request.POST.get("next", "")))
    remember(response, ELDER_COOKIE, "0" if is_elder(request) else "1")
    return response
