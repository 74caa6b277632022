"""R001: what hangs on a check-in beside the service: the charge of a place, and what each side says of the other."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.people import access
from sandan.people.models import MemberCharge, MemberCheckin, MemberRating, Person
from sandan.people.queries import member_scope
from sandan.places.models import Place

ANSWER_WITHIN = timedelta(days=10)  # G15: how long one may answer what was said
MOST_WORDS = 200


class NotInside(Refused):
    """A charge is a part of the grid one has checked in to."""


class TooLate(Refused):
    """The days for an answer are over, or there is nothing to answer."""


def _keeps(by: Person, grid: str, at: datetime) -> bool:
    return bool(access.roles_over(access.posts_of(by, at), grid) & member_scope.KEEPERS)


def _live(checkin: MemberCheckin, at: datetime) -> MemberCheckin:
    found = MemberCheckin.objects.select_for_update(of=("self",)).live(at).filter(pk=checkin.pk).first()
    if found is None:
        raise Stale(_("这次报到已经结束了，不用再办。"))
    return found


@transaction.atomic
def set_charges(*, checkin: MemberCheckin, scopes: Iterable[str], by: Person, at: datetime) -> MemberCheckin:
    """What the member looks after from now on: micro-grids of the grid, or the grid. Raises NotAllowed or NotInside."""
    row = _live(checkin, at)
    if not _keeps(by, row.grid, at):
        raise NotAllowed(_("包联由这个网格所在的社区安排。"))
    wanted = set(scopes)
    parts = Place.objects.current().within(row.grid).filter(code__in=wanted).values_list("code", flat=True)
    if wanted - set(parts):
        raise NotInside(_("包联的地方要在报到的网格里。请重新选。"))
    held = set(row.charges.filter(to_at=None).values_list("scope", flat=True))
    row.charges.filter(to_at=None, scope__in=held - wanted).update(to_at=at)
    MemberCharge.objects.bulk_create(
        MemberCharge(checkin=row, scope=scope, by=by, from_at=at) for scope in sorted(wanted - held)
    )
    journal.write(row, "charge", by=by, at=at, scope=row.grid, person=row.person_id, places=sorted(wanted))
    return row


@transaction.atomic
def rate(*, checkin: MemberCheckin, word: str, text: str, by: Person, at: datetime) -> MemberRating:
    """This year's word: the member's about the community, or the community's about the member. Raises NotAllowed.

    A word that was said may be changed while the year lasts; the answer to it then falls away.
    """
    row, sides = _live(checkin, at), MemberRating.Side
    if by.pk != row.person_id and not _keeps(by, row.grid, at):
        raise NotAllowed(_("只有本人和这个网格所在的社区能评。"))
    side = sides.MEMBER if by.pk == row.person_id else sides.COMMUNITY
    said = {"word": word, "text": text.strip()[:MOST_WORDS], "by": by, "at": at, "answer": "", "answered_at": None}
    year = timezone.localtime(at).year
    rating, _new = MemberRating.objects.update_or_create(checkin=row, side=side, year=year, defaults=said)
    journal.write(rating, "rate", by=by, at=at, scope=row.grid, checkin=row.pk, side=str(side), year=year, word=word)
    return rating


@transaction.atomic
def answer(*, rating: MemberRating, text: str, by: Person, at: datetime) -> MemberRating:
    """What the one who was spoken of says to it, within ten days. Raises NotAllowed or TooLate."""
    rating = MemberRating.objects.select_for_update(of=("self",)).select_related("checkin").get(pk=rating.pk)
    is_member = rating.side == MemberRating.Side.COMMUNITY
    if not (by.pk == rating.checkin.person_id if is_member else _keeps(by, rating.checkin.grid, at)):
        raise NotAllowed(_("这句话说的不是您，不用您回。"))
    if not text.strip() or at > rating.at + ANSWER_WITHIN:
        raise TooLate(_("要写上一句话；评价后 10 天里都能回。"))
    rating.answer, rating.answered_at = text.strip()[:MOST_WORDS], at
    rating.save(update_fields=["answer", "answered_at"])
    journal.write(rating, "answer", by=by, at=at, scope=rating.checkin.grid, checkin=rating.checkin_id)
    return rating
