"""The auditor's page of forgetting: each promise, its last run, what went and what is left over."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from sandan.core import retention
from sandan.core.models import Erasure
from sandan.core.pages import page
from sandan.people.access import Request, role_required
from sandan.people.models import Role

MOST = 50


@dataclass(frozen=True)
class Promised:
    """One rule in words with its latest run, None where it never ran."""

    what: Promise
    until: Promise
    last: Erasure | None


@require_safe
@role_required(Role.AUDITOR)
def kept(request: Request) -> HttpResponse:
    """Every rule with its latest run, and the fifty latest runs that erased something; ?rule=CODE only of that one."""
    latest = {one.rule: one for one in Erasure.objects.order_by("rule", "-id").distinct("rule")}
    rules = [Promised(what, until, latest.get(code)) for code, (what, until) in retention.KEPT.items()]
    runs = Erasure.objects.filter(count__gt=0).order_by("-id")
    chosen = request.GET.get("rule", "")
    runs = runs.filter(rule=chosen) if chosen in retention.KEPT else runs
    context = {"rules": rules, "runs": runs[:MOST], "names": retention.KEPT, "rail_only": ()}
    return page(request, "front/kept.html", context)
