"""What the front shows that other rooms know: who signs in, where each role starts, the community of a reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.core.models import Block, Entry, Look
from sandan.core.pages import url_or_none
from sandan.core.sealed import digest
from sandan.front.limits import STAFF_A_PAGE, WANTS_SECOND
from sandan.front.models import Account, Factor, Link, LoginCode, RecoveryCode, Visit
from sandan.orders.queries import resident_progress
from sandan.orders.queries.resident_progress import Short
from sandan.people import access
from sandan.people.models import Person, Post, Role
from sandan.places.models import Place

MOST_ON_HOME = 2
MOST_LOOKS = 50
DEMO_PREFIX = "demo."
DEMO_PASSWORD = "sandan-demo-2026"  # noqa: S105 - shown on the login page of a demo, which holds invented people only

# where each role begins its day; the first page that exists here is taken
STARTS: dict[str, tuple[str, ...]] = {
    Role.DISPATCHER: ("orders:inbox",),
    Role.LIAISON: ("orders:inbox",),
    Role.DISTRICT: ("orders:inbox",),
    Role.GRID_LEADER: ("orders:hall",),
    Role.GRID_WORKER: ("orders:hall",),
    Role.MEMBER: ("orders:hall",),
    Role.UNIT_CLERK: ("orders:hall",),
    Role.PARTNER: ("orders:sent",),
    Role.OVERSEER: ("people:progress", "places:map"),
    Role.DAY_WORKER: ("people:day", "front:help"),
    Role.ORG_KEEPER: ("people:organisations", "front:help"),
    Role.AUDITOR: ("front:audit",),
    Role.SECURITY: ("front:accounts", "front:help"),
    Role.ADMIN: ("places:map",),
}


@dataclass(frozen=True)
class DemoLogin:
    """One row of the demo's table: what to type and who one is then."""

    login: str
    name: str
    role: str
    scope: str


def role_word(role: str) -> str:
    """What a role is called on a page."""
    return {
        Role.MEMBER.value: _("在职党员"),
        Role.GRID_WORKER.value: _("网格员"),
        Role.GRID_LEADER.value: _("网格长"),
        Role.DISPATCHER.value: _("社区派单员"),
        Role.LIAISON.value: _("街道联络员"),
        Role.DISTRICT.value: _("区级值班"),
        Role.UNIT_CLERK.value: _("单位经办人"),
        Role.PARTNER.value: _("外联单位"),
        Role.OVERSEER.value: _("主管工委"),
        Role.DAY_WORKER.value: _("一日网格员"),
        Role.ORG_KEEPER.value: _("组织管理员"),
        Role.AUDITOR.value: _("审计员"),
        Role.SECURITY.value: _("安全管理员"),
        Role.ADMIN.value: _("系统管理员"),
    }[role]


def demo_logins(at: datetime) -> dict[str, list[DemoLogin]]:
    """The demo's people by role, in the order of the roles' day; two queries whatever their number."""
    posts = Post.objects.held(at).filter(person__login__startswith=DEMO_PREFIX, person__is_active=True)
    posts = posts.select_related("person").order_by("scope", "person__login")
    names = dict(Place.objects.filter(code__in={post.scope for post in posts}).values_list("code", "name"))
    groups: dict[str, list[DemoLogin]] = {role_word(role): [] for role in STARTS}
    for post in posts:
        row = DemoLogin(post.person.login, post.person.name, role_word(post.role), names.get(post.scope, ""))
        groups[row.role].append(row)
    return {role: rows for role, rows in groups.items() if rows}


def person_named(typed: str) -> Person | None:
    """The active person of a login name or a work phone number; one statement, whoever it is."""
    names = Q(login=typed) | Q(phone_digest=digest(typed, "phone"))
    found = {person.login == typed: person for person in Person.objects.filter(names, is_active=True)}
    return found.get(True) or found.get(False)


def person_of_phone(phone: str) -> Person | None:
    """The active person of a work phone number."""
    return people_of_phones([digest(phone, "phone")]).get(digest(phone, "phone"))


def people_of_phones(digests: Sequence[bytes]) -> dict[bytes, Person]:
    """The active people of work phones, by the digest of the number."""
    found = Person.objects.filter(phone_digest__in=digests, is_active=True)
    return {bytes(person.phone_digest or b""): person for person in found}


def is_locked(person: Person) -> bool:
    """Whether the keeper of accounts locked it."""
    return Account.objects.filter(person=person, locked_at__isnull=False).exists()


def may_sign_in(person: Person, at: datetime) -> bool:
    """Whether the account is alive: not left, not over, not locked."""
    return person.is_active and not person.has_ended(at) and not is_locked(person)


def stage_code(phone: str, device: bytes) -> str:
    """The figures last asked for on this device, for a demo, where nothing leaves the house; "" for none."""
    rows = LoginCode.objects.filter(phone_digest=digest(phone, "phone"), device=device, used_at=None)
    row = rows.order_by("-at", "-pk").first()
    return row.code.open_unlogged() if row and row.code else ""


def must_change(person: Person) -> bool:
    """Whether the password is one that the keeper gave."""
    return Account.objects.filter(person=person, must_change=True).exists()


def wants_second(person: Person, at: datetime) -> bool:
    """Whether somebody's post asks for a second factor."""
    return any(post.role in WANTS_SECOND for post in access.posts_of(person, at))


def factors_of(person: Person) -> list[Factor]:
    """The second factors in force, oldest first."""
    return list(Factor.objects.filter(person=person, confirmed_at__isnull=False).order_by("pk"))


