"""R014, R015: service posts as they are shown: to members who may claim them, and to those who offer them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.people.models import MemberCheckin, Person, ServiceHolding, ServicePost
from sandan.people.queries import member_lists, member_scope, member_times
from sandan.people.queries.member_rules import PostRules, post_rules
from sandan.places.models import Place

MOST = 60
SHOWN_AFTER = timedelta(days=30)
REASONS = {  # why a place is given or taken back
    "busy": gettext_lazy("太忙，顾不过来"), "moved": gettext_lazy("搬走了或换单位了"),
    "unfit": gettext_lazy("不适合我"), "ill": gettext_lazy("身体原因"), "other": gettext_lazy("别的原因"),
    "absent": gettext_lazy("一直没来"), "agreed": gettext_lazy("跟本人说好了"),
}  # fmt: skip


@dataclass(frozen=True)
class Offered:
    """A service post on a page; `taken` of its places are held, `by` whom where the reader may know."""

    pk: int
    name: str
    place: str
    task: str
    hours: str
    from_at: datetime
    to_at: datetime
    seats: int
    taken: int
    is_mine: bool = False
    is_home: bool = False
    suits: bool = True
    skills: tuple[str, ...] = ()

    @property
    def free(self) -> int:
        return max(self.seats - self.taken, 0)


@dataclass(frozen=True)
class Held:
    """A place of a post in somebody's hands."""

    pk: int
    post: Offered
    who: str
    from_at: datetime
    to_at: datetime
    asked: str
    is_asked: bool = False  # whether the reader is the one asked to take it over


@dataclass(frozen=True)
class Desk:
    """What the claim desk shows of service posts: those asked of me, mine, those that are open, my limit."""

    asked: tuple[Held, ...]
    mine: tuple[Held, ...]
    open: tuple[Offered, ...]
    rules: PostRules
    is_member: bool

    @property
    def left(self) -> int:
        """How many more I may claim."""
        return max(self.rules.most_held - len(self.mine), 0)


def hours_of(post: ServicePost) -> str:
    """「每周六、周日 7:30 到 9:30」, or that the time is agreed."""
    if post.from_minute is None or post.to_minute is None:
        return _("时间跟社区约")
    days = (
        _("每天") if len(post.weekdays) == 7 else _("每") + "、".join(str(member_times.DAYS[d]) for d in post.weekdays)
    )
    return f"{days} {member_times.hours_words([(post.from_minute, post.to_minute)])}"


def _offered(posts: Sequence[ServicePost], at: datetime, reader: Person | None = None) -> dict[int, Offered]:
    """The posts with what is known of each; three statements, and one for the reader's own times."""
    taken: dict[int, set[int]] = defaultdict(set)
    holdings = ServiceHolding.objects.filter(post__in=[post.pk for post in posts]).live(at)
    for post, person in holdings.values_list("post_id", "person_id"):
        taken[post].add(person)
    names = dict(Place.objects.filter(code__in={post.scope for post in posts}).values_list("code", "name"))
    weekly = member_times.weekly_of([reader.pk])[reader.pk] if reader else []
    homes = {reader.home_id[:12]} if reader and reader.home_id else set()
    return {
        post.pk: Offered(
            post.pk, member_lists.kind_name(post.kind), names.get(post.scope, post.scope), post.task, hours_of(post),
            post.from_at, post.to_at, post.seats, len(taken[post.pk]), bool(reader and reader.pk in taken[post.pk]),
            post.scope[:12] in homes, member_times.suits(post.weekdays, _minutes(post), weekly),
            _skills(post, reader),
        )
        for post in posts
    }  # fmt: skip


def _skills(post: ServicePost, reader: Person | None) -> tuple[str, ...]:
    """The skills of its kind that the reader has."""
    kind = member_lists.post_kinds().get(post.kind)
    return tuple(one for one in kind.skills if one in reader.skills) if kind and reader else ()


def _minutes(post: ServicePost) -> tuple[int, int] | None:
    return None if post.from_minute is None or post.to_minute is None else (post.from_minute, post.to_minute)


def desk(person: Person, scopes: Collection[str], at: datetime) -> Desk:
    """The service posts for a member with posts over these grids; the own community first, then what suits.

    As many statements for one post as for sixty.
    """
    counties = sorted({scope[:6] for scope in scopes})
    running = ServicePost.objects.running(at).filter(member_scope.inside(counties, "scope"))
    near = running.filter(member_scope.inside(sorted({scope[:12] for scope in scopes}), "scope"))
    posts = list(near.order_by("to_at", "pk")[:MOST])
    posts += list(running.exclude(pk__in=[post.pk for post in posts]).order_by("to_at", "pk")[: MOST - len(posts)])
    holdings = ServiceHolding.objects.live(at).filter(Q(person=person) | Q(offered_to=person))
    held = list(holdings.select_related("post", "person", "offered_to").order_by("to_at", "pk"))
    known = {post.pk: post for post in [*posts, *(one.post for one in held)]}
    shown = _offered(list(known.values()), at, person)
    open_posts = [shown[post.pk] for post in posts if shown[post.pk].free and not shown[post.pk].is_mine]
    return Desk(
        asked=tuple(_held(one, shown, person) for one in held if one.person_id != person.pk),
        mine=tuple(_held(one, shown, person) for one in held if one.person_id == person.pk),
        open=tuple(sorted(open_posts, key=lambda one: (not one.is_home, not one.skills, not one.suits, one.to_at))),
        rules=post_rules(counties[0] if counties else ""), is_member=bool(counties),
    )  # fmt: skip


def _held(one: ServiceHolding, shown: dict[int, Offered], reader: Person | None = None) -> Held:
    asked = one.offered_to.name if one.offered_to else ""
    is_asked = bool(reader and one.offered_to_id == reader.pk)
    return Held(one.pk, shown[one.post_id], one.person.name, one.from_at, one.to_at, asked, is_asked)


def named_in(name: str, scope: str, at: datetime) -> list[Person]:
    """Members of the same community with exactly this name: who hands a post over knows whom; there is no list."""
    there = MemberCheckin.objects.live(at).within(scope[:12]).values("person")
    return list(Person.objects.filter(pk__in=there, is_active=True, name=name.strip())[:3])


def offered_in(codes: Collection[str], at: datetime) -> list[tuple[Offered, list[Held]]]:
    """The posts of these areas with who holds them, for those who offer them; what ended lately is not among them."""
    posts = list(
        ServicePost.objects.running(at).filter(member_scope.inside(codes, "scope")).order_by("to_at", "pk")[:MOST]
    )
    shown, held = _offered(posts, at), defaultdict[int, list[Held]](list)
    rows = ServiceHolding.objects.filter(post__in=[post.pk for post in posts]).live(at)
    for one in rows.select_related("person", "offered_to").order_by("seat"):
        held[one.post_id].append(_held(one, shown))
    return [(shown[post.pk], held[post.pk]) for post in posts]


def service_of(person: Person, at: datetime) -> list[Held]:
    """The service posts somebody held, those that ended in the last month included, the newest first."""
    rows = person.service_holdings.filter(to_at__gt=at - SHOWN_AFTER).select_related("post", "person", "offered_to")
    held = [one for one in rows.order_by("-from_at") if one.end != ServiceHolding.End.CLOSED]
    shown = _offered([one.post for one in held], at)
    return [_held(one, shown) for one in held]
