"""我也是: one more asker of an order that a neighbour has placed."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sandan.core.errors import Refused
from sandan.core.pages import page, url
from sandan.orders import access, actions, limits
from sandan.orders.actions import drafting, limiting, placing
from sandan.orders.forms.resident_place import JoinForm
from sandan.orders.models import Order
from sandan.orders.queries import resident_near
from sandan.orders.views import resident


def _order(number: str) -> Order:
    """The order of that number if neighbours may see it; otherwise a 404."""
    columns = access.named(number)
    related = ("community", "category", "estate")
    order = Order.objects.select_related(*related).filter(**columns).first() if columns else None
    if order is None or not resident_near.showable(order):
        raise Http404
    return order


@sensitive_post_parameters("name", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the same thing; with `key` in the address, what to keep after it was done.

    Opens only with the ticket of the link that stood beside one's own words: whoever guesses numbers gets the 404.
    """
    key = request.GET.get("key", "")
    if request.method != "POST" and key:
        return _joined(request, number, key)
    if not resident_near.was_shown(number, request.GET.get("ticket", "")):
        raise Http404
    order = _order(number)
    initial = {"key": uuid4(), "draft": request.GET.get("draft"), "may_call": True}
    form = JoinForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        answer = _join(request, order, form)
        if answer:
            return answer
    return _drawn(request, order, form, 422 if form.errors else 200)


def _drawn(request: HttpRequest, order: Order, form: JoinForm, status: int) -> HttpResponse:
    context = {"form": form, "order": resident_near.neighbour(order), "asks_pass": status == 429}
    response = page(request, "orders/resident_join.html", context | resident.about(order.community), status=status)
    resident.name_device(request, response)
    return response


def _join(request: HttpRequest, order: Order, form: JoinForm) -> HttpResponse | None:
    data = form.cleaned_data
    contact = placing.Contact(data["name"].strip(), data["phone"], data["may_call"])
    try:
        resident.refuse_flood(request, {limits.ORDERS: 1, limits.ORDERS_A_DAY: 1}, phone=contact.phone)
        made = actions.join(order=order, key=data["key"], contact=contact, at=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        flooded = isinstance(refusal, limiting.Flood | limiting.WrongPass)
        return _drawn(request, order, form, 429) if flooded else None
    asker = access.asker_with_secret(order, made.secret)
    if asker is None:  # the phone has asked for this before; only a code can show that it is the same person
        form.add_error("phone", _("这个电话已经报过这件事了。到「查进度」里能看；没有查询码，就打社区电话，报手机号。"))
        return None
    if data["draft"]:
        drafting.forget(key=data["draft"])
    resident.grant(request, [asker])
    return HttpResponseRedirect(f"{url('orders:join', order.full_number)}?key={data['key']}")


def _joined(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """The number and the secret, for the browser that joined."""
    asker = access.asked(resident.granted(request), number)
    order = Order.objects.select_related("community", "guess").get(pk=asker.order_id)
    try:
        secret = placing.secret_of(UUID(key))
    except ValueError as fault:
        raise Http404 from fault
    if access.asker_with_secret(order, secret) != asker:
        raise Http404
    context = {"order": order, "secret": secret, "has_phone": bool(asker.phone_tail)} | resident.about(order.community)
    response = page(request, "orders/resident_joined.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response
