"""What a person may do where: posts, the roles they give over a place, and the doors of staff pages."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from sandan.people import queries
from sandan.people.models import (
    MemberCheckin,
    Pair,
    PeopleImport,
    Person,
    Post,
    Role,
    RosterRow,
    Scheme,
    ServicePost,
    Unit,
    UnitCheckin,
    UnitLink,
)
from sandan.people.queries import import_scope, member_scope, staff, units_scope
from sandan.places.models import Place

P = ParamSpec("P")
GUESTS = frozenset({Role.PARTNER, Role.DAY_WORKER})  # their accounts open their own page alone
EVERYBODY = frozenset(Role) - GUESTS
STAFF = EVERYBODY - {Role.MEMBER, Role.OVERSEER, Role.SECURITY, Role.ORG_KEEPER}


class Request(HttpRequest):
    """A request whose user has signed in."""

    user: Person
    htmx: HtmxDetails


class Login(ModelBackend):
    """Django's login by name and password; whoever comes back comes with their posts, in one statement."""

    def get_user(self, user_id: int) -> Person | None:
        """The active person of a session, the posts at hand for `posts_of`."""
        found = queries.signed_in(user_id)
        if found is None or found[0].has_ended(timezone.now()):
            return None
        person, posts = found
        person.held_posts = posts  # type: ignore[attr-defined]
        return person


