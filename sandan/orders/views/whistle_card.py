"""连心卡: who looks after a grid, the work number to ring, one key to place an order there; on screen and paper."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import HOTLINE, page, url
from sandan.core.sealed import Sealed
from sandan.orders.actions import whistle_card as actions
from sandan.orders.forms.whistle_card import PrintForm
from sandan.orders.models import CardRun
from sandan.orders.queries import whistle_card as queries
from sandan.orders.queries.boards_scope import covers, desk_codes
from sandan.orders.queries.whistle_card import Card
from sandan.orders.views import resident
from sandan.orders.views.boards_frame import desk_required, frame
from sandan.people.access import Request
from sandan.people.models import Person
from sandan.places.models import Place

STATES = ("old", "new", "good")  # what needs the printer comes first
ON_A_SHEET = {"a6": 4, "a5": 2}  # cards on one A4
LENGTHS = (6, 9, 12)
MASK = 3  # any of the eight scans; trying all of them takes five times as long


@require_safe
def card(request: HttpRequest, grid: str) -> HttpResponse:
    """The card of a grid; open to everybody, as the printed one is.

    A code that was printed before the ground changed leads on to the grid of today, or to those it was split into.
    """
    at = timezone.now()
    found = queries.card_of(grid, at)
    if found is None:
        return _moved(request, grid, at)
    community = found.community
    context = resident.about(community) | {
        "card": found, "order_url": f"{url('orders:place')}?c={community.code}&g={found.grid.code}&from=card",
        "supervision": HOTLINE, "is_mine": _is_keeper(request, found), "pictures": _pictures(found),
    }  # fmt: skip
    return page(request, "orders/whistle_card.html", context)


def _is_keeper(request: HttpRequest, card: Card) -> bool:
    person = request.user
    return isinstance(person, Person) and any(keeper.pk == person.pk for keeper in card.keepers)


def _pictures(card: Card) -> list[str]:
    """The address of each keeper's picture, empty where there is none; a new picture has a new address."""
    return [
        f"{reverse('orders:card_photo', args=[card.grid.code, nth])}?v={int(keeper.pictured_at.timestamp())}"
        if keeper.pictured_at
        else ""
        for nth, keeper in enumerate(card.keepers, start=1)
    ]


def _moved(request: HttpRequest, grid: str, at: datetime) -> HttpResponse:
    codes = queries.successors(grid) if grid.isascii() and grid.isdigit() and len(grid) == 15 else ()
    if not codes:
        raise Http404
    if len(codes) == 1:
        return HttpResponseRedirect(reverse("orders:card", args=codes))
    found = queries.cards_among(codes, at)
    return page(request, "orders/whistle_card_split.html", resident.about(found[0].community) | {"cards": found})


@require_safe
def card_photo(request: HttpRequest, grid: str, nth: int) -> HttpResponse:  # noqa: ARG001 (a view)
    """The picture of who is on the card now, by his place on it; nobody else's can be asked for."""
    found = queries.card_of(grid, timezone.now())
    portrait = queries.portrait_on(found, nth) if found else None
    if portrait is None or not isinstance(portrait.picture, Sealed):
        raise Http404
    headers = {"Cache-Control": "private, max-age=300", "Cross-Origin-Resource-Policy": "same-origin"}
    return HttpResponse(portrait.picture.open_bytes(), content_type="image/jpeg", headers=headers)


def _place(request: Request, code: str, at: datetime) -> Place:
    """The asked place, or the first of one's own; the same 404 for one that is absent or not one's own."""
    own = desk_codes(request.user, at)
    code = code or (own[0] if own else "")
    place = Place.objects.filter(pk=code).defer("outline").first() if code and covers(own, code) else None
    if place is None or len(code) not in LENGTHS:
        raise Http404
    return place


@require_safe
@desk_required
def cards(request: Request) -> HttpResponse:
    """The grids of a place: whose card hangs there untrue, never hung, or is good."""
    at = timezone.now()
    place = _place(request, request.GET.get("place", ""), at)
    found = queries.cards_within(place.code, at)
    counts = {state: sum(card.state == state for card in found) for state in STATES}
    context = frame(request, at) | {
        "at_place": place, "cards": sorted(found, key=lambda card: STATES.index(card.state)), "counts": counts,
        "to_print": counts["old"] + counts["new"], "places": _places(request, at), "sheets": ON_A_SHEET,
        "faceless": sum(not any(k.pictured_at for k in card.keepers) for card in found),
    }  # fmt: skip
    return page(request, "orders/whistle_card_list.html", context)


def _places(request: Request, at: datetime) -> list[Place]:
    """One's own areas and what lies in them, for the choice."""
    own = desk_codes(request.user, at)
    kinds = (Place.Kind.COUNTY, Place.Kind.STREET, Place.Kind.COMMUNITY)
    rows = Place.objects.current().filter(kind__in=kinds, code__startswith=own[0][:6]) if own else Place.objects.none()
    return [place for place in rows.only("code", "name").order_by("code") if covers(own, place.code)]


@require_POST
@desk_required
def cards_print(request: Request) -> HttpResponse:
    """Note what is printed, and show the sheets."""
    at = timezone.now()
    form = PrintForm(request.POST)
    if not form.is_valid():
        raise Http404
    place = _place(request, form.cleaned_data["place"], at)
    found = queries.cards_within(place.code, at)
    if form.cleaned_data["which"] == "changed":
        found = [card for card in found if card.state != "good"]
    try:
        run = actions.print_cards(
            cards=found, scope=place.code, size=form.cleaned_data["size"], by=request.user, at=at
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{reverse('orders:cards')}?place={place.code}")
    return HttpResponseRedirect(reverse("orders:cards_sheet", args=[run.pk]))


@require_safe
@desk_required
def cards_sheet(request: Request, pk: int) -> HttpResponse:
    """The sheets of a run, as true as now; the same 404 for one that is absent or of another's area."""
    at = timezone.now()
    run = CardRun.objects.filter(pk=pk).first()
    if run is None or not covers(desk_codes(request.user, at), run.scope):
        raise Http404
    found = queries.cards_among(list(run.issues.values_list("grid", flat=True)), at)
    size = ON_A_SHEET[run.size]
    drawn = [_on_paper(request, card) for card in found]
    context = {
        "run": run, "back": f"{reverse('orders:cards')}?place={run.scope}", "count": len(found),
        "sheets": [drawn[start : start + size] for start in range(0, len(drawn), size)],
    }  # fmt: skip
    return page(request, "orders/whistle_card_sheet.html", context)


def _on_paper(request: HttpRequest, card: Card) -> tuple[Card, Sequence[str], str]:
    """A card, the addresses of its pictures, its code to scan."""
    return card, _pictures(card), qr(request.build_absolute_uri(reverse("orders:card", args=[card.grid.code])))


@lru_cache(maxsize=4096)
def qr(text: str) -> str:
    """A QR code as an inline drawing, error correction M, without size: the style gives it."""
    drawing = segno.make(text, error="m", micro=False, mask=MASK)
    inline = drawing.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return mark_safe(inline.replace("<svg ", '<svg shape-rendering="crispEdges" ', 1))
