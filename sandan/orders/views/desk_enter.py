"""Writing down a phone call, and finding an order again."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders import access, actions
from sandan.orders.forms.desk_enter import EnterForm
from sandan.orders.queries import desk_find, desk_inbox, desk_near
from sandan.orders.views.desk import address, desk_required, frame, home_of, posts_of, staff_posts, staff_required
from sandan.people.access import Request
from sandan.places import queries as gazetteer
from sandan.places.models import Place

SURE = 0.6


@require_http_methods(["GET", "POST"])
@desk_required
def enter(request: Request) -> HttpResponse:
    """One page for one call; after it the number to say aloud, and an empty form for the next."""
    at = timezone.now()
    county, community = home_of(posts_of(request.user, at))
    if request.method != "POST":
        return _drawn(request, _fresh(county, community), at)
    form = EnterForm(county, community, request.POST)
    if form.is_valid():
        try:
            told = _joined(request, form, at) if request.POST.get("join") else _placed(request, form, at)
            return _drawn(request, _fresh(county, community), at, told)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _drawn(request, form, at, near=_near(request, form, at), status=422)


def _fresh(county: str, community: Place | None) -> EnterForm:
    return EnterForm(county, community, initial={"key": uuid4()})


def _placed(request: Request, form: EnterForm, at: datetime) -> dict[str, Any]:
    charge = desk_inbox.charge_of(posts_of(request.user, at))
    placed = actions.place(sending=replace(form.sending(), charge=charge), by=request.user, at=at)
    return {"order": placed.order, "secret": placed.secret, "is_joined": False}


def _joined(request: Request, form: EnterForm, at: datetime) -> dict[str, Any]:
    """The caller reports what is open already: one more asker of that order."""
    order = access.order_of(request.user, request.POST["join"], at)
    merged = actions.join(order=order, key=form.cleaned_data["key"], contact=form.contact(), at=at)
    return {"order": order, "secret": merged.secret, "is_joined": True}


def _drawn(
    request: Request, form: EnterForm, at: datetime, told: dict[str, Any] | None = None, near: Any = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    waiting = desk_inbox.waiting(posts_of(request.user, at)).count()
    context = {"form": form, "told": told, "now": at, **(near or NOBODY), **frame(request.user, at, waiting)}
    return page(request, "orders/desk_enter.html", context, status=status)


NOBODY: dict[str, Any] = {"near": [], "sketch": None, "found": None}


@require_safe
@desk_required
def enter_near(request: Request) -> HttpResponse:
    """What is open around the place typed so far: the sketch and the list beside the form."""
    at = timezone.now()
    county, community = home_of(posts_of(request.user, at))
    typed = request.GET.get("place", "")[:100], request.GET.get("category", "")
    context = _around(request, typed, county, community, at)
    return page(request, "orders/desk_enter.html", context | {"now": at}, part="beside")


def _near(request: Request, form: EnterForm, at: datetime) -> dict[str, Any]:
    typed = str(form["place"].value() or ""), str(form["category"].value() or "")
    return _around(request, typed, form.county, form.community, at)


def _around(
    request: Request, typed: tuple[str, str], county: str, community: Place | None, at: datetime
) -> dict[str, Any]:  # fmt: skip
    text, code = typed
    found = gazetteer.resolve(text, county, community.code if community else None) if text.strip() else []
    if not found or found[0].confidence < SURE:
        return NOBODY
    best = found[0]
    here = desk_near.Here(
        best.community_code, best.lon, best.lat, best.estate_id, best.building or "", code, at
    )  # fmt: skip
    mine = posts_of(request.user, at)
    return {"near": desk_near.near(here, mine, at), "sketch": desk_near.sketch(here), "found": best}


@require_safe
@desk_required
def places(request: Request) -> HttpResponse:
    """Estates that begin like the words typed so far, as options of the place's field."""
    at = timezone.now()
    county, community = home_of(posts_of(request.user, at))
    q = request.GET.get("place", "")[:40]
    names = gazetteer.suggest(q, county, community=community.code if community else None)
    return page(request, "orders/desk_enter.html", {"names": names}, part="options")


@require_safe
@staff_required
def find(request: Request) -> HttpResponse:
    """Orders by number, phone, words or place, within one's own area; a full number goes straight there."""
    at = timezone.now()
    q = request.GET.get("q", "").strip()[:40]
    if access.parse(q) and _is_there(request, q, at):
        return HttpResponseRedirect(address("detail", q))
    found = desk_find.find(q, staff_posts(request.user, at), at) if q else None
    waiting = desk_inbox.waiting(posts_of(request.user, at)).count()
    return page(
        request, "orders/desk_find.html", {"q": q, "found": found, "now": at, **frame(request.user, at, waiting)}
    )


def _is_there(request: Request, number: str, at: datetime) -> bool:
    columns = access.named(number)
    orders = desk_find.within(staff_posts(request.user, at))
    return columns is not None and orders.filter(**columns).exists()
