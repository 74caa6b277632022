"""连心卡上的照片: put one's own picture on the contact card, see it, take it down."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.sealed import Sealed
from sandan.people.access import Request, role_required
from sandan.people.actions import photos
from sandan.people.forms.photos import PortraitForm
from sandan.people.models import Portrait
from sandan.people.views.member_frame import drawn

carrier_required = role_required(*photos.CARRIERS)


@require_http_methods(["GET", "POST"])
@carrier_required
def portrait(request: Request) -> HttpResponse:
    """The form, and the picture that is on the card now."""
    form = PortraitForm(request.POST, request.FILES) if request.method == "POST" else PortraitForm()
    if form.is_valid():
        try:
            photos.give(content=form.cleaned_data["picture"].read(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("picture", str(refusal))
        else:
            messages.success(request, _("放好了。连心卡上已经是这张。"))
            return HttpResponseRedirect(reverse("people:portrait"))
    mine = Portrait.objects.filter(person=request.user).defer("picture").first()
    return drawn(request, "people/portrait.html", {"form": form, "mine": mine}, status=422 if form.errors else 200)


@require_safe
@carrier_required
def portrait_picture(request: Request) -> HttpResponse:
    """One's own picture."""
    mine = Portrait.objects.filter(person=request.user).first()
    if mine is None:
        raise Http404
    return picture(mine)


def picture(portrait: Portrait) -> HttpResponse:
    """The JPEG itself; kept by no cache of others."""
    box = portrait.picture
    assert isinstance(box, Sealed)
    response = HttpResponse(box.open_bytes(), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


@require_POST
@carrier_required
def portrait_take_back(request: Request) -> HttpResponse:
    """Take it down."""
    try:
        photos.take_back(by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("撤下了，卡上不再有照片。"))
    return HttpResponseRedirect(reverse("people:portrait"))
