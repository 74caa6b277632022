"""The day worker's own page, and the days an area or a mentor has (R119, R120)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.people import access
from sandan.people.access import Request, posts_of, role_required
from sandan.people.actions import appointing, day_posts
from sandan.people.forms.day import ActForm, DayForm, SummaryForm
from sandan.people.models import DayPost, Person, Role
from sandan.people.queries import day as queries
from sandan.people.queries.member_scope import areas
from sandan.people.queries.staff import KEEPERS
from sandan.places.models import Place

HOSTS = (Role.DISPATCHER, Role.LIAISON, Role.DISTRICT, Role.ADMIN)
readers_only = role_required(*KEEPERS, Role.GRID_WORKER)
hosts_only = role_required(*HOSTS)


def _own(request: HttpRequest) -> DayPost:
    """The day of this account; 404 for everybody else."""
    found = queries.own_day(request.user) if isinstance(request.user, Person) else None
    if found is None:
        raise Http404
    return found


@require_safe
@login_required
def day(request: HttpRequest) -> HttpResponse:
    """What today is: where, beside whom, what one may do, when it ends."""
    return _drawn(request, _own(request))


@require_POST
@login_required
def day_act(request: HttpRequest) -> HttpResponse:
    """One thing done in the mentor's name."""
    own = _own(request)
    form = ActForm(queries.task_words(own), request.POST)
    if form.is_valid():
        try:
            made = day_posts.act(day=own, by=own.post.person, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("记下了，已经告诉带岗的人。")
            messages.success(request, said if not made.order_number else _("报上去了，立了一张单。") + said)
            return HttpResponseRedirect(reverse("people:day"))
    return _drawn(request, own, act_form=form, status=422)


@require_POST
@login_required
def day_summary(request: HttpRequest) -> HttpResponse:
    """The summary of the day."""
    own = _own(request)
    form = SummaryForm(request.POST)
    if form.is_valid():
        try:
            day_posts.sum_up(day=own, words=form.cleaned_data["summary"], by=own.post.person, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("小结收到了，辛苦了。"))
            return HttpResponseRedirect(reverse("people:day"))
    return _drawn(request, own, summary_form=form, status=422)


def _drawn(
    request: HttpRequest, own: DayPost, *, act_form: ActForm | None = None, summary_form: SummaryForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    at = timezone.now()
    tasks = queries.task_words(own)
    context = {
        "day": own, "tasks": tasks, "where": queries.grid_name(own.post.scope), "is_on": own.is_on(at),
        "is_soon": queries.is_soon(own, at), "act_form": act_form or ActForm(tasks),
        "summary_form": summary_form or SummaryForm(initial={"summary": own.summary}), "acts": _acts(own),
    }  # fmt: skip
    return page(request, "people/day_own.html", context, status=status)


def _acts(own: DayPost) -> list[dict[str, Any]]:
    words = dict(DayPost.Task.choices)
    return [{"act": act, "task": words[act.task]} for act in own.acts.order_by("-at")]


def _codes(request: Request, at: datetime) -> tuple[str, ...]:
    return areas(posts_of(request.user, at), KEEPERS)


@require_safe
@readers_only
def days(request: Request) -> HttpResponse:
    """The days of one's areas and those one mentors."""
    at = timezone.now()
    found = queries.days(request.user, _codes(request, at))
    hosted = areas(posts_of(request.user, at), HOSTS)
    context = {
        "rows": [(row, row.is_on(at), queries.is_soon(row, at)) for row in found],
        "places": [place for code in hosted for place in _communities(code)],
    }  # fmt: skip
    return page(request, "people/day_list.html", context)


def _communities(code: str) -> list[tuple[str, str]]:
    rows = Place.objects.current().within(code[:12]).filter(kind=Place.Kind.COMMUNITY)
    return list(rows.order_by("code").values_list("code", "name"))


@require_http_methods(["GET", "HEAD", "POST"])
@readers_only
def day_one(request: Request, pk: int) -> HttpResponse:
    """One day: what was done and the summary; a POST of the mentor says that it was looked at."""
    at = timezone.now()
    found = queries.day_seen_by(request.user, _codes(request, at), pk)
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            day_posts.look(day=found, by=request.user, at=at)
            messages.success(request, _("看过了，记下了。"))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("people:day_one", args=[pk]))
    context = {
        "day": found, "where": queries.grid_name(found.post.scope), "acts": _acts(found),
        "tasks": queries.task_words(found), "is_on": found.is_on(at), "is_mine": found.mentor_id == request.user.pk,
    }  # fmt: skip
    return page(request, "people/day_one.html", context)


@require_safe
@hosts_only
def day_where(request: Request) -> HttpResponse:
    """From the chosen community to its form."""
    place = _host_place(request, request.GET.get("code", ""))
    return HttpResponseRedirect(reverse("people:day_new", args=[place.code]))


def _host_place(request: Request, code: str) -> Place:
    """The community of this code that one may host in, or 404."""
    if not access.roles_over(posts_of(request.user, timezone.now()), code) & set(HOSTS):
        raise Http404
    place = Place.objects.current().filter(code=code, kind=Place.Kind.COMMUNITY).defer("outline").first()
    if place is None:
        raise Http404
    return place


@require_http_methods(["GET", "HEAD", "POST"])
@hosts_only
def day_new(request: Request, code: str) -> HttpResponse:
    """R119: a day's post in a community; the account's password is shown this once."""
    place, at = _host_place(request, code), timezone.now()
    grids = {g.code: g for g in Place.objects.current().filter(parent=place, kind=Place.Kind.GRID).order_by("code")}
    choices = [(grid.code, grid.name) for grid in grids.values()]
    form = DayForm(choices, request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            mentor = appointing.somebody(told["mentor"].strip(), code, at)
            made = day_posts.make_day(
                grid=grids[told["grid"]], on=told["on"], mentor=mentor, tasks=told["tasks"], name=told["name"],
                by=request.user, at=at,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"made": made, "back": reverse("people:days"), "word": _("一日网格员")}
            return page(request, "people/posts_made.html", context, headers={"Cache-Control": "no-store"})
    context = {"form": form, "place_of": place}
    return page(request, "people/day_new.html", context, status=422 if form.errors else 200)
