"""R004, R010: the register of units with a search by name, a unit's page, and what it tells of itself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.people import access
from sandan.people.access import Request, posts_of, role_required
from sandan.people.actions import units_register
from sandan.people.actions.units_register import UnitFacts
from sandan.people.forms.units import NewUnitForm, UnitForm, unit_start
from sandan.people.models import Role, RosterRow, UnitFile
from sandan.people.queries import units_lists, units_roster, units_scope
from sandan.people.queries.member_scope import areas
from sandan.people.views.units_frame import asked, data_of, done, readers_only, shown

registrars_only = role_required(Role.OVERSEER, Role.DISTRICT)
MOST = 500  # units on the page; a level has some hundreds


@require_safe
@readers_only
def units(request: Request) -> HttpResponse:
    """The register by name; a clerk of one unit goes straight to it."""
    at = timezone.now()
    posts = posts_of(request.user, at)
    words = request.GET.get("q", "")[:40]
    found = list(units_lists.registered(posts, at, words)[:MOST])
    if len(found) == 1 and not words and {post.role for post in posts} <= {Role.UNIT_CLERK, Role.MEMBER}:
        return redirect("people:unit", found[0].pk)
    standings = units_roster.standings(RosterRow.objects.live().filter(unit__in=found), at)
    context = {
        "lines": units_lists.lines(found, standings, at), "q": words, "most": MOST,
        "may_add": bool(areas(posts, (Role.OVERSEER, Role.DISTRICT))),
        "grounds": [code for code in areas(posts) if len(code) == 12],
    }  # fmt: skip
    return shown(request, "people/units_list.html", context, part="list" if request.htmx else None)


@sensitive_post_parameters("phone")
@require_http_methods(["GET", "HEAD", "POST"])
@registrars_only
def unit_add(request: Request) -> HttpResponse:
    """A unit enters the register of one's own level."""
    at = timezone.now()
    scope = areas(posts_of(request.user, at), (Role.OVERSEER, Role.DISTRICT))[0]

    def act(said: dict[str, Any]) -> str:
        facts = UnitFacts(contact=said["contact"], phone=said["phone"] or None)
        units_register.register_unit(name=said["name"], scope=scope, facts=facts, by=request.user, at=at)
        return _("%(name)s登记好了。") % {"name": said["name"]}

    back = reverse("people:units")
    return asked(request, NewUnitForm(data_of(request)), _("登记一个单位"), _("登记这个单位"), back, act)


@require_safe
@readers_only
def unit(request: Request, pk: int) -> HttpResponse:
    """One unit: register, steps, communities, pairs, and the state of its roster."""
    at = timezone.now()
    one = access.unit_of(request.user, pk, at)
    found = units_lists.own_page(one, at)
    posts = posts_of(request.user, at)
    codes = [row.checkin.community_id for row in found.servings] + [pair.community_id for pair in found.pairs]
    sides = units_scope.sides(posts, one, codes)
    mine = {code for code in codes if any(code.startswith(wider) for wider in areas(posts))}
    context = {
        "unit": one, "file": UnitFile.objects.get(unit=one), "found": found, "sides": sides, "mine": mine, "phone": "",
        "waiting": units_roster.unclaimed(one, at).count() if "clerk" in sides else 0,
    }  # fmt: skip
    return shown(request, "people/units_unit.html", context)


@sensitive_post_parameters("phone")
@require_http_methods(["GET", "HEAD", "POST"])
@readers_only
def unit_file(request: Request, pk: int) -> HttpResponse:
    """What the unit tells of itself; an empty number leaves the one that is kept."""
    at = timezone.now()
    one = access.unit_of(request.user, pk, at)

    def act(said: dict[str, Any]) -> str:
        facts = UnitFacts(**(said | {"phone": said["phone"] or None}))
        units_register.write_unit(unit=one, facts=facts, by=request.user, at=at)
        return done()

    file = UnitFile.objects.get(unit=one)
    form = UnitForm(data_of(request), initial=unit_start(file))
    if file.phone_tail:
        form.fields["phone"].help_text = _("现在的号码尾号 %(tail)s。不改就空着。") % {"tail": file.phone_tail}
    return asked(request, form, _("单位资料"), _("记下资料"), reverse("people:unit", args=[pk]), act)


@require_POST
@readers_only
def unit_phone(request: Request, pk: int) -> HttpResponse:
    """The contact's work number, once, with a line left."""
    at = timezone.now()
    one = access.unit_of(request.user, pk, at)
    number = units_register.see_unit_phone(unit=one, by=request.user, at=at)
    return shown(
        request,
        "people/units_phone.html",
        {"unit": one, "number": number, "contact": UnitFile.objects.get(unit=one).contact},
    )
