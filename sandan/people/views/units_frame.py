"""What the pages of units that report in share: who may enter, the frame, a page that asks one thing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.people.access import Request, posts_of, role_required
from sandan.people.models import Role
from sandan.people.queries import units_scope, units_words
from sandan.people.views.member_frame import drawn

readers_only = role_required(*units_scope.READERS)
clerks_only = role_required(Role.UNIT_CLERK)
overseers_only = role_required(Role.OVERSEER)
desks_only = role_required(Role.DISPATCHER, Role.LIAISON, Role.DISTRICT)
NARROW = frozenset({Role.OVERSEER, Role.UNIT_CLERK})  # of the desk's places these open two


def frame(request: Request, at: datetime) -> dict[str, Any]:
    """The frame of these pages: the open places of the rail, the tabs on top, the words of steps and picks."""
    held = {post.role for post in posts_of(request.user, at)}
    only = ("people:units", "notices:inbox") if held <= NARROW else None
    return {
        "words": units_words, "oversees": Role.OVERSEER in held, "has_desk": bool(held - NARROW),
        "place": "people:units", **({"rail_only": only} if only else {}),
    }  # fmt: skip


def shown(
    request: Request, template: str, context: Mapping[str, Any], *, part: str | None = None, status: int = 200
) -> HttpResponse:
    """A page in that frame; it names people, so nobody keeps a copy."""
    return drawn(request, template, {**frame(request, timezone.now()), **context}, part=part, status=status)


def asked(
    request: Request, form: forms.Form, title: str, verb: str, back: str, act: Callable[[dict[str, Any]], str],
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """One question on a page of its own. `act` makes the change and gives the words that say it."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return HttpResponseRedirect(back)
    context = {"form": form, "title": title, "verb": verb, "back_to": back, "lead": "", **(more or {})}
    return shown(request, "people/units_form.html", context, status=422 if form.errors else 200)


def moved(request: Request, back: str, act: Callable[[], str]) -> HttpResponse:
    """A move without questions: the words of what was done, or why not, on the page one comes back to."""
    try:
        messages.success(request, act())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(back)


def data_of(request: Request) -> Any:
    """What was sent, or None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def done() -> str:
    """What is said after a change that shows itself on the page."""
    return _("记下了。")
