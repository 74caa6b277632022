"""Pages of the catalogue: what there is, and the gate for what is new."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.intake import access, actions, queries
from sandan.intake.forms import DecisionForm, ProposalForm
from sandan.intake.models import Proposal, Route
from sandan.people.access import Request, posts_of, staff_required


def _county_of(request: Request) -> str:
    return next((post.scope[:6] for post in posts_of(request.user, timezone.now()) if len(post.scope) >= 6), "")


def _by_item(routes: Iterable[Route]) -> dict[str, list[Route]]:
    table: dict[str, list[Route]] = {}
    for route in routes:
        table.setdefault(route.category_id, []).append(route)
    return table


@require_safe
@staff_required
def catalogue(request: Request) -> HttpResponse:
    """All items by department: limits, what the grid worker does, where it goes."""
    county = _county_of(request)
    routes = _by_item(queries.routes_of(county)) if county else {}
    return page(request, "intake/catalogue.html", {"departments": queries.catalogue(), "routes": routes})


def _gate(
    request: Request, *, form: ProposalForm | None = None, refused: tuple[int, DecisionForm] | None = None
) -> HttpResponse:
    """The page of the gate; with a form that was refused, and then 422."""
    at = timezone.now()
    context = {
        "proposals": [(row, _decision_for(row, refused)) for row in queries.proposals()],
        "form": form or ProposalForm(),
        "may_propose": actions.may_propose(request.user, at),
        "may_decide": actions.may_decide(request.user, at),
    }
    return page(request, "intake/gate.html", context, status=422 if form or refused else 200)


def _decision_for(row: Proposal, refused: tuple[int, DecisionForm] | None) -> DecisionForm:
    return refused[1] if refused and refused[0] == row.pk else DecisionForm(auto_id=f"id_{row.pk}_%s")


@require_safe
@staff_required
def gate(request: Request) -> HttpResponse:
    """What departments ask for, what was decided, and the form to ask."""
    return _gate(request)


@require_POST
@staff_required
def propose(request: Request) -> HttpResponse:
    """A department asks for a new item."""
    form = ProposalForm(request.POST)
    if form.is_valid():
        try:
            actions.propose_item(ask=form.ask(), by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _gate(request, form=form) if form.errors else redirect("intake:gate")


@require_POST
@staff_required
def decide(request: Request, pk: int) -> HttpResponse:
    """The district says yes or no."""
    at = timezone.now()
    proposal = access.proposal_of(request.user, pk, at)
    form = DecisionForm(request.POST, auto_id=f"id_{pk}_%s")
    if form.is_valid():
        try:
            actions.decide_item(proposal=proposal, by=request.user, at=at, **form.values())
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _gate(request, refused=(pk, form)) if form.errors else redirect("intake:gate")
