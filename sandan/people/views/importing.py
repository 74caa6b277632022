"""Lists of units, members and posts: a template goes out, a list comes in, is looked over, applied or taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.people import access
from sandan.people.access import Request, posts_of, role_required
from sandan.people.actions import importing as actions
from sandan.people.forms.importing import PREFIX, AnswersForm, ListForm
from sandan.people.models import ImportProgress, PeopleImport
from sandan.people.queries import import_scope, import_showing, import_words
from sandan.people.queries.import_columns import KIND_WORDS, TITLES
from sandan.people.queries.import_template import template_of
from sandan.places.models import Place

importers_only = role_required(*import_scope.EVERY)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = import_showing.SHOWN
MOST_FAULTS = 500


@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def bring(request: Request, kind: str) -> HttpResponse:
    """The form for the next list of that kind, its template, and what was imported before."""
    at = timezone.now()
    county = access.import_county(request.user, kind, request.GET.get("county", ""), at)
    form = ListForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        draft = _received(request, kind, county, form)
        if draft is not None:
            return redirect("people:import_look", pk=draft.pk)
    held = posts_of(request.user, at)
    context = {
        "county": county, "kind": kind, "form": form, "kinds": _kinds(import_scope.kinds(held, county.code), kind),
        "columns": [title.rstrip("*") for title in TITLES[kind].values()],
        "imports": [
            (row, KIND_WORDS[row.kind]) for row in import_showing.imports(held, request.user.pk, county.code)[:50]
        ],
    }  # fmt: skip
    return page(request, "people/import_list.html", context, status=422 if form.errors else 200)


def _kinds(open_here: list[str], current: str) -> list[tuple[str, str, bool]]:
    return [(kind, str(KIND_WORDS[kind]), kind == current) for kind in open_here]


def _received(request: Request, kind: str, county: Place, form: ListForm) -> PeopleImport | None:
    file = form.cleaned_data["file"]
    try:
        return actions.receive_list(
            kind=kind, county=county, name=file.name, data=file.read(), by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return None


@require_safe
@importers_only
def template(request: Request, kind: str, county: str) -> HttpResponse:
    """An empty list of that kind with drop-downs."""
    place = access.import_county(request.user, kind, county, timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{kind}-{place.code}.xlsx"'}
    return HttpResponse(template_of(kind, place.code), content_type=XLSX, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def look(request: Request, pk: int) -> HttpResponse:
    """A list looked over and the button that applies it; or, once it is applied, what it did."""
    at = timezone.now()
    row = access.import_of(request.user, pk, at)
    if row.state != PeopleImport.State.DRAFT:
        return page(request, "people/import_done.html", _done(row))
    form = AnswersForm(request.POST if request.method == "POST" else None)
    answers = form.answers() if form.is_bound else {}
    if form.is_bound and form.is_valid() and not form.cleaned_data["look"]:
        try:
            with actions.Beside(row) as tick:
                actions.apply_list(draft=row, by=request.user, at=at, answers=answers, tick=tick)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("导入好了。"))
            return redirect("people:import_look", pk=row.pk)
    plan = actions.look_over(draft=row, by=request.user, at=at, answers=answers)
    context = {"row": row, "form": form, "plan": plan, **_shown(row, plan, answers)}
    return page(request, "people/import_look.html", context, status=422 if form.errors else 200)


def _shown(row: PeopleImport, plan: Any, answers: dict[str, str]) -> dict[str, Any]:
    """A plan in sentences."""
    towns = {turn.more for turn in plan.turns if turn.thing == "unit_checkin"}
    names = dict(Place.objects.filter(code__in=towns).values_list("code", "name")) if towns else {}
    found = plan.listing
    return {
        "kind_word": KIND_WORDS[row.kind],
        "faults": [import_words.fault_words(fault, row.kind) for fault in plan.faults[:MOST_FAULTS]],
        "fault_count": len(plan.faults),
        "sheets": import_words.sheet_words(found.skipped, found.unused, found.solved),
        "remarks": [import_words.remark_words(remark) for remark in plan.remarks[:SHOWN]],
        "remark_count": len(plan.remarks),
        "questions": [
            (f"{PREFIX}{one.key}", import_words.where_words(one.where), one.name, one.options, answers.get(one.key))
            for one in plan.questions
        ],
        "kept": {f"{PREFIX}{key}": value for key, value in answers.items()},
        "counts": import_words.counts_of(plan.counts), "groups": import_showing.groups(plan.turns, names),
    }  # fmt: skip


def _done(row: PeopleImport, refusal: str = "") -> dict[str, Any]:
    counts = import_words.counts_of(row.counts)
    return {"row": row, "kind_word": KIND_WORDS[row.kind], "counts": counts, "refusal": refusal}


@require_safe
@importers_only
def progress(request: Request, pk: int) -> JsonResponse:
    """How far the import is, as rows done and rows in all."""
    row = access.import_of(request.user, pk, timezone.now())
    found = ImportProgress.objects.filter(work=row).values_list("done", "total").first() or (0, 0)
    return JsonResponse({"done": found[0], "total": found[1]})


@require_POST
@importers_only
def undo(request: Request, pk: int) -> HttpResponse:
    """Take an import back."""
    at = timezone.now()
    row = access.import_of(request.user, pk, at)
    try:
        actions.undo_list(work=row, by=request.user, at=at)
    except Refused as refusal:
        return page(request, "people/import_done.html", _done(row, str(refusal)), status=422)
    messages.success(request, _("撤回好了，和导入前一样。"))
    return redirect("people:import_look", pk=row.pk)
