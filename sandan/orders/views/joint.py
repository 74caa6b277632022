"""A helper's own page: yes or no, what to know, the own part of the record, a word on the share."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused
from sandan.intake.models import Category
from sandan.orders import access
from sandan.orders.actions import joint, looking
from sandan.orders.forms import joint as joint_forms
from sandan.orders.forms.desk_moves import MoveForm
from sandan.orders.models import Share
from sandan.orders.queries import desk_order, lights
from sandan.orders.queries.rows import HIDDEN
from sandan.orders.views.member import address, drawn
from sandan.people.access import EVERYBODY, Request, role_required

FORMS: dict[str, type[forms.Form]] = {
    "join": MoveForm, "decline": joint_forms.NoForm, "record": joint_forms.RecordForm,
    "dissent": joint_forms.DissentForm,
}  # fmt: skip
ACTS: dict[str, Callable[..., Share]] = {
    "join": joint.join, "decline": joint.decline, "record": joint.record, "dissent": joint.dissent,
}  # fmt: skip
SAID: dict[str, str | Promise] = {
    "join": gettext_lazy("说好了，一起办。牵头的人知道了。"),
    "decline": gettext_lazy("说了来不了，不影响您。"),
    "record": gettext_lazy("记下了您办的这一份。辛苦。"),
    "dissent": gettext_lazy("记下了，牵头的人和社区会看到。"),
}
everybody = role_required(*EVERYBODY)


@require_safe
@everybody
def together(request: Request, number: str) -> HttpResponse:
    """My part in somebody else's order."""
    at = timezone.now()
    return _drawn(request, access.share_of(request.user, number, at), at)


@sensitive_post_parameters("text")
@require_POST
@everybody
def together_move(request: Request, number: str, verb: str) -> HttpResponse:
    """One move of a helper; a refusal comes back as a sentence with status 422."""
    at = timezone.now()
    share = access.share_of(request.user, number, at)
    if verb not in FORMS:
        raise Http404
    form = FORMS[verb](request.POST, request.FILES)
    if form.is_valid():
        try:
            ACTS[verb](share=share, by=request.user, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(SAID[verb]))
            return HttpResponseRedirect(address("beside") if verb == "decline" else address("together", number))
    return _drawn(request, access.share_of(request.user, number, at), at, verb=verb, form=form, status=422)


@require_POST
@everybody
def together_reveal(request: Request, number: str) -> HttpResponse:
    """Contact, and the door on the way, for a helper who goes there; each look leaves a line."""
    at = timezone.now()
    share = access.share_of(request.user, number, at)
    wanted = set(request.POST.getlist("what"))
    if not wanted or wanted - {"contact", "door"}:
        raise Http404
    if wanted - _may_open(share):
        raise PermissionDenied(_("这一项现在不给看：要去点单人那里才看得到电话，上路后看得到门牌。"))
    opened = looking.at_several(order=share.order, wanted=sorted(wanted), by=request.user, why="serve", at=at)
    return _drawn(request, share, at, opened=opened)


def _may_open(share: Share) -> set[str]:
    may = {"contact"} if access.may_help_see("contact", share) else set()
    return may | ({"door"} if share.order.door and access.may_help_see("door", share) else set())


def _drawn(
    request: Request, share: Share, at: datetime, *, verb: str = "", form: forms.Form | None = None,
    opened: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    order = share.order
    is_sealed = order.privacy == Category.Privacy.SEALED  # it may have become so after they joined
    is_hidden = is_sealed or (order.privacy in HIDDEN and share.state != "joined")
    verbs = ("join", "decline") if share.state == "asked" else ("record",)
    verbs = (*verbs, "dissent") if share.agreed_at and share.dissent_id is None else verbs
    bound = {verb: form} if form is not None else {}
    running = lights.running(order)
    context = {
        "share": share, "order": order, "now": at, "verbs": verbs, "refused": verb, "opened": opened or {},
        "forms": {one: bound.get(one) or _form(one) for one in {*verbs, *bound}}, "is_hidden": is_hidden,
        "place": order.community.name if is_hidden else desk_order.place_name(order) or order.community.name,
        "may_open": _may_open(share),
        "askers": desk_order.askers(order) if share.state == "joined" and not is_sealed else [],
        "lead": order.holder or order.served_by, "light": lights.light_of(running, at),
        "left": desk_order.time_left(order, at), "kept": _kept(request, share),
    }  # fmt: skip
    return drawn(request, "orders/joint_together.html", context, status=status)


def _form(verb: str) -> forms.Form:
    form = FORMS[verb]()
    form.auto_id = f"{verb}_%s"
    return form


def _kept(request: Request, share: Share) -> list[int]:
    """This helper's own pictures."""
    mine = share.order.photos.filter(stage="help", person=request.user)
    return list(mine.order_by("pk").values_list("pk", flat=True))
