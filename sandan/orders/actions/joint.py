"""Joint handling: the holder leads, others help and keep their own record; finishing is the lead's alone."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.intake.models import Category
from sandan.notices.actions import tell
from sandan.orders import access
from sandan.orders.actions import beats, saying, serving, whistle
from sandan.orders.models import Order, Share
from sandan.orders.queries import joint as queries
from sandan.orders.queries import whistle as clerks
from sandan.orders.workflow import HELD, STANDING
from sandan.people.models import Person, Team, Unit

MOST_HELPERS = 8
NO_REASONS = ("busy", "far", "skill", "ill", "tools")


class BadShare(Refused):
    """Shares that make more than the whole, a helper who holds the order himself, or a matter for one pair of eyes."""


@transaction.atomic
def ask(
    *, order: Order, who: Person | Team | Unit, by: Person, at: datetime, goes_there: bool = False, text: str = ""
) -> Share:  # fmt: skip
    """Ask a person, a team or a unit to help the holder; `goes_there` is who goes to the asker and may ring him."""
    order = beats.lock(order.pk)
    _refuse_asking(order, who, by, at)
    words = saying.say(order, "joint", text, "inside", by=by, at=at) if text.strip() else None
    slot = "person" if isinstance(who, Person) else "team" if isinstance(who, Team) else "unit"
    try:
        with transaction.atomic():
            share = Share.objects.create(
                order=order, state="asked", asked_by=by, asked_at=at, ask=words, goes_there=goes_there, **{slot: who}
            )
    except IntegrityError as twice:
        raise Stale(_("已经请过了，等回话就行。")) from twice
    if order.helped_by is None:  # from now on the order knows that there may be helpers
        Order.objects.filter(pk=order.pk).update(helped_by=[])
    whistle.note(order, "join_ask", by, at, share=share.pk, goes=goes_there)
    tell(order, "join_ask", persons=_people(who, at), at=at, number=order.full_number)
    return share


def _refuse_asking(order: Order, who: Person | Team | Unit, by: Person, at: datetime) -> None:
    if not _is_under_way(order):
        raise Stale(_("这一单眼下没有人在办，先派下去，再请人一起办。"))
    if not access.roles_of(order, by, at) & {"holder", "desk"}:
        raise NotAllowed(_("请人一起办，由接单的人或负责的社区来。"))
    if order.privacy == Category.Privacy.SEALED:
        raise BadShare(_("高敏的事只由接单的人办，不能再添人。"))
    if isinstance(who, Unit) and who.kind == Unit.Kind.PARTNER:
        raise BadShare(_("%(name)s是外联单位，请用「发给外单位」。") % {"name": who.name})
    if who == order.holder:
        raise BadShare(_("%(name)s就是接单的人。") % {"name": who.name})
    if order.shares.filter(state__in=("asked", "joined")).count() >= MOST_HELPERS:
        raise BadShare(_("一起办的最多 %(most)s 家。") % {"most": MOST_HELPERS})
    if not _people(who, at):
        raise BadShare(_("%(name)s还没有人能应。换一家。") % {"name": who.name})


def _is_under_way(order: Order) -> bool:
    return order.state in HELD or (order.state in STANDING and order.was in HELD)


def _people(who: Person | Team | Unit, at: datetime) -> list[Person]:
    if isinstance(who, Person):
        return [who]
    if isinstance(who, Team):
        return [who.leader, *who.members.all()]
    return clerks.clerks([who.pk], at)


@transaction.atomic
def join(*, share: Share, by: Person, at: datetime) -> Share:
    """Yes: from now on this person counts as having served, and turns no second key."""
    order, share = _own(share, by, at, "asked")
    share.state, share.answered_at, share.answered_by = "joined", at, by
    share.save(update_fields=["state", "answered_at", "answered_by"])
    whistle.served_beside(order, by)
    _say(order, share, "join_in", by, at)
    return share


@transaction.atomic
def decline(*, share: Share, reason: str, by: Person, at: datetime) -> Share:
    """No, for a reason of NO_REASONS and without loss."""
    order, share = _own(share, by, at, "asked")
    if reason not in NO_REASONS:
        raise BadShare(_("选一个原因。"))
    share.state, share.reason, share.answered_at, share.answered_by = "declined", reason, at, by
    share.save(update_fields=["state", "reason", "answered_at", "answered_by"])
    _say(order, share, "join_no", by, at, reason=reason)
    return share


@transaction.atomic
def drop(*, share: Share, by: Person, at: datetime) -> Share:
    """The lead or the desk takes the request back, as long as nothing was done for it."""
    order, share = _taken(share)
    _require_lead(order, by, at)
    if share.state not in ("asked", "joined") or share.work_id:
        raise Stale(_("已经记了做的事，不能撤了。") if share.work_id else _("这一份已经不在了。"))
    share.state = "dropped"
    share.save(update_fields=["state"])
    whistle.note(order, "join_drop", by, at, share=share.pk)
    return share


@transaction.atomic
def record(*, share: Share, text: str, pictures: Sequence[bytes], by: Person, at: datetime) -> Share:
    """What this helper did, in words and pictures of things; said again, the newer words stand."""
    order, share = _own(share, by, at, "joined")
    share.work, share.worked_at = saying.say(order, "share", text, "inside", by=by, at=at), at
    share.save(update_fields=["work", "worked_at"])
    for content in pictures:
        serving.add_photo(target=order, stage="help", content=content, by=by, at=at)
    whistle.served_beside(order, by)
    _say(order, share, "join_work", by, at, words=share.work.pk, photos=len(pictures))
    return share


@transaction.atomic
def agree(
    *, share: Share, by: Person, at: datetime, per_cent: int | None = None, minutes: int | None = None
) -> Share:  # fmt: skip
    """The lead settles a share, in per cent or in minutes; what is left of the hundred is the lead's own."""
    order, share = _taken(share)
    _require_lead(order, by, at)
    if share.state != "joined":
        raise Stale(_("还没答应一起办，先不用定份额。"))
    if per_cent is None and minutes is None:
        raise BadShare(_("写几成或几分钟，写一样就行。"))
    others = order.shares.filter(state="joined").exclude(pk=share.pk)
    left = queries.lead_share(others)
    if per_cent is not None and not 0 <= per_cent <= left:
        raise BadShare(_("加起来超过了一百。这一份最多 %(left)s。") % {"left": left})
    share.per_cent, share.minutes, share.agreed_by, share.agreed_at = per_cent, minutes, by, at
    share.dissent = None  # another share, another word on it; what was said before stays in the record
    share.save(update_fields=["per_cent", "minutes", "agreed_by", "agreed_at", "dissent"])
    whistle.note(order, "join_agree", by, at, share=share.pk, per_cent=per_cent, minutes=minutes)
    tell(order, "join_agree", persons=_helpers(share, at), at=at, number=order.full_number)
    return share