def has_second(person: Person) -> bool:
    """Whether somebody has set up a second factor."""
    return bool(factors_of(person))


def waiting_app(person: Person) -> Factor | None:
    """The app that waits for its first figures."""
    return Factor.objects.filter(person=person, kind=Factor.Kind.TOTP, confirmed_at=None).first()


def app_of(person: Person) -> Factor | None:
    """The app that counts time, where it is in force."""
    return next((one for one in factors_of(person) if one.kind == Factor.Kind.TOTP), None)


def paper_left(person: Person) -> int:
    """How many codes on paper are still good."""
    return RecoveryCode.objects.filter(person=person, used_at=None).count()


def visits_of(person: Person, at: datetime) -> QuerySet[Visit]:
    """The sign-ins of somebody that still last, newest first."""
    alive = (
        "front_visit.key IN (SELECT sha256(convert_to(session_key, 'UTF8')) FROM django_session WHERE expire_date > %s)"
    )
    mine = Visit.objects.filter(person=person, ended_at=None)
    return mine.extra(where=[alive], params=[at]).order_by("-at")  # noqa: S610 (a fixed text)


def links_of(person: Person) -> list[Link]:
    """The logins elsewhere that stand for somebody."""
    return list(Link.objects.filter(person=person).order_by("provider"))


def keeps(keeper: Person, person: Person, at: datetime) -> bool:
    """Whether the power of security that somebody holds covers a person: by a post, present or past, or the home."""
    mine = access.scopes(access.posts_of(keeper, at), Role.SECURITY)
    areas = {*person.posts.values_list("scope", flat=True), person.home_id or ""}
    return any(area.startswith(scope) for area in areas for scope in mine)


def person_kept(keeper: Person, typed: str, at: datetime) -> Person | None:
    """Somebody under a keeper, by exact login or whole work phone, also one who left."""
    names = Q(login=typed) | Q(phone_digest=digest(typed, "phone"))
    return next((one for one in Person.objects.filter(names) if keeps(keeper, one, at)), None)


def kept_staff(keeper: Person, at: datetime, page: int) -> list[Person]:
    """The register of staff under a keeper: whoever holds a post other than a member's there; one page and one more."""
    mine = access.scopes(access.posts_of(keeper, at), Role.SECURITY)
    there = Q()
    for scope in mine:
        there |= Q(scope__startswith=scope)
    held = Post.objects.held(at).exclude(role=Role.MEMBER).filter(there, person=OuterRef("pk"))
    staff = Person.objects.filter(Exists(held)).order_by("name_key", "pk") if mine else Person.objects.none()
    return list(staff.select_related("account")[page * STAFF_A_PAGE : (page + 1) * STAFF_A_PAGE + 1])


def start_of(person: Person | AnonymousUser, at: datetime) -> str | None:
    """The address of the first page of somebody's day, or None where they have no post with a page."""
    if not isinstance(person, Person):
        return None
    roles = set(Post.objects.held(at).filter(person=person).values_list("role", flat=True))
    names = (name for role, pages in STARTS.items() if role in roles for name in pages)
    first = next((href for name in names if (href := url_or_none(name))), None)
    if first or not access.may_check_in(person, at):
        return first
    return url_or_none("people:me")  # a member between two check-ins, or one whom a roster names


def under_way(asker_ids: Sequence[int], at: datetime) -> list[Short]:
    """The newest orders of this browser, for the home page; no query for who has none."""
    return resident_progress.orders_of(asker_ids, at)[:MOST_ON_HOME] if asker_ids else []


def community(code: str | None) -> Place | None:
    """The community of a code that came with a reader, or None."""
    if not code or not code.isdigit() or len(code) != 12:
        return None
    return Place.objects.filter(code=code, kind=Place.Kind.COMMUNITY).only("code", "name", "phone").first()


FIELDS = {
    "name": gettext_lazy("点单人称呼"),
    "phone": gettext_lazy("点单人电话"),
    "door": gettext_lazy("门牌"),
    "original": gettext_lazy("原话"),
    "photo": gettext_lazy("密封事项的照片"),
    "people.person.phone": gettext_lazy("工作手机号"),
}
PURPOSES = {
    "desk": gettext_lazy("社区办单"),
    "serve": gettext_lazy("上门服务"),
    "photo": gettext_lazy("看照片"),
    "member": gettext_lazy("联系报到党员"),
}


@dataclass(frozen=True)
class Seen:
    """One look: who, when, which field of which row, why. What was read is not here."""

    id: int
    at: datetime
    who: str
    what: str
    row: int
    why: str


@dataclass(frozen=True)
class Trail:
    """What an auditor sees: how the chain stands and who looked at what; no words, names or numbers of residents."""

    lines: int
    blocks: int
    sealed_at: datetime | None
    looks: list[Seen]


def trail(before: int | None) -> Trail:
    """The newest looks, fifty at a time, older than the look `before`. Four statements."""
    looks = Look.objects.select_related("person").order_by("-id")
    newest = Block.objects.order_by("-id").first()
    return Trail(
        lines=Entry.objects.count(),
        blocks=newest.pk if newest else 0,
        sealed_at=newest.at if newest else None,
        looks=[_seen(look) for look in (looks.filter(id__lt=before) if before else looks)[:MOST_LOOKS]],
    )


def _seen(look: Look) -> Seen:
    what = FIELDS.get(f"{look.subject}.{look.field}") or FIELDS.get(look.field) or look.field
    why = PURPOSES.get(look.why) or look.why
    return Seen(look.pk, look.at, look.person.name, str(what), look.subject_id, str(why))
