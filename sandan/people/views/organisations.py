"""The organisation tree with its gaps, for staff; who belongs where, for the keeper alone (R115, R116; G1, G12)."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.people import access
from sandan.people.access import Request, posts_of, role_required
from sandan.people.actions import appointing, memberships
from sandan.people.actions import organisations as actions
from sandan.people.forms.organisations import DUTIES, EnterForm, FoundForm
from sandan.people.models import Organisation, Role
from sandan.people.queries import memberships as own_space
from sandan.people.queries import organisations as queries
from sandan.people.queries.member_scope import areas
from sandan.people.queries.organisations import LEVELS, READERS
from sandan.places.models import Place

readers_only = role_required(*READERS)
keepers_only = role_required(Role.ORG_KEEPER)
BY_KEY_ALONE = "-"  # no area: nobody is found by name


def _codes(request: Request, at: datetime) -> tuple[str, ...]:
    return areas(posts_of(request.user, at), READERS)


def _may_keep(request: Request, code: str, at: datetime) -> bool:
    return Role.ORG_KEEPER in access.roles_over(posts_of(request.user, at), code)


@require_safe
@readers_only
def organisations(request: Request) -> HttpResponse:
    """Counts by level with their gaps, and every community's share."""
    at = timezone.now()
    codes = _codes(request, at)
    context = {
        "levels": queries.levels(codes, at), "households": queries.households(codes, at),
        "lines": queries.communities(codes, at),
    }  # fmt: skip
    return page(request, "people/org_list.html", context)


@require_safe
@readers_only
def organisation_gaps(request: Request, level: str) -> HttpResponse:
    """The places of a level without an organisation."""
    if level not in LEVELS:
        raise Http404
    at = timezone.now()
    _kind, word, ground = LEVELS[level]
    context = {"word": word, "ground": ground, "gaps": queries.gaps(level, _codes(request, at), at)}
    return page(request, "people/org_gaps.html", context)


def _community(request: Request, code: str, at: datetime) -> Place:
    place = Place.objects.current().filter(code=code, kind=Place.Kind.COMMUNITY).defer("outline").first()
    if place is None or not any(code.startswith(own[:12]) for own in _codes(request, at)):
        raise Http404
    return place


@require_safe
@readers_only
def organisation_tree(request: Request, code: str) -> HttpResponse:
    """A community's tree along its grids; a place without an organisation says so."""
    at = timezone.now()
    place = _community(request, code, at)
    context = {
        "place_of": place, "tree": queries.tree(place, at), "may_keep": _may_keep(request, code, at),
        "words": {key: str(word) for key, (_kind, word, _ground) in LEVELS.items()},
    }  # fmt: skip
    return page(request, "people/org_tree.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def organisation_new(request: Request, code: str) -> HttpResponse:
    """An organisation for a place that lacks one."""
    at = timezone.now()
    place = Place.objects.current().filter(code=code).defer("outline").first()
    if place is None or len(code) not in actions.LEVEL_OF or not _may_keep(request, code, at):
        raise Http404
    level = LEVELS[actions.LEVEL_OF[len(code)]]
    form = FoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.found(scope=code, name=form.cleaned_data["name"], by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("建好了。"))
            return HttpResponseRedirect(reverse("people:organisation_tree", args=[code[:12]]))
    context = {"form": form, "place_of": place, "word": level[1]}
    return page(request, "people/org_new.html", context, status=422 if form.errors else 200)


def _organisation(request: Request, pk: int, at: datetime) -> Organisation:
    """The organisation of this number that one keeps; the same 404 for another's and for none."""
    row = Organisation.objects.held(at).filter(pk=pk).first()
    if row is None or not _may_keep(request, row.scope, at):
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def organisation_members(request: Request, pk: int) -> HttpResponse:
    """G1: who belongs here, for its keeper alone; a POST lets somebody enter."""
    at = timezone.now()
    row = _organisation(request, pk, at)
    form = EnterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            person = appointing.somebody(form.cleaned_data["who"].strip(), BY_KEY_ALONE, at)
            memberships.enter(
                organisation=row, person=person, duty=form.cleaned_data["duty"], by=request.user, at=at
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("登记好了。"))
            return HttpResponseRedirect(reverse("people:organisation_members", args=[pk]))
    members, words = own_space.members_of(row, at), {duty: str(word) for duty, word in DUTIES}
    context = {"organisation": row, "members": [(one, words[one.duty]) for one in members], "form": form}
    return page(request, "people/org_members.html", context, status=422 if form.errors else 200)


@require_POST
@keepers_only
def organisation_leave(request: Request, pk: int, member: int) -> HttpResponse:
    """Somebody belongs here no longer."""
    at = timezone.now()
    row = _organisation(request, pk, at)
    found = own_space.running(row, at).filter(pk=member).select_related("organisation").first()
    if found is None:
        raise Http404
    try:
        memberships.leave(membership=found, by=request.user, at=at)
        messages.success(request, _("转出了。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("people:organisation_members", args=[pk]))


@require_POST
@keepers_only
def organisation_dissolve(request: Request, pk: int) -> HttpResponse:
    """An organisation goes when nobody belongs to it."""
    at = timezone.now()
    row = _organisation(request, pk, at)
    try:
        memberships.dissolve(organisation=row, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("people:organisation_members", args=[pk]))
    messages.success(request, _("撤了。"))
    return HttpResponseRedirect(reverse("people:organisation_tree", args=[row.scope[:12]]))
