"""Outside partners: an excerpt of an order goes to them for a time, and they answer; they see nothing else."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.intake.models import Category
from sandan.notices.actions import tell
from sandan.orders import access
from sandan.orders.actions import beats, saying, serving, whistle
from sandan.orders.models import Order, Photo, Sending
from sandan.orders.models.partner import LIVE
from sandan.orders.queries import partner as queries
from sandan.people.models import Person, Post, Role, Unit

USUAL_DAYS, LONGEST_DAYS = 7, 30
NO_REASONS = ("not_ours", "no_hands", "private", "done_before", "need_more")


class BadSending(Refused):
    """A matter that may not leave the house, no partner, a term beyond the rule, or photos of another order."""


@transaction.atomic
def send(
    *, order: Order, unit: Unit, text: str, by: Person, at: datetime, days: int = USUAL_DAYS,
    photos: Sequence[Photo] = (),
) -> Sending:  # fmt: skip
    """Send an excerpt: the words masked once more, the building at most, the chosen photos, for `days` days."""
    order = beats.lock(order.pk)
    _refuse_sending(order, unit, by, at, days, photos)
    words = saying.say(order, "sending", text, "inside", by=by, at=at)
    until = at + timedelta(days=days)
    try:
        with transaction.atomic():
            sending = Sending.objects.create(
                order=order, unit=unit, by=by, at=at, words=words, place=queries.place_of(order)[:100], until_at=until,
                state="sent",
            )  # fmt: skip
    except IntegrityError as twice:
        raise Stale(_("已经发给他们了，等回话就行。")) from twice
    sending.photos.set(photos)
    whistle.note(order, "send_out", by, at, sending=sending.pk, unit=unit.pk, photos=[photo.pk for photo in photos])
    tell(order, "sent_to_you", persons=_clerks(unit, at), at=at, sending=sending.pk)
    return sending


def _refuse_sending(
    order: Order, unit: Unit, by: Person, at: datetime, days: int, photos: Sequence[Photo]
) -> None:  # fmt: skip
    if not order.is_open:
        raise Stale(_("这一单已经结了。"))
    if not access.roles_of(order, by, at) & {"desk", "upper"}:
        raise NotAllowed(_("发给外单位，由负责的社区或街道来。"))
    if order.privacy == Category.Privacy.SEALED:
        raise BadSending(_("高敏的事不出门。要他们来，请打电话，不写内容。"))
    if unit.kind != Unit.Kind.PARTNER:
        raise BadSending(_("%(name)s是自己的单位，请派单或吹哨。") % {"name": unit.name})
    if unit not in queries.partners_of(order.community_id, at):
        raise BadSending(_("%(name)s在这一片还没有人收。请先打电话，再请街道补上经办人。") % {"name": unit.name})
    if not 1 <= days <= LONGEST_DAYS:
        raise BadSending(_("给他们看 1 到 %(most)s 天。") % {"most": LONGEST_DAYS})
    is_personal = order.privacy == Category.Privacy.CONTACT
    if photos and (is_personal or any(photo.order_id != order.pk for photo in photos)):
        raise BadSending(_("涉及个人的事不发照片。") if is_personal else _("照片不是这一单的。"))


def _clerks(unit: Unit, at: datetime) -> list[Person]:
    posts = Post.objects.held(at).filter(role=Role.PARTNER, unit=unit, person__is_active=True)
    return [post.person for post in posts.select_related("person")]


@transaction.atomic
def accept(*, sending: Sending, by: Person, at: datetime) -> Sending:
    """The partner takes it on."""
    order, sending = _own(sending, by, at, ("sent",))
    sending.state, sending.answered_at, sending.person = "accepted", at, by
    sending.save(update_fields=["state", "answered_at", "person"])
    _say(order, sending, "send_taken", by, at)
    return sending


@transaction.atomic
def refuse(*, sending: Sending, reason: str, by: Person, at: datetime, text: str = "") -> Sending:
    """The partner says no, for a reason of NO_REASONS; they see it no longer."""
    order, sending = _own(sending, by, at, ("sent", "accepted"))
    if reason not in NO_REASONS:
        raise BadSending(_("选一个原因。"))
    words = saying.say(order, "sent_back", text, "inside", by=by, at=at) if text.strip() else None
    sending.state, sending.reason, sending.note, sending.person = "refused", reason, words, by
    sending.answered_at = sending.answered_at or at
    sending.save(update_fields=["state", "reason", "note", "person", "answered_at"])
    _say(order, sending, "send_no", by, at, reason=reason, words=words.pk if words else None)
    return sending


@transaction.atomic
def finish(*, sending: Sending, text: str, pictures: Sequence[bytes], by: Person, at: datetime) -> Sending:
    """The partner says what they did, with pictures of things; the order goes on with its owner."""
    order, sending = _own(sending, by, at, ("sent", "accepted"))
    words = saying.say(order, "sent_back", text, "inside", by=by, at=at)
    for content in pictures:
        serving.keep_photo(target=order, stage="help", content=content, person=by, at=at)
    sending.state, sending.note, sending.person, sending.done_at = "done", words, by, at
    sending.answered_at = sending.answered_at or at
    sending.save(update_fields=["state", "note", "person", "done_at", "answered_at"])
    _say(order, sending, "send_done", by, at, words=words.pk, pictures=len(pictures))
    return sending


@transaction.atomic
def recall(*, sending: Sending, by: Person, at: datetime) -> Sending:
    """The desk ends it before its time: from this moment the partner sees nothing of it."""
    order, sending = _taken(sending)
    if not access.roles_of(order, by, at) & {"desk", "upper"}:
        raise NotAllowed(_("收回由负责的社区或街道来。"))
    if sending.state not in LIVE:
        raise Stale(_("已经收回了。"))
    sending.state = "ended"
    sending.save(update_fields=["state"])
    whistle.note(order, "send_end", by, at, sending=sending.pk, unit=sending.unit_id)
    return sending


def take_back(order: Order, by: Person, at: datetime) -> None:
    """The matter turned out to be about a person: what went out as an ordinary one ends. The caller holds the lock."""
    for sending in order.sendings.filter(state__in=LIVE):
        whistle.note(order, "send_end", by, at, sending=sending.pk, unit=sending.unit_id)
    order.sendings.filter(state__in=LIVE).update(state="ended")


@transaction.atomic
def sweep(*, at: datetime, most: int = 200) -> int:
    """Mark what has ended by itself, at its time or with its order; reading asks the time and never waits for this."""
    rows = Sending.objects.select_for_update(skip_locked=True, of=("self",)).filter(state__in=LIVE)
    over = list(rows.exclude(queries.live(at)).select_related("order").order_by("pk")[:most])
    for sending in over:
        whistle.note(sending.order, "send_end", "clock", at, sending=sending.pk, unit=sending.unit_id)
    Sending.objects.filter(pk__in=[sending.pk for sending in over]).update(state="ended")
    return len(over)


def _taken(sending: Sending) -> tuple[Order, Sending]:
    """The order is locked before the sending, always."""
    order = beats.lock(sending.order_id)
    Sending.objects.select_for_update(of=("self",)).only("pk").get(pk=sending.pk)
    return order, Sending.objects.select_related(*queries.WITH).get(pk=sending.pk)


def _own(sending: Sending, by: Person, at: datetime, states: tuple[str, ...]) -> tuple[Order, Sending]:
    order, sending = _taken(sending)
    if sending.unit_id not in queries.units_of(by, at):
        raise NotAllowed(_("这件事没发给您的单位。"))
    if not order.is_open or sending.until_at <= at or sending.state in ("refused", "ended"):
        raise Stale(_("这件事已经收回了，不用再办。"))
    if sending.state not in states:
        raise Stale(_("%(who)s已经回过话了。") % {"who": sending.person.name if sending.person else _("同事")})
    return order, sending


def _say(order: Order, sending: Sending, verb: str, by: Person, at: datetime, **facts: int | str | None) -> None:
    whistle.note(order, verb, by, at, sending=sending.pk, unit=sending.unit_id, **facts)
    hearers = [person for person in (sending.by, order.owner) if person != by]
    tell(order, verb, persons=hearers, at=at, number=order.full_number)
