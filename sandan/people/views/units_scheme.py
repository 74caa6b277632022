"""R003: the schemes of reporting in, to be read by all who work by them, written by the overseer."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sandan.people import access
from sandan.people.access import Request, posts_of
from sandan.people.actions.units_scheme import SchemeText, write_scheme
from sandan.people.forms.units import SchemeForm
from sandan.people.models import Scheme
from sandan.people.queries import units_scope
from sandan.people.views.units_frame import asked, data_of, overseers_only, readers_only, shown

TEXTS = tuple(SchemeText.__dataclass_fields__)


@require_safe
@overseers_only
def schemes(request: Request) -> HttpResponse:
    """All versions of one's own level, the newest first."""
    codes = units_scope.overseen(posts_of(request.user, timezone.now()))
    rows = Scheme.objects.filter(scope__in=codes).order_by("scope", "-version")
    return shown(request, "people/units_schemes.html", {"schemes": rows, "today": timezone.localdate()})


@require_safe
@readers_only
def scheme(request: Request, pk: int) -> HttpResponse:
    """One version as it was written."""
    return shown(request, "people/units_scheme.html", {"scheme": access.scheme_of(request.user, pk, timezone.now())})


@require_http_methods(["GET", "HEAD", "POST"])
@overseers_only
def scheme_write(request: Request) -> HttpResponse:
    """The next version; it begins with the words of the last."""
    at = timezone.now()
    code = units_scope.overseen(posts_of(request.user, at))[0]
    last = Scheme.objects.filter(scope=code).order_by("-version").first()
    start: dict[str, Any] = {name: getattr(last, name) for name in TEXTS} if last else {}

    def act(said: dict[str, Any]) -> str:
        text = SchemeText(**{name: said[name] for name in TEXTS})
        row = write_scheme(scope=code, text=text, from_on=said["from_on"], by=request.user, at=at)
        return _("第 %(n)s 版写好了，从 %(day)s 起施行。") % {"n": row.version, "day": row.from_on.isoformat()}

    form = SchemeForm(data_of(request), initial=start or None)
    lead = _("写好的方案不能改，只能再写一版。已经按上一版报到的，仍算上一版的。")
    back = reverse("people:schemes")
    return asked(request, form, _("写一版双报到方案"), _("写好这一版"), back, act, {"lead": lead})
