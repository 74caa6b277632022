"""我的信息: who looked, what is held, a copy of it, consent taken back, the wish to be forgotten."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from sandan.core import consents
from sandan.core.errors import Refused
from sandan.core.pages import page, url
from sandan.intake.models import Category
from sandan.orders import access
from sandan.orders.actions import resident_consent, resident_data
from sandan.orders.models import Asker
from sandan.orders.queries import resident_data as queries
from sandan.orders.queries.resident_data import Held
from sandan.orders.views import resident


@require_safe
def my_data(request: HttpRequest, number: str) -> HttpResponse:
    """What is held, without the values, and what the asker may do about it."""
    return _drawn(request, access.asked(resident.granted(request), number), timezone.now())


@sensitive_variables("held")
def _drawn(
    request: HttpRequest, asker: Asker, at: datetime, *, held: Held | None = None, trouble: str = ""
) -> HttpResponse:
    order = asker.order
    context = {
        "asker": asker, "order": order, "held": held, "trouble": trouble, "looks": queries.looks_of(asker),
        "agreed": queries.agreed(asker), "kept": queries.kept(asker, at), "wish": queries.wish_of(asker),
        "is_sealed": order.privacy == Category.Privacy.SEALED, "has_contact": bool(asker.phone or asker.name),
        "version": consents.CURRENT,
    }  # fmt: skip
    response = page(
        request, "orders/resident_data.html", context | resident.about(order.community), status=422 if trouble else 200
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def my_data_move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """show and file hand out what is held; no_calls and no_contact take consent back; erase asks to be forgotten."""
    at = timezone.now()
    asker = access.asked(resident.granted(request), number)
    if verb not in ("show", "file", "no_calls", "no_contact", "erase"):
        raise Http404
    try:
        if verb in ("show", "file"):
            return _handed_out(request, asker, verb, at)
        said = _changed(asker, verb, at)
    except Refused as refusal:
        return _drawn(request, asker, at, trouble=str(refusal))
    messages.success(request, said)
    return HttpResponseRedirect(url("orders:my_data", number))


@sensitive_variables("held", "answer")
def _handed_out(request: HttpRequest, asker: Asker, verb: str, at: datetime) -> HttpResponse:
    """On the page, or as a file; both leave a line first."""
    resident_data.hand_out(asker=asker, form="page" if verb == "show" else "file", at=at)
    held = queries.held(asker)
    if verb == "show":
        return _drawn(request, asker, at, held=held)
    answer = HttpResponse(held.as_json(), content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="sandan-{asker.order.number}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _changed(asker: Asker, verb: str, at: datetime) -> str:
    if verb == "no_calls":
        resident_consent.withdraw(asker=asker, purpose=consents.CALL_BACK, at=at)
        return _("记下了，办好后不再打电话问您。")
    if verb == "no_contact":
        resident_consent.withdraw(asker=asker, purpose=consents.CONTACT, at=at)
        return _("称呼和电话删掉了。凭单号和查询码还能看结果。")
    wish = resident_data.wish(asker=asker, at=at)
    return {
        "done": _("删掉了。凭单号和查询码还能看结果。"),
        "waiting": _("称呼和电话删掉了。门牌、原话和照片等这件事办完的当晚删。"),
        "held": _("记下了。这件事是封存的，社区先核实是您本人，再删。"),
    }.get(wish.state, _("记下了。"))
