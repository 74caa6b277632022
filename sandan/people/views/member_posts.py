"""Service posts for those who offer them: a new one, who holds which, withdrawing and taking back (R014)."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sandan.core.errors import Refused
from sandan.people import access
from sandan.people.access import Request, posts_of
from sandan.people.actions import service_posts
from sandan.people.forms.member_posts import OfferForm, TakeBackForm
from sandan.people.models import ServiceHolding
from sandan.people.queries import member_grids, member_lists, member_posts, member_scope
from sandan.people.views.member_frame import drawn, post_keepers_only
from sandan.places.models import Place


@require_http_methods(["GET", "HEAD", "POST"])
@post_keepers_only
def service(request: Request) -> HttpResponse:
    """What is offered here and who holds it; a post offers one more."""
    at = timezone.now()
    codes = _codes(request, at)
    kind = request.GET.get("kind", "")
    form = OfferForm(request.POST if request.method == "POST" else None, _places(codes), at, kind)
    if form.is_valid():
        try:
            place = Place.objects.get(code=form.cleaned_data["place"])
            service_posts.offer_post(place=place, by=request.user, at=at, **form.facts())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("岗设好了，党员在「认领」里看得到。"))
            return HttpResponseRedirect(reverse("people:service"))
    return _page(request, form, codes, at)


def _codes(request: Request, at: datetime) -> tuple[str, ...]:
    return member_scope.areas(posts_of(request.user, at), member_scope.POST_KEEPERS)


def _places(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Communities in the area; a single one with its grids."""
    rows = [(one.code, one.name) for one in member_grids.communities([code[:12] for code in codes])]
    if len(rows) == 1:
        rows += [(one.code, "　" + one.name) for one in member_grids.of_community(rows[0][0])]
    return [row for row in rows if row[0].startswith(codes)]


def _page(request: Request, form: OfferForm, codes: tuple[str, ...], at: datetime) -> HttpResponse:
    context = {
        "form": form, "posts": member_posts.offered_in(codes, at), "take_back": TakeBackForm(), "now": at,
        "kinds": list(member_lists.post_kinds().values()),
        "kind": form["kind"].value(), "chosen": [str(day) for day in form["weekdays"].value() or []],
    }  # fmt: skip
    return drawn(request, "people/member_service.html", context, status=422 if form.errors else 200)


@require_POST
@post_keepers_only
def service_close(request: Request, pk: int) -> HttpResponse:
    """Withdraw a post."""
    at = timezone.now()
    post = access.service_post_of(request.user, pk, at)
    try:
        service_posts.close_post(post=post, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("这个岗撤了。领了岗的人会在「认领」里看到。"))
    return HttpResponseRedirect(reverse("people:service"))


@require_POST
@post_keepers_only
def service_take_back(request: Request, pk: int) -> HttpResponse:
    """Take one place back from who holds it."""
    at, form = timezone.now(), TakeBackForm(request.POST)
    codes = _codes(request, at)
    mine = ServiceHolding.objects.filter(member_scope.inside(codes, "post__scope")).select_related("post", "person")
    row = get_object_or_404(mine, pk=pk)
    try:
        if not form.is_valid():
            raise service_posts.BadPost(str(form.errors["reason"][0]))
        service_posts.take_back(holding=row, by=request.user, at=at, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s的岗收回了，位子空出来了。") % {"name": row.person.name})
    return HttpResponseRedirect(reverse("people:service"))
