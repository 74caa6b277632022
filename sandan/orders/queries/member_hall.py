"""The hall: what a member could take, the best first, what waits for their answer, and what is left out and why."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from sandan.core import words
from sandan.intake.models import Category
from sandan.orders.models import Offer, Order, OrderQuerySet
from sandan.orders.queries.member_fit import Fit, fit_of, held_count
from sandan.orders.queries.rows import Row, board_rows
from sandan.orders.workflow import S
from sandan.people.access import posts_of
from sandan.people.models import Person, Role

HELPING = frozenset({Role.MEMBER, Role.GRID_WORKER, Role.GRID_LEADER})
PAGE = 20
FACTS = ("grid", "lon", "lat", "privacy", "category__skills", "category__name")


@dataclass(frozen=True, slots=True)
class Job:
    """One order that could be taken: its row, how it suits, its title, where (building at most), how long still.

    `to` names the team or unit that is asked, nothing where it is the person.
    """

    row: Row
    fit: Fit
    title: str
    place: str
    window: str
    to: str = ""

    @property
    def way(self) -> str:
        """The distance in words, nothing where it is unknown."""
        return "" if self.fit.metres is None else words.distance(self.fit.metres)


@dataclass(frozen=True, slots=True)
class Hall:
    """One page of the hall: offers to answer, jobs from the best on, how many suit in all, what does not and why."""

    offers: tuple[Job, ...]
    jobs: tuple[Job, ...]
    total: int
    page: int
    left_out: tuple[str, ...]
    held: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.jobs) - 1


def counties_of(person: Person, at: datetime) -> list[str]:
    """The counties in which somebody may grab."""
    return sorted({post.scope[:6] for post in posts_of(person, at) if post.role in HELPING})


def offered_to(person: Person, at: datetime) -> Q:
    """Offers for this person, a team of theirs, or a unit they act for now; may find a row twice."""
    units = [post.unit_id for post in posts_of(person, at) if post.unit_id and post.role != Role.PARTNER]
    return Q(person=person) | Q(team__members=person) | Q(team__leader=person) | Q(unit__in=units)


def in_hall(counties: Collection[str]) -> OrderQuerySet:
    """Open orders of these counties that members may grab; what is sealed never lies in the hall."""
    found = Order.objects.open().filter(county__in=counties, state=S.OPEN, category__isnull=False)
    return found.exclude(category__grab=Category.Grab.NO).exclude(privacy=Category.Privacy.SEALED)


def hall(person: Person, at: datetime, page: int = 1) -> Hall:
    """One page of the hall, four statements whatever their number."""
    facts = {fact.pk: fact for fact in in_hall(counties_of(person, at)).values_list("pk", *FACTS, named=True)}
    fits = {pk: fit_of(fact.category__skills, fact.grid, fact.lon, fact.lat, person) for pk, fact in facts.items()}
    suiting = sorted((pk for pk, fit in fits.items() if not fit.misfit), key=lambda pk: (*fits[pk].rank, pk))
    page = max(1, min(page, (len(suiting) - 1) // PAGE + 1))
    shown = suiting[(page - 1) * PAGE : page * PAGE]
    asked = _asked(person, at)
    rows = {row.id: row for row in board_rows(Order.objects.filter(pk__in=[*asked, *shown]), at)}
    return Hall(
        offers=tuple(_offered(rows[pk], offer, person, at) for pk, offer in asked.items() if pk in rows),
        jobs=tuple(_job(rows[pk], fits[pk], facts[pk], at) for pk in shown if pk in rows),
        total=len(suiting), page=page, left_out=_left_out(fits.values(), person), held=held_count(person),
    )  # fmt: skip


def _asked(person: Person, at: datetime) -> dict[int, Any]:
    """The live offers to answer by order, the one whose time is up first on top."""
    live = Offer.objects.filter(offered_to(person, at), state="sent", order__state=S.OFFERED)
    columns = ("order_id", "answer_by", "team__name", "unit__name", *(f"order__{name}" for name in FACTS))
    return {offer.order_id: offer for offer in live.order_by("answer_by").values_list(*columns, named=True).distinct()}


def _offered(row: Row, offer: Any, person: Person, at: datetime) -> Job:
    skills = offer.order__category__skills or ()
    fit = fit_of(skills, offer.order__grid, offer.order__lon, offer.order__lat, person)
    time = _left(offer.answer_by, at, _("请在 %s内答复"), _("答复时间到了"))
    to = offer.team__name or offer.unit__name or ""
    return Job(row, fit, title(row, offer.order__privacy, offer.order__category__name), place(row), time, to)


def _job(row: Row, fit: Fit, fact: Any, at: datetime) -> Job:
    return Job(row, fit, title(row, fact.privacy, fact.category__name), place(row), window(row.next_at, at))


def window(until: datetime | None, at: datetime) -> str:
    """How long it can still be grabbed."""
    return _left(until, at, _("还能抢 %s"), _("马上收回"))


def _left(until: datetime | None, at: datetime, text: str, over: str) -> str:
    if until is None or until <= at:
        return over
    return text % words.span((until - at).total_seconds() / 60)


def title(row: Row, privacy: str, category: str | None) -> str:
    """The masked words; of a sensitive matter what kind it is, of a sealed one its department."""
    if not row.is_hidden:
        return row.matter
    return row.category if privacy == Category.Privacy.SEALED else category or ""


def place(row: Row) -> str:
    """Estate and building at most; of a sensitive matter the community."""
    return row.community if row.is_hidden else row.place


def _left_out(fits: Iterable[Fit], person: Person) -> tuple[str, ...]:
    counted = Counter(fit.misfit for fit in fits)
    sentences = (
        (counted["skill"], _("还有 %(count)s 单要会别的本领")),
        (counted["far"], _("还有 %(count)s 单离您超过 %(reach)s")),
    )
    reach = words.distance(person.reach_metres)
    return tuple(text % {"count": count, "reach": reach} for count, text in sentences if count)
