"""The partner's pages: their own list, one excerpt, its photos; nothing of the order beyond the excerpt."""

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.orders import access
from sandan.orders.actions import partner
from sandan.orders.forms import partner as partner_forms
from sandan.orders.forms.desk_moves import MoveForm
from sandan.orders.models import Photo, Sending
from sandan.orders.queries import partner as queries
from sandan.orders.queries.whistle_side import SENT
from sandan.orders.views.resident_photo import SIZES, picture
from sandan.people.access import Request, role_required
from sandan.people.models import Role

partner_required = role_required(Role.PARTNER)
FORMS: dict[str, type[forms.Form]] = {
    "accept": MoveForm, "refuse": partner_forms.BackForm, "finish": partner_forms.DoneForm,
}  # fmt: skip
ACTS: dict[str, Callable[..., Sending]] = {
    "accept": partner.accept, "refuse": partner.refuse, "finish": partner.finish,
}  # fmt: skip
SAID: dict[str, str | Promise] = {
    "accept": gettext_lazy("接下了，社区知道了。"),
    "refuse": gettext_lazy("退回了，社区知道了。"),
    "finish": gettext_lazy("记下了，谢谢。"),
}
OPEN = {"sent": ("accept", "finish", "refuse"), "accepted": ("finish", "refuse")}


@require_safe
@partner_required
def sent(request: Request) -> HttpResponse:
    """What was sent to us and still stands."""
    at = timezone.now()
    context = {"now": at, "sendings": queries.sent_to(request.user, at), "states": SENT}
    return _private(page(request, "orders/partner_list.html", context))


@require_safe
@partner_required
def sent_one(request: Request, pk: int) -> HttpResponse:
    """One excerpt with its answers."""
    at = timezone.now()
    return _drawn(request, access.sending_of(request.user, pk, at), at)


@require_POST
@partner_required
def sent_move(request: Request, pk: int, verb: str) -> HttpResponse:
    """One answer; a refusal comes back as a sentence with status 422."""
    at = timezone.now()
    sending = access.sending_of(request.user, pk, at)
    if verb not in FORMS:
        raise Http404
    form = FORMS[verb](request.POST, request.FILES)
    if form.is_valid():
        try:
            ACTS[verb](sending=sending, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(SAID[verb]))
            return HttpResponseRedirect(
                reverse("orders:sent") if verb == "refuse" else reverse("orders:sent_one", args=[pk])
            )
    return _drawn(request, access.sending_of(request.user, pk, at), at, verb=verb, form=form, status=422)


@require_safe
@partner_required
def sent_photo(request: Request, pk: int, photo: int, size: str) -> HttpResponse:
    """A photo that was chosen for us, or one we added ourselves; any other is the same 404."""
    if size not in SIZES:
        raise Http404
    sending = access.sending_of(request.user, pk, timezone.now())
    if photo not in _photo_ids(sending):
        raise Http404
    unwanted = (name for name in SIZES if name != size)
    found = Photo.objects.defer(*unwanted).filter(pk=photo, order=sending.order_id).first()
    if found is None:
        raise Http404
    return picture(found, size)


def _photo_ids(sending: Sending) -> list[int]:
    chosen = list(sending.photos.order_by("pk").values_list("pk", flat=True))
    own = Photo.objects.filter(order=sending.order_id, stage="help", person__posts__unit=sending.unit_id)
    return chosen + sorted(set(own.filter(at__gte=sending.at).values_list("pk", flat=True)) - set(chosen))


def _drawn(
    request: Request, sending: Sending, at: datetime, *, verb: str = "", form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    verbs = OPEN.get(sending.state, ())
    bound = {verb: form} if form is not None else {}
    context = {
        "sending": sending, "now": at, "verbs": verbs, "refused": verb, "state": SENT[sending.state],
        "forms": {one: bound.get(one) or _form(one) for one in {*verbs, *bound}}, "photo_ids": _photo_ids(sending),
    }  # fmt: skip
    return _private(page(request, "orders/partner_one.html", context, status=status))


def _form(verb: str) -> forms.Form:
    form = FORMS[verb]()
    form.auto_id = f"{verb}_%s"
    return form


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response