View = Callable[Concatenate[Request, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def posts_of(person: Person, at: datetime) -> tuple[Post, ...]:
    """The posts somebody holds at that moment; read once for each Person object, so once a request."""
    cached: list[Post] | None = getattr(person, "held_posts", None)
    if cached is None:
        cached = list(person.posts.select_related("unit").order_by("id")) if person.is_active else []
        person.held_posts = cached  # type: ignore[attr-defined]
    return tuple(post for post in cached if post.from_at <= at and (post.to_at is None or post.to_at > at))


def forget(person: Person) -> None:
    """Posts have changed: the next `posts_of` reads them again."""
    if hasattr(person, "held_posts"):
        del person.held_posts


def roles_over(posts: Iterable[Post], code: str) -> frozenset[str]:
    """The roles that posts give over a place: those whose scope is a prefix of its code."""
    return frozenset(post.role for post in posts if code.startswith(post.scope))


def scopes(posts: Iterable[Post], role: str) -> tuple[str, ...]:
    """The place codes a role is held over, widest first, without those inside another."""
    kept: list[str] = []
    for scope in sorted({post.scope for post in posts if post.role == role}, key=lambda code: (len(code), code)):
        if not any(scope.startswith(wider) for wider in kept):
            kept.append(scope)
    return tuple(kept)


def _to_login(request: HttpRequest) -> HttpResponse:
    """The login page, then back; a swap gets the whole window there."""
    answer = redirect_to_login(request.get_full_path())
    return HttpResponseClientRedirect(answer.url) if getattr(request, "htmx", False) else answer


def role_required(*roles: str) -> Callable[[View[P]], Guarded[P]]:
    """Only for people who hold one of these roles now: others are sent to the login or get 403, guests the 404.

    An address that names a thing gives everybody else the 404 of an absent one: 403 is for a page of another post, and
    for a move on what one may already see. The roles stand on the view (`roles`), for the table that staff can read.
    """
    wanted = frozenset(roles)

    def decorate(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, Person):
                return _to_login(request)
            held = {post.role for post in posts_of(request.user, timezone.now())}
            if not wanted & held:
                names_a_thing = bool(args or kwargs)
                raise Http404 if names_a_thing or (held and held <= GUESTS) else PermissionDenied
            return view(cast(Request, request), *args, **kwargs)

        guarded.roles = wanted  # type: ignore[attr-defined]
        return guarded

    return decorate


staff_required = role_required(*STAFF)


def forbids_membership(person: Person, at: datetime) -> bool:
    """Whether a post of theirs keeps them from being a member: powers that stand apart, outside partners."""
    return any(post.role in member_scope.NO_MEMBERS for post in posts_of(person, at))


def may_check_in(person: Person, at: datetime) -> bool:
    """Whether somebody may check in alone: who once was checked in, held a member's post, or stands on a roster."""
    if not person.is_active or forbids_membership(person, at):
        return False
    known = person.checkins.exists() or person.posts.filter(role=Role.MEMBER).exists()
    return known or person.roster_rows.live().exists()


def checkin_of(user: Person, pk: int, at: datetime) -> MemberCheckin:
    """The check-in of this number in the user's register, or the same 404 whether absent or not theirs."""
    rows = MemberCheckin.objects.select_related("person", "unit", "post")
    return get_object_or_404(rows.filter(member_scope.seen_by(posts_of(user, at))), pk=pk)


def service_post_of(user: Person, pk: int, at: datetime) -> ServicePost:
    """The service post of this number in an area the user keeps, or 404."""
    codes = member_scope.areas(posts_of(user, at), member_scope.POST_KEEPERS)
    return get_object_or_404(ServicePost.objects.filter(member_scope.inside(codes, "scope")), pk=pk)


def unit_of(user: Person, pk: int, at: datetime) -> Unit:
    """The unit of the register that this person may see, with its file; the same 404 for another's and for none."""
    seen = units_scope.seen_by(posts_of(user, at), at)
    return get_object_or_404(Unit.objects.filter(file__isnull=False).filter(seen).select_related("file"), pk=pk)


def unit_checkin_of(user: Person, pk: int, at: datetime) -> UnitCheckin:
    """A unit's check-in, for the unit's clerk, its overseer and the community's desk; 404 for everybody else."""
    row = UnitCheckin.objects.select_related("unit", "community", "scheme").filter(pk=pk).first()
    if row is None or not units_scope.sides(posts_of(user, at), row.unit, [row.community_id]):
        raise Http404
    return row


def unit_link_of(user: Person, pk: int, at: datetime) -> UnitLink:
    """What a unit took on, where its check-in is one of this person's; 404 otherwise."""
    row = UnitLink.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    row.checkin = unit_checkin_of(user, row.checkin_id, at)
    return row


def pair_of(user: Person, pk: int, at: datetime) -> Pair:
    """A pair, for both of its sides and the overseer; 404 for everybody else."""
    row = Pair.objects.select_related("unit", "community").filter(pk=pk).first()
    if row is None or not units_scope.sides(posts_of(user, at), row.unit, [row.community_id]):
        raise Http404
    return row


def roster_unit_of(user: Person, pk: int, at: datetime) -> Unit:
    """A unit whose roster this person may read: its clerk's or its overseer's; 404 otherwise."""
    unit = unit_of(user, pk, at)
    if not units_scope.sides(posts_of(user, at), unit) & {"clerk", "overseer"}:
        raise Http404
    return unit


def roster_row_of(user: Person, pk: int, at: datetime) -> RosterRow:
    """A row of the roster of a unit this person is the clerk of; 404 otherwise."""
    mine = member_scope.units(posts_of(user, at))
    return get_object_or_404(RosterRow.objects.live().filter(unit__in=mine).select_related("unit"), pk=pk)


def units_community_of(user: Person, code: str, at: datetime) -> Place:
    """A community whose units this person may read: its desks, and who oversees units around it; 404 otherwise."""
    posts = posts_of(user, at)
    wider = (*member_scope.areas(posts), *units_scope.overseen(posts))
    place = Place.objects.filter(code=code, kind=Place.Kind.COMMUNITY).first()
    if place is None or not any(code.startswith(one) for one in wider):
        raise Http404
    return place


def scheme_of(user: Person, pk: int, at: datetime) -> Scheme:
    """A scheme of an area around or inside one of this person's; 404 otherwise."""
    scheme = get_object_or_404(Scheme, pk=pk)
    codes = [post.scope for post in posts_of(user, at) if post.role in units_scope.READERS]
    if not any(code.startswith(scheme.scope) or scheme.scope.startswith(code) for code in codes):
        raise Http404
    return scheme


def staff_of(user: Person, pk: int, at: datetime) -> tuple[Person, list[Post]]:
    """One of the staff of the user's areas with their posts there; the same 404 for somebody else's and for nobody."""
    posts = staff.posts_of(pk, member_scope.areas(posts_of(user, at), staff.KEEPERS))
    if not posts:
        raise Http404
    return posts[0].person, posts


def staff_post_of(user: Person, pk: int, at: datetime) -> Post:
    """The running post of this number that the user may end or hand over, or 404."""
    codes = member_scope.areas(posts_of(user, at), staff.APPOINTERS)
    rows = Post.objects.select_related("person", "unit").filter(member_scope.inside(codes, "scope"))
    running = Q(to_at__isnull=True) | Q(to_at__gt=at)
    return get_object_or_404(rows.filter(running, from_at__lte=at, role__in=staff.ROLES), pk=pk)


def staff_place_of(user: Person, code: str, at: datetime) -> Place:
    """The county, street or community of this code over which the user gives posts, or 404."""
    if not roles_over(posts_of(user, at), code) & staff.APPOINTERS:
        raise Http404
    kinds = (Place.Kind.COUNTY, Place.Kind.STREET, Place.Kind.COMMUNITY)
    return get_object_or_404(Place.objects.current().filter(kind__in=kinds).defer("outline"), code=code)


def import_county(user: Person, kind: str, code: str, at: datetime) -> Place:
    """The county to which somebody may bring such a list, the first where none is named; 404 otherwise."""
    held = posts_of(user, at)
    rows = Place.objects.filter(kind=Place.Kind.COUNTY).defer("outline").order_by("code")
    for county in rows.filter(code=code) if code else rows:
        if kind in import_scope.kinds(held, county.code):
            return county
    raise Http404


def import_of(user: Person, pk: int, at: datetime) -> PeopleImport:
    """The import or draft of this number, one's own or in one's area; the same 404 for another's and for none."""
    rows = PeopleImport.objects.select_related("county", "by", "undone_by").defer("county__outline", "before")
    return get_object_or_404(rows.filter(import_scope.seen_by(posts_of(user, at), user.pk)), pk=pk)
