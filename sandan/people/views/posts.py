"""Giving posts, ending them, handing them over; accounts of outside partners (R051, R107, R117)."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.people import access, actions
from sandan.people.access import Request, posts_of, role_required
from sandan.people.actions import appointing, post_followers
from sandan.people.forms.posts import EndForm, GiveForm, HandOverForm, PartnerForm, midnight, starting
from sandan.people.models import Post
from sandan.people.queries import staff as queries
from sandan.people.queries.member_scope import areas
from sandan.people.queries.staff import APPOINTERS
from sandan.places.models import Place

appointers_only = role_required(*APPOINTERS)
GRIDS = (Place.Kind.GRID, Place.Kind.EXCLUSIVE)


@require_http_methods(["GET", "HEAD", "POST"])
@appointers_only
def give(request: Request, code: str) -> HttpResponse:
    """A new post over a county, a street or a community; a new account's password is shown this once."""
    at = timezone.now()
    place = access.staff_place_of(request.user, code, at)
    cells = Place.objects.current().filter(parent=place, kind__in=GRIDS).order_by("code").values_list("code", "name")
    form = GiveForm(len(code), list(cells), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _given(request, _appointed(form, code, request, at))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return page(
        request, "people/posts_give.html", {"form": form, "place_of": place}, status=422 if form.errors else 200
    )  # fmt: skip


def _appointed(form: GiveForm, code: str, request: Request, at: datetime) -> appointing.Made:
    """The one action of the form."""
    told = form.cleaned_data
    ends = midnight(told["to_on"] + timedelta(days=1)) if told["to_on"] else None
    scope = told.get("grid") if told["kind"] in ("full", "part", "helper") else code
    return appointing.appoint(
        kind=told["kind"], scope=scope or code, from_at=starting(told["from_on"], at), to_at=ends, who=told["who"],
        name=told["name"], phone=told["phone"], shift=told["shift"], by=request.user, at=at,
    )  # fmt: skip


def _given(request: Request, made: appointing.Made) -> HttpResponse:
    if made.password:
        return shown_once(request, made, reverse("people:person", args=[made.post.person_id]))
    messages.success(request, _("安排好了：%(name)s。") % {"name": made.post.person.name})
    return HttpResponseRedirect(reverse("people:person", args=[made.post.person_id]))


def shown_once(request: Request, made: appointing.Made, back: str) -> HttpResponse:
    """The page with a new account's login and password; nothing of it is kept."""
    context = {"made": made, "back": back, "word": queries.word_of(made.post)}
    return page(request, "people/posts_made.html", context, headers={"Cache-Control": "no-store"})


@require_http_methods(["GET", "HEAD", "POST"])
@appointers_only
def end(request: Request, pk: int) -> HttpResponse:
    """End a post: the page says before what is in hand and where it goes, and after what went."""
    at = timezone.now()
    post = access.staff_post_of(request.user, pk, at)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            ended = actions.end_post(post=post, by=request.user, at=at, on=midnight(form.cleaned_data["on"]))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _told(request, post, ended)
    return _drawn(request, "people/posts_end.html", form, post)


@require_http_methods(["GET", "HEAD", "POST"])
@appointers_only
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Hand a post over, now or on a day."""
    at = timezone.now()
    post = access.staff_post_of(request.user, pk, at)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            to = appointing.somebody(form.cleaned_data["who"].strip(), post.scope, at)
            new = actions.hand_over(post=post, to=to, by=request.user, at=at, on=midnight(form.cleaned_data["on"]))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _told(request, post, new)
    return _drawn(request, "people/posts_hand_over.html", form, post)


def _drawn(request: Request, template: str, form: EndForm, post: Post) -> HttpResponse:
    context = {
        "form": form, "post": post, "word": queries.word_of(post), "place": queries.names_of([post.scope])[post.scope],
        "open_work": post_followers.open_work(post, timezone.now()),
    }  # fmt: skip
    return page(request, template, context, status=422 if form.errors else 200)


def _told(request: Request, old: Post, changed: Post) -> HttpResponse:
    """What was done, and what went along: 「3 张单随岗位转给…」."""
    if changed.pk != old.pk and changed.moved:
        said = _("交接好了，现在由%(name)s接手。") % {"name": changed.person.name} + changed.moved.words()
    elif changed.pk != old.pk:
        said = _("定好了：%(day)s 起由%(name)s接手，手上的单那天自动转过去。")
        said %= {"day": f"{timezone.localtime(changed.from_at):%m-%d}", "name": changed.person.name}
    elif changed.moved:
        said = _("岗位结束了。") + changed.moved.words()
    else:
        said = _("定好了，到日子自动结束，手上的单那天自动转给接着管的人。")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("people:person", args=[old.person_id]))


@require_safe
@appointers_only
def partners(request: Request) -> HttpResponse:
    """R117: the outside units of one's areas and who acts for them."""
    at = timezone.now()
    codes = areas(posts_of(request.user, at), APPOINTERS)
    rows = queries.partners(codes, at)
    names = queries.names_of(post.scope for post in rows)
    context = {
        "rows": [
            (post, names[post.scope], queries.term_words(post.from_at, post.to_at), not post.to_at or post.to_at > at)
            for post in rows
        ],
        "branches": dict(PartnerForm.BRANCHES), "places": places_to_choose(codes),
    }  # fmt: skip
    return page(request, "people/posts_partners.html", context)


def places_to_choose(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """The communities of these areas, by code."""
    kinds = (Place.Kind.STREET, Place.Kind.COMMUNITY)
    rows = [
        row
        for code in codes
        for row in Place.objects.current().within(code).filter(kind__in=kinds).values_list("code", "name")
    ]
    return sorted(rows)


@require_safe
@appointers_only
def partner_where(request: Request) -> HttpResponse:
    """From the chosen place to its form."""
    at = timezone.now()
    place = access.staff_place_of(request.user, request.GET.get("code", ""), at)
    return HttpResponseRedirect(reverse("people:partner_new", args=[place.code]))


@require_http_methods(["GET", "HEAD", "POST"])
@appointers_only
def partner_new(request: Request, code: str) -> HttpResponse:
    """R117: an outside unit and its account over a street or community, for a term."""
    at = timezone.now()
    place = access.staff_place_of(request.user, code, at)
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        ends = midnight(told.pop("to_on") + timedelta(days=1))
        assert ends
        try:
            made = appointing.make_partner(**told, scope=code, to_at=ends, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _partner_made(request, made)
    context = {"form": form, "place_of": place}
    return page(request, "people/posts_partner_new.html", context, status=422 if form.errors else 200)


def _partner_made(request: Request, made: appointing.Made) -> HttpResponse:
    if made.password:
        return shown_once(request, made, reverse("people:partners"))
    messages.success(request, _("%(name)s的账号续上了。") % {"name": made.post.person.name})
    return HttpResponseRedirect(reverse("people:partners"))
