"""The register of staff with its figures, a person's posts, the register of communities (R106 to R108)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sandan.core.pages import page
from sandan.people import access
from sandan.people.access import Request, posts_of, role_required
from sandan.people.models import Post
from sandan.people.queries import staff as queries
from sandan.people.queries import staff_ground as ground
from sandan.people.queries.member_scope import areas
from sandan.people.queries.staff import DESK_KINDS, GRID_KINDS, KEEPERS, KINDS, SHOWS, Wanted
from sandan.places.models import Place

keepers_only = role_required(*KEEPERS)
GAPS = ("community", "grid", "street")
MOST_TYPED = 20


def own_codes(request: Request, at: datetime) -> tuple[str, ...]:
    """The areas whose staff this person may see."""
    return areas(posts_of(request.user, at), KEEPERS)


def codes_asked(request: Request, at: datetime) -> tuple[tuple[str, ...], Place | None]:
    """The asked place inside one's own areas, or all of them; the same 404 for a place outside and for none."""
    own, code = own_codes(request, at), request.GET.get("place", "")
    if not code:
        return own, Place.objects.filter(code=own[0]).defer("outline").first() if len(own) == 1 else None
    place = Place.objects.current().filter(code=code).defer("outline").first()
    if place is None or not any(code.startswith(mine) for mine in own):
        raise Http404
    return (code,), place


def may_appoint(request: Request, code: str, at: datetime) -> bool:
    """Whether this person gives posts over a place."""
    return bool(access.roles_over(posts_of(request.user, at), code) & queries.APPOINTERS)


def _wanted(request: Request, codes: tuple[str, ...]) -> Wanted:
    kind, group = request.GET.get("kind", ""), request.GET.get("group", "grid")
    kinds = (kind,) if kind in KINDS else DESK_KINDS if group == "desk" else GRID_KINDS
    show = request.GET.get("show", "")
    start = request.GET.get("from", "")
    offset = min(int(start), 10**6) if start.isascii() and start.isdigit() and len(start) < 8 else 0
    return Wanted(
        codes, kinds, request.GET.get("q", "")[:MOST_TYPED], show if show in SHOWS else "", offset,
        request.GET.get("all") == "1",
    )  # fmt: skip


@require_safe
@keepers_only
def staff(request: Request) -> HttpResponse:
    """A page of the register, or all of it at once, below its figures."""
    at = timezone.now()
    codes, place = codes_asked(request, at)
    wanted = _wanted(request, codes)
    found = queries.register(wanted, at)
    kept = {name: request.GET[name] for name in ("place", "kind", "group", "q", "show") if request.GET.get(name)}
    context = {
        "place_of": place, "register": found, "figures": queries.figures(codes, at), "wanted": wanted,
        "can_give": place is not None and len(place.code) in (6, 9, 12) and may_appoint(request, place.code, at),
        "tabs": _tabs(kept), "kinds": [(kind, KINDS[kind][2], _address(kept, kind=kind)) for kind in KINDS
                                       if kind in _group(wanted)],
        "shows": [(name, word, _address(kept, show=name)) for name, word in SHOWS.items()],
        "plain": _address(kept, kind="", show="", q=""), "whole": _address(kept, all="1"), "kept": kept,
        "before": _address(kept, **{"from": max(wanted.offset - queries.PAGE, 0)}) if wanted.offset else "",
        "after": _address(kept, **{"from": wanted.offset + queries.PAGE})
        if not wanted.is_whole and found.last < found.total else "",
        "person_at": reverse("people:staff"), "posts_word": _("岗"),
        "names": {kind: str(word) for kind, (_role, _grades, word) in KINDS.items()},
    }  # fmt: skip
    return page(request, "people/staff_list.html", context)


def _group(wanted: Wanted) -> tuple[str, ...]:
    return DESK_KINDS if wanted.kinds[0] in DESK_KINDS else GRID_KINDS


def _tabs(kept: dict[str, str]) -> list[tuple[str, str]]:
    place = {"place": kept["place"]} if "place" in kept else {}
    return [("grid", _address(place, group="grid")), ("desk", _address(place, group="desk"))]


def _address(kept: dict[str, str], **more: object) -> str:
    return f"?{urlencode({name: value for name, value in {**kept, **more}.items() if value not in ('', None)})}"


@require_safe
@keepers_only
def staff_gaps(request: Request, kind: str) -> HttpResponse:
    """The communities without a leader, grids without a worker, or streets without a liaison."""
    if kind not in GAPS:
        raise Http404
    at = timezone.now()
    codes, place = codes_asked(request, at)
    context = {"kind": kind, "place_of": place, "gaps": ground.gaps(kind, codes, at)}
    return page(request, "people/staff_gaps.html", context)


@require_safe
@keepers_only
def communities(request: Request) -> HttpResponse:
    """The register of communities, each with its leader."""
    at = timezone.now()
    codes, place = codes_asked(request, at)
    lines = ground.communities([code[:12] for code in codes], at)
    return page(request, "people/staff_communities.html", {"place_of": place, "lines": lines})


@require_safe
@keepers_only
def person(request: Request, pk: int) -> HttpResponse:
    """One of the staff: every post held or past in one's own areas, and what may be done with it."""
    at = timezone.now()
    someone, posts = access.staff_of(request.user, pk, at)
    names = queries.names_of(post.scope for post in posts)
    rows = [_row(request, post, names, at) for post in posts]
    return page(request, "people/staff_person.html", {"someone": someone, "rows": rows})


def _row(request: Request, post: Post, names: dict[str, str], at: datetime) -> dict[str, Any]:
    is_now = post.from_at <= at and (post.to_at is None or post.to_at > at)
    can = is_now and may_appoint(request, post.scope, at) and post.person_id != request.user.pk
    shift = str(Post.Shift(post.shift).label) if post.shift else ""
    return {
        "post": post, "word": queries.word_of(post), "place": names[post.scope], "is_now": is_now, "shift": shift,
        "term": queries.term_words(post.from_at, post.to_at),
        "can": can and post.role not in queries.OTHERS, "is_to_come": post.from_at > at,
    }  # fmt: skip