@transaction.atomic
def dissent(*, share: Share, text: str, by: Person, at: datetime) -> Share:
    """The helper says no to the share that was settled; the desk reads it, and it goes along with the credit."""
    order, share = _own(share, by, at, "joined")
    if share.agreed_at is None:
        raise Stale(_("份额还没定，不用说同不同意。"))
    share.dissent = saying.say(order, "dissent", text, "inside", by=by, at=at)
    share.save(update_fields=["dissent"])
    _say(order, share, "join_no_share", by, at, words=share.dissent.pk)
    return share


def _require_lead(order: Order, by: Person, at: datetime) -> None:
    roles = access.roles_of(order, by, at)
    if not order.is_open or not roles & {"holder", "server", "desk"}:
        raise NotAllowed(_("份额由牵头的人或负责的社区来定，销号以后就不动了。"))


def _taken(share: Share) -> tuple[Order, Share]:
    """The order is locked before the share, always."""
    order = beats.lock(share.order_id)
    Share.objects.select_for_update(of=("self",)).only("pk").get(pk=share.pk)
    return order, Share.objects.select_related(*queries.WITH).get(pk=share.pk)


def _own(share: Share, by: Person, at: datetime, state: str) -> tuple[Order, Share]:
    order, share = _taken(share)
    if not Share.objects.filter(queries.of(by, at), pk=share.pk).exists():
        raise NotAllowed(_("这一份没请您。"))
    if not order.is_open:
        raise Stale(_("这一单已经结了。"))
    if share.state != state:
        who = share.answered_by.name if share.answered_by and share.answered_by != by else _("您")
        raise Stale(_("%(who)s已经回过话了。") % {"who": who} if share.answered_by else _("这一份已经撤了。"))
    return order, share


def _helpers(share: Share, at: datetime) -> list[Person]:
    who = share.person or share.team or share.unit
    return _people(who, at) if who else []


def _say(order: Order, share: Share, verb: str, by: Person, at: datetime, **facts: int | str) -> None:
    """A line, and a word to the lead and to who answers for the order."""
    whistle.note(order, verb, by, at, share=share.pk, **facts)
    lead = order.holder or order.served_by
    hearers = [person for person in (lead, order.owner) if person and person != by]
    tell(order, verb, persons=hearers, at=at, number=order.full_number)
