"""An office's own ground: files come in, are looked over, applied or taken back; the ground goes out as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page
from sandan.places import access, actions, queries
from sandan.places.forms import ConfirmForm, UploadForm
from sandan.places.models import GroundImport, Place

TYPES = {
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """The imports of a county with who and when, and the form for the next file."""
    county = access.county_to_change(request.user, request.GET.get("county"), timezone.now())
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        draft = _received(request, county, form)
        if draft is not None:
            return redirect("places:look", number=draft.pk)
    context = {"county": county, "form": form, "imports": list(queries.imports(county.code)[:50])}
    return page(request, "places/own.html", context, status=422 if form.errors else 200)


def _received(request: HttpRequest, county: Place, form: UploadForm) -> GroundImport | None:
    file, told = form.cleaned_data["file"], form.cleaned_data
    try:
        return actions.receive(
            county=county, name=file.name, data=file.read(), by=request.user, at=timezone.now(),
            datum=told["datum"], ends_rest=told["rest"] == "end",
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def look(request: HttpRequest, number: int) -> HttpResponse:
    """A file looked over, and the button that makes it the ground; or, once it is, what it did."""
    now = timezone.now()
    row = access.import_of(request.user, number, now)
    if row.state != GroundImport.State.DRAFT:
        return page(request, "places/imported.html", {"row": row, "county": row.county, **queries.applied_page(row)})
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _applied(request, row, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    seen = queries.preview(row)
    who = actions.concerned(list(seen.successors or ()), now)
    context = {"row": row, "county": row.county, "form": form, **queries.preview_page(seen, who)}
    return page(request, "places/look.html", context, status=422 if form.errors else 200)


def _applied(request: HttpRequest, row: GroundImport, form: ConfirmForm) -> HttpResponse:
    if form.cleaned_data["datum"]:
        row = actions.describe(draft=row, datum=form.cleaned_data["datum"], ends_rest=row.ends_rest)
        return redirect("places:look", number=row.pk)
    row = actions.apply(
        draft=row, by=request.user, at=timezone.now(), choices=form.choices(), version=form.cleaned_data["version"]
    )
    messages.success(request, _("导入好了。没办完的单子几秒内跟到新网格。"))
    return redirect("places:look", number=row.pk)


@require_POST
@login_required
def undo_import(request: HttpRequest, number: int) -> HttpResponse:
    """Take an import back."""
    row = access.import_of(request.user, number, timezone.now())
    try:
        actions.undo_import(ground_import=row, by=request.user, at=timezone.now())
    except Refused as refusal:
        context = {"row": row, "county": row.county, "refusal": str(refusal), **queries.applied_page(row)}
        return page(request, "places/imported.html", context, status=422)
    messages.success(request, _("撤回好了，网格和导入前一样。"))
    return redirect("places:look", number=row.pk)


@require_safe
@login_required
def export(request: HttpRequest, county: str, form: str) -> HttpResponse:
    """The ground as a file, to be changed and brought back."""
    place = access.county_to_change(request.user, county, timezone.now())
    if form not in TYPES:
        raise Http404
    data = queries.workbook_of(place) if form == "xlsx" else queries.geojson_of(place)
    name = f"{place.code}-{timezone.localdate():%Y%m%d}.{form}"
    return HttpResponse(
        data, content_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
