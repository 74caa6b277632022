"""Who and what is here already, as a list of people is compared with it: a fixed number of statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from sandan.people.models import HELPING, MemberCheckin, Person, PersonMark, Post, Role, Unit

SUFFIXES = ("机关党委", "机关党总支", "机关党支部", "党委", "党总支", "党支部", "党组", "支部")


@dataclass(frozen=True)
class Known:
    """Persons by the digest of their phone and of their identity number, and all of some names in the county.

    `staff` are those with a post beyond helping: no list may give their account a phone to sign in with.
    """

    by_phone: Mapping[bytes, Person]
    by_mark: Mapping[bytes, Person]
    by_name: Mapping[str, list[Person]]
    marked: Mapping[int, bytes]  # person: digest of the identity number
    staff: frozenset[int] = frozenset()


def known_people(phones: Collection[bytes], marks: Collection[bytes], names: Collection[str], county: str) -> Known:
    """Everybody a list may mean; four statements. By name only those with a home or a post in the county."""
    people = Person.objects.select_related("home").defer("phone", "home__outline")
    here = Q(home__code__startswith=county) | Q(pk__in=Post.objects.filter(scope__startswith=county).values("person"))
    found = list(people.filter(Q(phone_digest__in=phones) | Q(mark__digest__in=marks)))
    named: dict[str, list[Person]] = {}
    for person in people.filter(here, name__in=names, is_active=True, ends_at=None).order_by("pk"):
        named.setdefault(person.name, []).append(person)
    everybody = {person.pk: person for persons in named.values() for person in persons} | {p.pk: p for p in found}
    rows = PersonMark.objects.filter(person__in=list(everybody)).values_list("person_id", "digest")
    marked = {pk: bytes(mark) for pk, mark in rows}
    staff = (
        Post.objects.filter(person__in=list(everybody)).exclude(role__in=HELPING).values_list("person_id", flat=True)
    )
    return Known(
        {bytes(person.phone_digest): person for person in everybody.values() if person.phone_digest},
        {mark: everybody[pk] for pk, mark in marked.items()}, named, marked, frozenset(staff),
    )  # fmt: skip


def units_by_name(county: str) -> dict[str, Unit]:
    """The units of a county by their names, the county's own before those of its parts."""
    rows = Unit.objects.filter(Q(scope__startswith=county) | Q(scope__in=[county[:2], county[:4]]))
    found: dict[str, Unit] = {}
    for unit in sorted(rows.order_by("pk"), key=lambda unit: len(unit.scope)):
        found.setdefault(unit.name, unit)
    return found


def unit_called(text: str, units: Mapping[str, Unit]) -> Unit | None:
    """The unit of that name, also where the list names its party organisation: 城管局机关党委."""
    plain = text.replace(" ", "")
    stems = [plain.removesuffix(suffix) for suffix in SUFFIXES if plain.endswith(suffix)]
    return next((units[name] for name in (text, plain, *stems) if name in units), None)


def grids_of(people: Collection[int], at: datetime) -> dict[int, set[str]]:
    """The grids in which members are checked in; one statement."""
    found: dict[int, set[str]] = {}
    for pk, grid in MemberCheckin.objects.filter(person__in=people).live(at).values_list("person_id", "grid"):
        found.setdefault(pk, set()).add(grid)
    return found


def posts_of(people: Collection[int], at: datetime) -> dict[int, list[Post]]:
    """The posts that people hold at that moment or will hold; one statement."""
    found: dict[int, list[Post]] = {}
    rows = Post.objects.filter(person__in=people).filter(Q(to_at__isnull=True) | Q(to_at__gt=at))
    for post in rows.order_by("pk"):
        found.setdefault(post.person_id, []).append(post)
    return found


def liaisons_of(streets: Collection[str], at: datetime) -> list[Post]:
    """Posts of liaisons of these streets, deputies left out, that run or will run."""
    rows = Post.objects.filter(role=Role.LIAISON, scope__in=streets).exclude(grade="deputy")
    return list(rows.filter(Q(to_at__isnull=True) | Q(to_at__gt=at)))
