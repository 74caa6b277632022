"""Consent rounds: several people are asked at once; when enough say yes they have it, one of them leading."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.workflow import Move
from sandan.intake.models import Category
from sandan.notices.actions import tell
from sandan.orders import clocks
from sandan.orders.actions import beats, claiming
from sandan.orders.models import Consent, Order, Round, Share
from sandan.orders.workflow import S
from sandan.people.models import Person, Team, Unit

MOST_ASKED = 30


class BadRound(Refused):
    """Too few or too many are asked, or the matter is for one pair of eyes."""


@transaction.atomic
def gather(
    *, order: Order, to: Sequence[Person | Team | Unit], needed: int, minutes: int, by: Person, at: datetime,
    lead: Person | None = None,
) -> Order:  # fmt: skip
    """Ask all of them at once: `needed` must say yes within `minutes` on the order's clock, then they have it.

    `lead` leads if he says yes, else the first who did. Refuses with BadRound.
    """
    order, move = beats.take("gather", order, by, at, as_seen=True)
    asked = _people(to, at)
    if order.privacy == Category.Privacy.SEALED:
        raise BadRound(_("高敏的事只能派给一个人。"))
    if not 1 <= needed <= len(asked):
        raise BadRound(_("要 %(needed)s 人，只问了 %(asked)s 人。请多选几位，或者少要几人。") % {
            "needed": needed, "asked": len(asked),
        })  # fmt: skip
    if len(asked) > MOST_ASKED:
        raise BadRound(_("一次最多问 %(most)s 人。") % {"most": MOST_ASKED})
    until = clocks.soon(order, at, minutes)
    group = to[0] if len(to) == 1 and not isinstance(to[0], Person) else None
    row = Round.objects.create(
        order=order, by=by, at=at, until=until, needed=needed, lead=lead if lead in asked else None,
        team=group if isinstance(group, Team) else None, unit=group if isinstance(group, Unit) else None,
    )  # fmt: skip
    Consent.objects.bulk_create(Consent(round=row, person=person) for person in asked)
    order.offers.filter(state__in=("sent", "spare")).update(state="dropped", answered_at=at)
    settled = beats.settle(order, move, by=by, at=at, until=until, round=row.pk, asked=len(asked), needed=needed)
    tell(order, "gather", persons=asked, at=at, number=order.full_number)
    return settled


def _people(names: Sequence[Person | Team | Unit], at: datetime) -> list[Person]:
    """Everybody behind these names, once: members with their leader, and who acts for a unit now."""
    people: dict[int, Person] = {}
    for name in names:
        if isinstance(name, Person):
            found = [name]
        elif isinstance(name, Team):
            found = [name.leader, *name.members.filter(is_active=True)]
        else:
            found = [post.person for post in name.posts.held(at).select_related("person")]
        people |= {person.pk: person for person in found}
    return list(people.values())


def is_live(order: Order) -> bool:
    """Whether several people are being asked for it now."""
    return order.state == S.OFFERED and order.next_step == "round_over"


def live_round(order: Order) -> Round:
    """The round that is on."""
    return order.rounds.select_related("lead", "team", "unit").order_by("-pk")[0]


def say_yes(order: Order, move: Move, by: Person, at: datetime) -> Order:
    """One more yes; the last one that was missing takes the order for all who said yes."""
    row = live_round(order)
    _answer(order, row, by, at, is_yes=True)
    willing = _willing(row)
    if len(willing) < row.needed:
        return order
    return _taken(order, move, row, willing, by, at)


def say_no(order: Order, move: Move, reason: str, by: Person, at: datetime) -> Order:
    """One no, without loss; where there can no longer be enough, the desk has it back at once."""
    row = live_round(order)
    _answer(order, row, by, at, is_yes=False, reason=reason)
    if row.consents.exclude(is_yes=False).count() >= row.needed:
        return order
    return _failed(order, move, row, "few", by, at)


def over(order: Order, move: Move, at: datetime) -> Order:
    """Time is up and there were too few: back to the desk."""
    return _failed(order, move, live_round(order), "over", "clock", at)


def _answer(order: Order, row: Round, by: Person, at: datetime, *, is_yes: bool, reason: str = "") -> None:
    at = max(at, order.touched_at)
    row.consents.filter(person=by).update(is_yes=is_yes, at=at, reason=reason)
    journal.write(order, "consent", by=by, at=at, scope=order.community_id, round=row.pk, yes=is_yes, reason=reason)


def _willing(row: Round) -> list[Person]:
    """Who said yes, the first one first; the named lead before all."""
    people = [one.person for one in row.consents.filter(is_yes=True).select_related("person").order_by("at", "pk")]
    return sorted(people, key=lambda person: person.pk != row.lead_id)


def _taken(order: Order, move: Move, row: Round, willing: Sequence[Person], by: Person, at: datetime) -> Order:
    lead, others = willing[0], willing[1:]
    Round.objects.filter(pk=row.pk).update(result="taken")
    order.team, order.unit = row.team, row.unit
    order.helped_by = sorted({*(order.helped_by or ()), *(person.pk for person in others)}) or None
    _share(order, row, others)
    tell(order, "gathered", persons=willing, at=at, number=order.full_number, lead=lead.pk)
    return claiming.take_over(
        order, move, by, at, how="round", holder=lead, round=row.pk, people=[person.pk for person in willing]
    )


def _share(order: Order, row: Round, others: Collection[Person]) -> None:
    """The others help: each keeps an own record beside the lead's."""
    answered = dict(row.consents.filter(person__in=others).values_list("person_id", "at"))
    there = set(order.shares.filter(state__in=("asked", "joined")).values_list("person_id", flat=True))
    Share.objects.bulk_create(
        Share(
            order=order, person=person, state="joined", asked_by_id=row.by_id, asked_at=row.at,
            answered_at=answered[person.pk], answered_by=person,
        )
        for person in others if person.pk not in there
    )  # fmt: skip


def _failed(order: Order, move: Move, row: Round, result: str, by: Person | str, at: datetime) -> Order:
    """Back to the desk, which hears how many there were; who had said yes hears that it did not come about."""
    Round.objects.filter(pk=row.pk).update(result=result)
    willing = _willing(row)
    settled = beats.settle(
        order, replace(move, hearers=()), by=by, at=at, round=row.pk, yes=len(willing), needed=row.needed  # type: ignore[arg-type]
    )  # fmt: skip
    tell(
        order, "too_few", persons=[order.owner, *willing], at=at,
        number=order.full_number, yes=len(willing), needed=row.needed,
    )  # fmt: skip
    return settled
