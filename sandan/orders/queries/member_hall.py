"""The hall: what a member could take, the best first, what waits for their answer, and what is left out and why."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from sandan.core import words
from sandan.intake.models import Category
from sandan.orders.models import Consent, Offer, Order
from sandan.orders.queries.boards_counts import CAP, count_words
from sandan.orders.queries.member_fit import Case, Fit, fit_of, limit
from sandan.orders.queries.member_hands import Hands, hands_of
from sandan.orders.queries.member_reach import beyond, within
from sandan.orders.queries.member_rules import HOUSE, Book, book
from sandan.orders.queries.rows import Row, board_rows
from sandan.orders.workflow import S
from sandan.people.access import posts_of
from sandan.people.models import HELPING, Person, Role

PAGE = 20
FACTS = ("grid", "lon", "lat", "privacy", "category__skills", "category__name")
CASE = ("county", "category_id", "near_until", "due_at")
HIDING = frozenset({"skill", "far", "again", "time", "near", "fair"})  # full hands hide nothing: the page says it once


@dataclass(frozen=True, slots=True)
class Job:
    """One order that could be taken: its row, how it suits, its title, where (building at most), how long still.

    `to` names the team or unit that is asked, nothing where it is the person; `more` what else to know.
    """

    row: Row
    fit: Fit
    title: str
    place: str
    window: str
    to: str = ""
    more: str = ""

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
    most: int  # orders one may have in hand here

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


def hall(person: Person, at: datetime, page: int = 1, cards: int = PAGE, only: Collection[str] = ()) -> Hall:
    """One page of the hall, `cards` of its jobs drawn; as many statements for five orders as for five hundred.

    `only` names categories: the jobs of no other are shown or counted.

    Only what lies in reach and asks for nothing else is weighed one by one, CAP of them; the rest is counted.
    """
    counties = counties_of(person, at)
    near = within(person, counties, only).values_list("pk", *FACTS, *CASE, named=True)[:CAP]
    facts = {fact.pk: fact for fact in near}
    hands, rules = hands_of(person, at), book(counties) if counties else Book(())
    fits = {pk: fit_of(fact.category__skills, fact.grid, fact.lon, fact.lat, person) for pk, fact in facts.items()}
    limits = {pk: _limit(facts[pk], fits[pk], hands, rules, at) for pk in facts}
    suiting = sorted((pk for pk in facts if limits[pk] not in HIDING), key=lambda pk: (*fits[pk].rank, pk))
    page = max(1, min(page, (len(suiting) - 1) // PAGE + 1))
    shown = suiting[(page - 1) * PAGE : page * PAGE][:cards]
    asked, gathered = _asked(person, at), _gathered(person)
    rows = {row.id: row for row in board_rows(Order.objects.filter(pk__in=[*asked, *gathered, *shown]), at)}
    offers = [_offered(rows[pk], offer, person, at) for pk, offer in asked.items() if pk in rows]
    return Hall(
        offers=(*offers, *(_called(rows[pk], one, person, at) for pk, one in gathered.items() if pk in rows)),
        jobs=tuple(_job(rows[pk], fits[pk], facts[pk], at) for pk in shown if pk in rows),
        total=len(suiting), page=page, held=hands.held, most=_most(rules, counties),
        left_out=_left_out(Counter(limits.values()) + Counter(beyond(person, counties, only)), person),
    )  # fmt: skip


def _limit(fact: Any, fit: Fit, hands: Hands, rules: Book, at: datetime) -> str:
    """The limit that is met; full hands are none here, so that a full member still sees what lies there."""
    case = Case(fact.pk, fact.county, fact.near_until, fact.due_at)
    return limit(case, fit, replace(hands, held=0), rules.of(fact.category_id, fact.county), at)


def _most(rules: Book, counties: Collection[str]) -> int:
    return max((rules.of(None, county).most_open for county in counties), default=HOUSE.most_open)


def _asked(person: Person, at: datetime) -> dict[int, Any]:
    """The live offers to answer by order, the one whose time is up first on top."""
    live = Offer.objects.filter(offered_to(person, at), state="sent", order__state=S.OFFERED)
    columns = ("order_id", "answer_by", "team__name", "unit__name", *(f"order__{name}" for name in FACTS))
    return {offer.order_id: offer for offer in live.order_by("answer_by").values_list(*columns, named=True).distinct()}


def _gathered(person: Person) -> dict[int, Any]:
    """The live rounds in which the person is asked and has not answered; the one whose time is up first on top."""
    live = Consent.objects.filter(person=person, is_yes=None, round__result="", round__order__state=S.OFFERED)
    columns = ("round__order_id", "round__until", "round__needed", *(f"round__order__{name}" for name in FACTS))
    rows = live.filter(round__order__next_step="round_over").order_by("round__until")
    return {row.round__order_id: row for row in rows.values_list(*columns, named=True)}


def _offered(row: Row, offer: Any, person: Person, at: datetime) -> Job:
    skills = offer.order__category__skills or ()
    fit = fit_of(skills, offer.order__grid, offer.order__lon, offer.order__lat, person)
    time = _left(offer.answer_by, at, _("请在 %s内答复"), _("答复时间到了"))
    to = offer.team__name or offer.unit__name or ""
    return Job(row, fit, title(row, offer.order__privacy, offer.order__category__name), place(row), time, to)


def _called(row: Row, one: Any, person: Person, at: datetime) -> Job:
    """One in which several are asked at once."""
    skills = one.round__order__category__skills or ()
    fit = fit_of(skills, one.round__order__grid, one.round__order__lon, one.round__order__lat, person)
    time = _left(one.round__until, at, _("请在 %s内答复"), _("答复时间到了"))
    words = title(row, one.round__order__privacy, one.round__order__category__name)
    return Job(row, fit, words, place(row), time, more=_("要 %s 人一起办") % one.round__needed)


def _job(row: Row, fit: Fit, fact: Any, at: datetime) -> Job:
    return Job(row, fit, title(row, fact.privacy, fact.category__name), place(row), window(row.next_at, at))


@dataclass(frozen=True, slots=True)
class Called:
    """A live round as the asked see it: how many are needed, how many said yes, what I said (None: nothing yet)."""

    needed: int
    yes: int
    until: datetime
    lead: str
    is_yes: bool | None

    @property
    def missing(self) -> int:
        return max(self.needed - self.yes, 0)


def round_of(order: Order, person: Person) -> Called | None:
    """The round in which this person is asked for the order now, if there is one."""
    if order.state != S.OFFERED or order.next_step != "round_over":
        return None
    found = order.rounds.select_related("lead").order_by("-pk")[0]
    answers = dict(found.consents.values_list("person_id", "is_yes"))
    lead = found.lead.name if found.lead else ""
    return Called(found.needed, sum(map(bool, answers.values())), found.until, lead, answers.get(person.pk))


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


def _left_out(counted: Counter[str], person: Person) -> tuple[str, ...]:
    reach = words.distance(person.reach_metres)
    sentences = {
        "skill": _("还有 %(count)s 单要会别的本领"),
        "far": _("还有 %(count)s 单离您超过 %(reach)s"),
        "near": _("还有 %(count)s 单先让住得近的人，过几分钟您也能抢"),
        "fair": _("还有 %(count)s 单先让抢得少的人，过几分钟您也能抢"),
        "time": _("还有 %(count)s 单在您没空的时间里"),
        "again": _("还有 %(count)s 单您刚交回"),
    }
    found = ((text, count_words(counted[name])) for name, text in sentences.items() if counted[name])
    return tuple(text % {"count": count, "reach": reach} for text, count in found)
