"""账号: the keeper of accounts finds a person, locks, resets, ends sessions; no residents, no settings, no logs."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sandan.core.errors import Refused
from sandan.core.pages import page, url
from sandan.front import actions, queries
from sandan.front.forms import FindForm
from sandan.front.limits import STAFF_A_PAGE
from sandan.front.views.admitting import is_proved
from sandan.front.views.safety import said
from sandan.people.access import Request, posts_of, role_required
from sandan.people.models import Person, Role

MOVES = {
    "lock": actions.lock, "unlock": actions.unlock, "reset": actions.reset_factors, "end": actions.end_sessions,
}  # fmt: skip


@require_safe
@role_required(Role.SECURITY)
def accounts(request: Request) -> HttpResponse:
    """The register of staff under this keeper, and a search by exact login or whole work phone."""
    at = timezone.now()
    form = FindForm(request.GET) if "who" in request.GET else FindForm()
    if form.is_bound and form.is_valid():
        person = queries.person_kept(request.user, form.cleaned_data["who"], at)
        if person:
            return HttpResponseRedirect(url("front:account", person.pk))
        form.add_error("who", _("没有找到。登录名和手机号都要写完整，一个字也不能差。"))
    asked = request.GET.get("page", "0")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
    rows = queries.kept_staff(request.user, at, number)
    context = {
        "form": form, "rows": rows[:STAFF_A_PAGE], "page_number": number, "has_next": len(rows) > STAFF_A_PAGE,
        "rail_only": (),
    }  # fmt: skip
    return page(request, "front/accounts.html", context, status=422 if form.errors else 200)


def _kept(request: Request, pk: int, at: datetime) -> Person:
    """The person, or the same 404 whether absent or somebody else's."""
    person = Person.objects.select_related("account").filter(pk=pk).first()
    if person is None or not queries.keeps(request.user, person, at):
        raise Http404
    return person


@require_safe
@role_required(Role.SECURITY)
def account(request: Request, pk: int) -> HttpResponse:
    """One account: posts, factors, sessions, and what may be done."""
    at = timezone.now()
    return _drawn(request, _kept(request, pk, at), at)


def _drawn(request: Request, person: Person, at: datetime, word: str = "") -> HttpResponse:
    context = {
        "person": person,
        "is_locked": queries.is_locked(person),
        "roles": [queries.role_word(post.role) for post in posts_of(person, at)],
        "factors": queries.factors_of(person),
        "visits": [(one, said(one.device)) for one in queries.visits_of(person, at)],
        "word": word,
        "rail_only": (),
    }
    return page(request, "front/account.html", context, headers={"Cache-Control": "no-store"})


@require_POST
@role_required(Role.SECURITY)
def account_move(request: Request, pk: int) -> HttpResponse:
    """Lock, unlock, reset factors, end sessions, give a first password: POST act=…; asked for a fresh proof."""
    at = timezone.now()
    person, act = _kept(request, pk, at), request.POST.get("act", "")
    if not is_proved(request, at):
        return HttpResponseRedirect(f"{url('front:again')}?next={url('front:account', pk)}")
    try:
        if act == "password":
            word = actions.give_password(person=person, by=request.user, at=at)
            return _drawn(request, person, at, word)
        if act not in MOVES:
            raise Http404
        MOVES[act](person=person, by=request.user, at=at)
        messages.success(request, _("办好了，已经记进日志。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(url("front:account", pk))
