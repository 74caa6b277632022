"""People follow the ground: posts, homes, units and teams go from codes that ended to those in their place."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.people.actions.posts import DEPUTY
from sandan.people.models import Person, Post, Role, Team, Unit
from sandan.places.actions.followers import Facts, Shift
from sandan.places.models import Place, PlaceChange

Mapping_ = Mapping[str, tuple[str, ...]]
SCOPED: tuple[Any, ...] = (Unit, Team)


def _running(codes: Iterable[str], at: datetime) -> QuerySet[Post]:
    """Posts over exactly these codes that are held or to come."""
    return Post.objects.filter(Q(to_at__isnull=True) | Q(to_at__gt=at), scope__in=list(codes))


def concerned(codes: Collection[str], at: datetime) -> dict[str, list[str]]:
    """For each code how many posts are over it and how many people have their home there."""
    posts = _running(codes, at).values_list("scope").annotate(n=Count("person", distinct=True))
    homes = Person.objects.filter(home__in=list(codes)).values_list("home_id").annotate(n=Count("id"))
    found: dict[str, list[str]] = {}
    for code, count in posts.order_by("scope"):
        found.setdefault(code, []).append(_("%(count)d 人在岗") % {"count": count})
    for code, count in homes.order_by("home_id"):
        found.setdefault(code, []).append(_("%(count)d 人住在这里") % {"count": count})
    return found


def follow(shift: Shift) -> Facts:
    """Running posts end and begin again over the new codes at the same moment; posts to come, homes, units and teams
    are written over. What has no new code stays. A handful of statements, one line in the journal."""
    mapping = {old: new for old, new in shift.mapping.items() if new}
    facts: Facts = {"ended": {}, "moved": {}, "made": [], "homes": {}, "scopes": {}}
    _move_posts(mapping, shift.at, facts)
    _move_homes(mapping, facts)
    for model in SCOPED:
        rows = list(model.objects.filter(scope__in=mapping))
        facts["scopes"][model._meta.label_lower] = {str(row.pk): row.scope for row in rows}
        for row in rows:
            row.scope = mapping[row.scope][0]
        model.objects.bulk_update(rows, ["scope"], batch_size=500)
    if any(facts[name] for name in ("ended", "moved", "homes")):
        journal.write(
            shift.change, "people_follow", by=shift.by, at=shift.at, scope=_scope(shift.change),
            ended=[int(pk) for pk in facts["ended"]], made=facts["made"],
            moved=[int(pk) for pk in facts["moved"]], homes=[int(pk) for pk in facts["homes"]],
        )  # fmt: skip
    return facts


def _scope(change: PlaceChange) -> str:
    codes = [*change.communities, *change.old_codes, *change.new_codes]
    return codes[0][:12] if len({code[:12] for code in codes}) == 1 else codes[0][:6] if codes else ""


def _move_posts(mapping: Mapping_, at: datetime, facts: Facts) -> None:
    posts = list(_running(mapping, at).select_for_update(no_key=True).order_by("id"))
    made: dict[tuple[Any, ...], Post] = {}
    held = {_identity(post, post.scope) for post in _running({c for new in mapping.values() for c in new}, at)}
    seats = _liaisons(mapping, at)
    for post in posts:
        codes = mapping[post.scope]
        if post.from_at >= at:
            facts["moved"][str(post.pk)] = post.scope
            post.scope, codes = codes[0], codes[1:]
        else:
            facts["ended"][str(post.pk)] = post.to_at.isoformat() if post.to_at else None
        for code in codes:
            copy = Post(
                person_id=post.person_id, role=post.role, grade=post.grade, scope=code, unit_id=post.unit_id,
                from_at=max(post.from_at, at), to_at=post.to_at, shift=post.shift,
            )  # fmt: skip
            _seat(copy, seats)
            if _identity(copy, code) not in held:
                made.setdefault(_identity(copy, code), copy)
    for post in posts:
        if str(post.pk) in facts["ended"]:
            post.to_at = post.settled_at = at  # the same people go on: nothing changes hands, nobody is told of an end
    Post.objects.bulk_update(posts, ["scope", "to_at", "settled_at"], batch_size=500)
    Post.objects.bulk_create(made.values(), batch_size=1000)
    facts["made"] = [post.pk for post in made.values()]
    facts["terms"] = [post.to_at.isoformat() if post.to_at else None for post in made.values()]


def _identity(post: Post, scope: str) -> tuple[Any, ...]:
    return post.person_id, post.role, post.grade, post.unit_id, scope


def _liaisons(mapping: Mapping_, at: datetime) -> set[str]:
    """The streets among the new codes that have a liaison of their own."""
    streets = {code for new in mapping.values() for code in new if len(code) == 9}
    rows = _running(streets, at).filter(role=Role.LIAISON).exclude(grade=DEPUTY)
    return set(rows.values_list("scope", flat=True))


def _seat(post: Post, taken: set[str]) -> None:
    """A street has one liaison: of streets that became one the first stays, the others stand beside as deputies."""
    if post.role == Role.LIAISON and post.grade != DEPUTY:
        if post.scope in taken:
            post.grade = DEPUTY
        taken.add(post.scope)


def _move_homes(mapping: Mapping_, facts: Facts) -> None:
    people = list(Person.objects.filter(home__in=mapping).select_for_update(no_key=True, of=("self",)).order_by("id"))
    places = Place.objects.in_bulk([mapping[person.home_id or ""][0] for person in people])
    for person in people:
        facts["homes"][str(person.pk)] = [person.home_id, person.lon, person.lat]
        home = places[mapping[person.home_id or ""][0]]
        person.home, person.lon, person.lat = home, home.lon, home.lat
    Person.objects.bulk_update(people, ["home", "lon", "lat"], batch_size=500)


def objections(change: PlaceChange, facts: Facts) -> list[str]:
    """Posts that were given or ended over the new codes since, and homes chosen there."""
    made = facts.get("made", [])
    newer = Post.objects.filter(scope__in=change.new_codes, from_at__gte=change.at).exclude(pk__in=made)
    newer = newer.exclude(pk__in=[int(pk) for pk in facts.get("moved", {})])
    terms = {post.pk: post.to_at for post in Post.objects.filter(pk__in=made)}
    homes = Person.objects.filter(home__in=change.new_codes).exclude(pk__in=[int(pk) for pk in facts.get("homes", {})])
    found = []
    if newer.exists() or terms != {pk: _moment(term) for pk, term in zip(made, facts.get("terms", []), strict=True)}:
        found.append(_("新网格上的岗位又动过，请先把那些岗位结束或改回"))
    if homes.exists():
        found.append(_("有人已经把住处改到新网格"))
    return found


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def unfollow(change: PlaceChange, facts: Facts, by: Any, at: datetime) -> None:
    """Posts, homes, units and teams as they were; the posts made for the change go."""
    if not facts:
        return
    Post.objects.filter(pk__in=facts["made"]).delete()
    ended = {int(pk): _moment(to_at) for pk, to_at in facts["ended"].items()}
    posts = list(Post.objects.filter(pk__in=[*ended, *map(int, facts["moved"])]))
    for post in posts:
        post.to_at = ended.get(post.pk, post.to_at)
        post.settled_at = None if post.pk in ended else post.settled_at
        post.scope = facts["moved"].get(str(post.pk), post.scope)
    Post.objects.bulk_update(posts, ["scope", "to_at", "settled_at"], batch_size=500)
    people = list(Person.objects.filter(pk__in=[int(pk) for pk in facts["homes"]]))
    for person in people:
        person.home_id, person.lon, person.lat = facts["homes"][str(person.pk)]
    Person.objects.bulk_update(people, ["home", "lon", "lat"], batch_size=500)
    for model in SCOPED:
        before = facts["scopes"][model._meta.label_lower]
        rows = list(model.objects.filter(pk__in=[int(pk) for pk in before]))
        for row in rows:
            row.scope = before[str(row.pk)]
        model.objects.bulk_update(rows, ["scope"], batch_size=500)
    journal.write(change, "people_back", by=by, at=at, scope=_scope(change), removed=facts["made"])
