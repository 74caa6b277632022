"""Placing an order in three steps of plain forms; everything works without script."""

from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page, url
from sandan.orders import access, clocks, limits
from sandan.orders.actions import drafting, placing
from sandan.orders.forms.resident_place import SOURCES, ReachForm, WhatForm
from sandan.orders.models import Asker, Order
from sandan.orders.models.order import Urgency
from sandan.orders.queries import resident_near, resident_writing, whistle_card
from sandan.orders.queries.resident_writing import Alarm, Writing
from sandan.orders.views import resident
from sandan.places.models import Place

MOST_BYTES = 9 * 40 * 1024 * 1024 + 2 * 1024 * 1024  # nine photos of the largest kind and the words


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """Step 1, what happened; with a key the draft is opened again."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return _too_large(request)
    if request.method == "POST":
        return _what_sent(request)
    draft = resident_writing.draft(key, timezone.now()) if key else None
    if key and draft is None:
        return resident.gone(request)
    community = resident.came_from(request)
    writing = resident_writing.writing_of(draft) if draft else Writing(
        channel=SOURCES.get(request.GET.get("from", ""), "web"), community=community.code if community else "",
        grid=_card_grid(request, community),
    )  # fmt: skip
    kept = {"source": writing.channel, "community": writing.community, "grid": writing.grid, "text": writing.text}
    form = WhatForm(initial={"key": key or uuid4(), **kept})
    response = _what(request, form)
    if request.GET.get("c") and community:
        resident.remember(response, community)
    return response


def _card_grid(request: HttpRequest, community: Place | None) -> str:
    """The grid of the contact card this reader came from, where it lies in the community."""
    grid = request.GET.get("g", "")
    return grid if community and whistle_card.is_grid_of(grid, community.code) else ""


def _what(request: HttpRequest, form: WhatForm, status: int = 200) -> HttpResponse:
    """Step 1 drawn: the words as they were typed, the photos that are already kept."""
    key = form["key"].value()
    draft = resident_writing.draft(UUID(str(key)), timezone.now()) if _is_key(key) else None
    community = resident_writing.community(str(form["community"].value() or ""))
    photos = list(draft.photos.only("pk").order_by("pk")) if draft else []
    asks_help = request.GET.get("kind") == "help"
    context = {"form": form, "key": key, "photos": photos, "asks_help": asks_help}
    context |= {"danger": resident_writing.danger_words(), "asks_pass": status == 429}
    response = page(request, "orders/resident_what.html", context | resident.about(community), status=status)
    resident.name_device(request, response)
    return response


def _is_key(value: object) -> bool:
    try:
        return UUID(str(value)).version == 4
    except ValueError:
        return False


def _what_sent(request: HttpRequest) -> HttpResponse:
    form = WhatForm(request.POST, request.FILES)
    if not form.is_valid():
        too_big = form.has_error("photos", "too_big")
        return _what(request, form, 413 if too_big else 422)
    data = form.cleaned_data
    try:
        resident.refuse_flood(request, {limits.DRAFTS: 1, limits.PHOTOS: len(data["photos"])})
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _what(request, form, 429)
    known = {"channel": data["source"], "community": data["community"], "grid": data["grid"]}
    writing = Writing(text=data["text"], **known)
    try:
        drafting.write(
            key=data["key"], writing=writing, files=[file.read() for file in data["photos"]],
            drop=[int(pk) for pk in request.POST.getlist("drop") if pk.isdecimal()], at=timezone.now(),
        )  # fmt: skip
    except drafting.BadPhotos as refusal:
        form.add_error("photos", str(refusal))
        return _what(request, form, 413 if refusal.is_too_big else 422)
    return HttpResponseRedirect(url("orders:place_where", data["key"]))


def _too_large(request: HttpRequest) -> HttpResponse:
    """413 before anything is read: together the files are larger than nine photos can be."""
    form = WhatForm(initial={"key": uuid4(), "source": "web"})
    context = {
        "form": form, "key": "", "photos": [], "asks_help": False, "danger": {}, "asks_pass": False,
        "trouble": _("照片加起来太大，没有收。请少选几张，或者截图再传。按「返回」，您写的字还在。"),
    }  # fmt: skip
    return page(request, "orders/resident_what.html", context | resident.about(None), status=413)


@sensitive_post_parameters("name", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, key: UUID) -> HttpResponse:
    """Step 3, check and say how to be reached; sends the order. A second sending shows the same order."""
    now = timezone.now()
    writing = resident.opened(key, now)
    if writing is None:
        return _sent_before(request, key, now)
    if writing.where is None:
        return HttpResponseRedirect(url("orders:place_where", key))
    found = resident_writing.guesses(writing.text)
    form = ReachForm(
        request.POST if request.method == "POST" else None, found=found, initial={"may_call": True, "category": "none"}
    )
    if form.is_bound and form.is_valid():
        answer = _send(request, key, form, writing, now)
        if answer:
            return answer
    return _check(request, key, form, writing, now)


def _sent_before(request: HttpRequest, key: UUID, now: datetime) -> HttpResponse:
    """The draft is gone: to the order it became, if this is its sender, else the page that says so."""
    if request.method == "POST":
        try:
            placed = drafting.send(key=key, contact=placing.Contact(), guess=None, urgency=1, at=now)
        except Refused:
            return resident.gone(request)
        return _to_done(request, key, placed)
    order = Order.objects.filter(key=key).first()
    if order and order.askers.filter(pk__in=resident.granted(request)).exists():
        return HttpResponseRedirect(url("orders:place_done", key))
    return resident.gone(request)


def _send(request: HttpRequest, key: UUID, form: ReachForm, writing: Writing, now: datetime) -> HttpResponse | None:
    data, danger = form.cleaned_data, resident_writing.alarm(writing.text)
    found = resident_writing.guesses(writing.text)
    contact = placing.Contact(data["name"].strip(), data["phone"], data["may_call"])
    try:
        resident.refuse_flood(request, {limits.ORDERS: 1, limits.ORDERS_A_DAY: 1}, phone=contact.phone)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _check(request, key, form, writing, now, 429)
    try:
        placed = drafting.send(
            key=key, contact=contact, guess=resident_writing.guess(data["category"], found, danger),
            urgency=_urgency(danger), at=now,
        )  # fmt: skip
    except drafting.DraftGone:
        return resident.gone(request)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    return _to_done(request, key, placed)


def _urgency(danger: Alarm | None) -> int:
    return danger.urgency if danger else Urgency.ORDINARY


def _to_done(request: HttpRequest, key: UUID, placed: placing.Placed) -> HttpResponse:
    asker = placed.asker or access.asker_with_secret(placed.order, placed.secret)
    if asker:
        resident.grant(request, [asker])
    return HttpResponseRedirect(url("orders:place_done", key))


def _check(
    request: HttpRequest, key: UUID, form: ReachForm, writing: Writing, now: datetime, status: int = 200
) -> HttpResponse:
    assert writing.where is not None
    danger = resident_writing.alarm(writing.text)
    draft = resident_writing.draft(key, now)
    similar = [] if writing.near_shown or form.errors else resident_near.similar(writing.text, writing.where, now)
    community = Place.objects.filter(code=writing.where.community).select_related("parent").defer("outline").get()
    context = {
        "form": form, "key": key, "writing": writing, "alarm": danger, "near": similar,
        "photos": list(draft.photos.only("pk").order_by("pk")) if draft else [],
        "answer_by": first_word_by(danger, now), "asks_pass": status == 429,
    }  # fmt: skip
    status = 422 if form.errors and status == 200 else status
    return page(request, "orders/resident_check.html", context | resident.about(community), status=status)


def first_word_by(danger: Alarm | None, at: datetime) -> datetime | None:
    """When somebody must have looked at it, by the order's own clock."""
    order = Order(guess=danger.category if danger else None, urgency=_urgency(danger))
    clocks.start(order, at)
    return order.due_at


@require_safe
def done(request: HttpRequest, key: UUID) -> HttpResponse:
    """The number, the secret, and what happens next; only for the browser that sent it."""
    order = Order.objects.select_related("community", "guess").filter(key=key).first()
    asker = Asker.objects.filter(order=order, pk__in=resident.granted(request)).first() if order else None
    if order is None or asker is None:
        return HttpResponseRedirect(url("orders:follow"))
    alarm = resident_writing.DANGER.get(order.guess_id or "") if order.urgency > Urgency.ORDINARY else None
    context = {
        "order": order,
        "secret": placing.secret_of(key),
        "alarm_number": alarm,
        "has_phone": bool(asker.phone_tail),
    }
    response = page(request, "orders/resident_done.html", context | resident.about(order.community))
    response.headers["Cache-Control"] = "private, no-store"
    return response
