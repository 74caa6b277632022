"""R005: many members checked in at once, as a unit's list or an import brings them, in a handful of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.models import Entry
from sandan.people import access
from sandan.people.actions.member_checkin import MOST_GRIDS, End, TooManyGrids, checked, require
from sandan.people.actions.posts import Actor
from sandan.people.models import MemberCheckin, Person, Post, Role, Unit
from sandan.people.queries import units_scope
from sandan.places.models import Place


@dataclass(frozen=True)
class Wanted:
    """One line of a bulk check-in."""

    person: Person
    grid: Place
    unit: Unit | None = None


@transaction.atomic
def check_in_many(*, wanted: Sequence[Wanted], by: Actor, at: datetime) -> list[MemberCheckin]:
    """Many check-ins in a handful of statements; who is there already stays as they are. Raises as `check_in`.

    Returns the new ones. Persons are locked in the order of their ids.
    """
    lines = {(one.person.pk, one.grid.code): one for one in wanted}
    ids = sorted({person for person, _grid in lines})
    list(Person.objects.filter(pk__in=ids).select_for_update(no_key=True).order_by("pk").values_list("pk"))
    there = set(MemberCheckin.objects.filter(person__in=ids).live(at).values_list("person_id", "grid"))
    fresh = [one for key, one in lines.items() if key not in there]
    _refuse_too_many(fresh, there)
    _know_posts([one.person for one in fresh])
    hows = [require(by, one.person, checked(one.grid).code, one.unit, at) for one in fresh]
    posts = _posts_for(fresh, by, at)
    MemberCheckin.objects.filter(person__in=ids, to_at=None, post__to_at__lte=at).update(to_at=at, end=End.OTHER)
    schemes = units_scope.schemes_in_force(timezone.localdate(at))
    rows = MemberCheckin.objects.bulk_create(
        [
            MemberCheckin(
                person=one.person, unit=one.unit, scheme=units_scope.scheme_over(one.grid.code, schemes),
                grid=one.grid.code, post=post, how=how, from_at=at,
                by=by if isinstance(by, Person) else None,
            )
            for one, post, how in zip(fresh, posts, hows, strict=True)
        ],
        batch_size=1000,
    )  # fmt: skip
    _homes(fresh)
    _tell(rows, by, at)
    return rows


def _know_posts(people: Sequence[Person]) -> None:
    """All their posts in one statement, where `access` looks for them."""
    held: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(person__in=[one.pk for one in people]).select_related("unit").order_by("pk"):
        held[post.person_id].append(post)
    for one in people:
        one.held_posts = held[one.pk] if one.is_active else []  # type: ignore[attr-defined]


def _refuse_too_many(fresh: Iterable[Wanted], there: Iterable[tuple[int, str]]) -> None:
    counts: dict[int, int] = {}
    for pk, _grid in [*there, *((one.person.pk, one.grid.code) for one in fresh)]:
        counts[pk] = counts.get(pk, 0) + 1
    for one in fresh:
        if counts[one.person.pk] > MOST_GRIDS:
            text = _("%(name)s 报到的网格超过 %(most)s 个。先退出一个，再报。")
            raise TooManyGrids(text % {"name": one.person.name, "most": MOST_GRIDS})


def _posts_for(fresh: Sequence[Wanted], by: Actor, at: datetime) -> list[Post]:
    """The member's post of each line, those that are missing made at once."""
    held = Post.objects.held(at).filter(role=Role.MEMBER, person__in=[one.person.pk for one in fresh])
    known = {(post.person_id, post.scope): post for post in held}
    made = Post.objects.bulk_create(
        [
            Post(person=one.person, role=Role.MEMBER, scope=one.grid.code, from_at=at)
            for one in fresh
            if (one.person.pk, one.grid.code) not in known
        ],
        batch_size=1000,
    )
    Entry.objects.bulk_create(
        [
            journal.line(
                post, "give", by=by, at=at, scope=post.scope, person=post.person_id, role=Role.MEMBER.value, grade=""
            )
            for post in made
        ],
        batch_size=1000,
    )  # fmt: skip
    known |= {(post.person_id, post.scope): post for post in made}
    return [known[one.person.pk, one.grid.code] for one in fresh]


def _homes(fresh: Sequence[Wanted]) -> None:
    """Who had no grid to count distances from has one now: the first. Two statements for any number."""
    ids = [one.person.pk for one in fresh if one.person.home_id is None]
    first = MemberCheckin.objects.filter(person=OuterRef("pk"), to_at=None).order_by("pk").values("grid")[:1]
    homeless = Person.objects.filter(pk__in=ids, home=None)
    homeless.update(home=Subquery(first))
    grid = Place.objects.filter(code=OuterRef("home_id"))
    Person.objects.filter(pk__in=ids).update(lon=Subquery(grid.values("lon")), lat=Subquery(grid.values("lat")))


def _tell(rows: Sequence[MemberCheckin], by: Actor, at: datetime) -> None:
    lines = [
        journal.line(
            row, "check_in", by=by, at=at, scope=row.grid, person=row.person_id, unit=row.unit_id, post=row.post_id,
            how=str(row.how),
        )
        for row in rows
    ]  # fmt: skip
    Entry.objects.bulk_create(lines, batch_size=1000)
    for row in rows:
        access.forget(row.person)
