"""吹哨: departments are called to the spot, answer in time, come, say what they did; both sides say how it was."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.core.journal import Fact
from sandan.notices.actions import tell
from sandan.orders import access
from sandan.orders.actions import beats, placing, saying, whistle_clock
from sandan.orders.models import Call, Order, Whistle
from sandan.orders.models.order import Urgency
from sandan.orders.queries import whistle as queries
from sandan.people.models import Person, Unit

MOST_UNITS = 8
FARTHEST_MEETING = timedelta(days=7)
NO_REASONS = ("not_ours", "no_hands", "later", "done_before", "need_more")
OFF_REASONS = ("solved", "mistake", "by_street", "wrong_unit")
STARS = range(1, 6)


class BadWhistle(Refused):
    """Nobody named, nobody there to answer, a unit that cannot be called, or a meeting that lies behind."""


class AlreadyBlown(Refused):
    """One whistle at a time: further units are added to it."""


class NotYourCall(NotAllowed):
    """The unit is not one that this person answers for."""


@transaction.atomic
def blow(
    *, order: Order, units: Sequence[Unit], ask: str, by: Person, at: datetime, spot: str = "",
    meet_at: datetime | None = None,
) -> Whistle:  # fmt: skip
    """Call the units for an order; its owner stays who it is. Raises NotAllowed, BadWhistle, AlreadyBlown, Wordless."""
    order = beats.lock(order.pk)
    _refuse_stranger(order, by, at)
    _refuse_time(meet_at, at)
    if order.whistles.filter(ended_at=None).exists():
        raise AlreadyBlown(_("这一单的哨还没收。要再叫单位，在下面点「再叫单位」。"))
    words = saying.say(order, "whistle", ask, "inside", by=by, at=at)
    whistle = Whistle.objects.create(
        order=order, by=by, at=at, words=words, spot=saying.shown(spot)[:100], meet_at=meet_at
    )
    _call(order, whistle, units, by, at, verb="whistle", words=words.pk)
    return whistle


@transaction.atomic
def blow_at(
    *, sending: placing.Sending, units: Sequence[Unit], ask: str, by: Person, at: datetime, spot: str = "",
    meet_at: datetime | None = None,
) -> Whistle:  # fmt: skip
    """Open an order for a place and blow for it in one go: both or neither. The same key is the same whistle."""
    placed = placing.put(sending=sending, by=by, at=at)
    if not placed.is_new:
        before = placed.order.whistles.filter(by=by).order_by("pk").first()
        if before:
            return before
    return blow(order=placed.order, units=units, ask=ask, by=by, at=at, spot=spot, meet_at=meet_at)


@transaction.atomic
def call_more(*, whistle: Whistle, units: Sequence[Unit], by: Person, at: datetime) -> Whistle:
    """Further units for a whistle that is still open; those called before are left as they are."""
    order, whistle = _held(whistle, by, at)
    known = set(whistle.calls.values_list("unit_id", flat=True))
    _call(order, whistle, [unit for unit in units if unit.pk not in known], by, at, verb="whistle_more")
    return whistle


def _call(
    order: Order, whistle: Whistle, units: Sequence[Unit], by: Person, at: datetime, *, verb: str, **facts: Fact
) -> None:
    named = list(dict.fromkeys(units))
    _refuse_units(order, named, whistle.calls.count(), at)
    answer_by = whistle_clock.answer_by(order, at)
    Call.objects.bulk_create(
        Call(
            whistle=whistle, unit=unit, state="sent", at=at, answer_by=answer_by, next_step="remind",
            next_at=whistle_clock.remind_at(order, at, answer_by),
        )
        for unit in named
    )  # fmt: skip
    ids = [unit.pk for unit in named]
    note(order, verb, by, at, whistle=whistle.pk, units=ids, **facts)
    kind = "whistle" if order.urgency == Urgency.ORDINARY else "whistle_now"
    tell(order, kind, persons=queries.clerks(ids, at), at=at, number=order.full_number)


def _refuse_units(order: Order, units: Sequence[Unit], known: int, at: datetime) -> None:
    if not units:
        raise BadWhistle(_("还没选单位。至少叫一个。"))
    if known + len(units) > MOST_UNITS:
        raise BadWhistle(_("一声哨最多叫 %(most)s 个单位。先叫最要紧的。") % {"most": MOST_UNITS})
    answered = set(queries.callable_units(order.community_id, at).filter(pk__in=[u.pk for u in units]))
    for unit in units:
        if unit.kind == Unit.Kind.PARTNER:
            raise BadWhistle(_("%(name)s是外联单位，请用「发给外单位」。") % {"name": unit.name})
        if unit.pk == order.charge_id:
            raise BadWhistle(_("%(name)s正管着这一单，不用吹哨。") % {"name": unit.name})
        if unit not in answered:
            raise BadWhistle(_("%(name)s在这一片还没有经办人，叫不应。请打电话，或告诉街道。") % {"name": unit.name})


def _refuse_stranger(order: Order, by: Person, at: datetime) -> None:
    if not order.is_open:
        raise Stale(_("这一单已经结了，不用再叫人。"))
    if not access.may_whistle(order, by, at):
        raise NotAllowed(_("吹哨由这一片的网格员、社区或街道来。高敏的事只由负责的社区来。"))


def _refuse_time(meet_at: datetime | None, at: datetime) -> None:
    if meet_at is not None and not at < meet_at <= at + FARTHEST_MEETING:
        raise BadWhistle(_("碰头的时间要在今后 7 天里。"))


@transaction.atomic
def come(*, call: Call, by: Person, at: datetime) -> Call:
    """The unit says yes; late is better than never, and counts as late. Raises Stale where a colleague was faster."""
    order, call = _answered(call, by, at, ("sent", "missed"))
    call.state, call.answered_at, call.person = "coming", at, by
    call.next_at, call.next_step = whistle_clock.chase_at(order, call, at), "chase"
    call.save()
    _say(order, call, "whistle_coming", by, at, in_time=call.was_in_time)
    return call


@transaction.atomic
def decline(*, call: Call, reason: str, by: Person, at: datetime, text: str = "") -> Call:
    """The unit cannot come, for a reason of NO_REASONS; the caller hears it at once."""
    order, call = _answered(call, by, at, ("sent", "missed", "coming"))
    if reason not in NO_REASONS:
        raise BadWhistle(_("选一个原因。"))
    words = saying.say(order, "result", text, "inside", by=by, at=at) if text.strip() else None
    call.state, call.reason, call.result, call.person = "declined", reason, words, by
    call.answered_at = call.answered_at or at
    _still(call)
    _say(order, call, "whistle_no", by, at, reason=reason, words=words.pk if words else None)
    return call


@transaction.atomic
def arrive(*, call: Call, by: Person, at: datetime) -> Call:
    """They are there; who came without a word has answered by coming. Who came turns no second key of this order."""
    order, call = _answered(call, by, at, ("sent", "missed", "coming"))
    call.state, call.arrived_at, call.person = "arrived", at, by
    call.answered_at = call.answered_at or at
    _still(call)
    served_beside(order, by)
    _say(order, call, "whistle_arrived", by, at)
    return call


@transaction.atomic
def report(*, call: Call, text: str, by: Person, at: datetime) -> Call:
    """What the unit did on the spot; its part is over, the order goes on with its owner."""
    order, call = _answered(call, by, at, ("coming", "arrived"))
    words = saying.say(order, "result", text, "inside", by=by, at=at)
    call.state, call.arrived_at, call.done_at = "done", call.arrived_at or at, at
    call.result, call.person = words, by
    _still(call)
    served_beside(order, by)
    _say(order, call, "whistle_done", by, at, words=words.pk)
    return call


@transaction.atomic
def judge(*, call: Call, was_needed: bool, was_clear: bool, by: Person, at: datetime) -> Call:
    """The unit says, once its part is over, whether the whistle was needed and clear."""
    call = _locked(call)
    if call.unit_id not in queries.units_of(by, at):
        raise NotYourCall(_("这声哨没叫您的单位。"))
    if call.state == "dropped" or (call.state not in ("done", "declined") and call.whistle.ended_at is None):
        raise Stale(_("等这边办完，再说这声哨吹得怎么样。"))
    if call.judged_by_id:
        raise Stale(_("同事已经说过了。"))
    call.was_needed, call.was_clear, call.judged_by = was_needed, was_clear, by
    call.save(update_fields=["was_needed", "was_clear", "judged_by"])
    note(call.whistle.order, "whistle_judged", by, at, call=call.pk, needed=was_needed, clear=was_clear)
    return call


@transaction.atomic
def rate(*, call: Call, stars: int, by: Person, at: datetime) -> Call:
    """The caller's mark for one unit, 1 to 5, once its part is over or its time is; given once."""
    order, call = _taken(call)
    if by.pk != call.whistle.by_id and not access.roles_of(order, by, at) & {"desk", "upper"}:
        raise NotAllowed(_("评分由吹哨的人、社区或街道来。"))
    if call.state == "dropped" or (call.state in ("sent", "coming", "arrived") and call.whistle.ended_at is None):
        raise Stale(_("等它办完，或者收了哨，再评。"))
    if stars not in STARS:
        raise BadWhistle(_("评分从 1 到 5。"))
    if call.stars:
        raise Stale(_("已经评过了。"))
    call.stars, call.starred_by = stars, by
    call.save(update_fields=["stars", "starred_by"])
    note(order, "whistle_stars", by, at, call=call.pk, stars=stars)
    return call


@transaction.atomic
def end(*, whistle: Whistle, by: Person, at: datetime) -> Whistle:
    """It is done: whoever has not answered yet need not come any more."""
    order, whistle = _held(whistle, by, at)
    return _over(order, whistle, "solved", by, at, "whistle_end")


@transaction.atomic
def call_off(*, whistle: Whistle, reason: str, by: Person, at: datetime) -> Whistle:
    """Take it back for a reason of OFF_REASONS: by who blew it, the community or the street."""
    order, whistle = _held(whistle, by, at)
    if reason not in OFF_REASONS:
        raise BadWhistle(_("选一个原因。"))
    whistle.reason = reason
    return _over(order, whistle, "withdrawn", by, at, "whistle_off", reason=reason)


def _over(order: Order, whistle: Whistle, end: str, by: Person, at: datetime, verb: str, **facts: Fact) -> Whistle:
    waiting = list(whistle.calls.filter(state__in=("sent", "coming")).values_list("unit_id", flat=True))
    whistle_clock.close(whistle, end, at, by)
    note(order, verb, by, at, whistle=whistle.pk, **facts)
    tell(order, "whistle_over", persons=queries.clerks(waiting, at), at=at, number=order.full_number)
    return whistle


def _held(whistle: Whistle, by: Person, at: datetime) -> tuple[Order, Whistle]:
    """Lock the order and the whistle, for who blew it or who stands above; refuses one that is over."""
    order = beats.lock(whistle.order_id)
    whistle = Whistle.objects.select_for_update(of=("self",)).get(pk=whistle.pk)
    if whistle.by_id != by.pk and not access.roles_of(order, by, at) & {"desk", "upper"}:
        raise NotAllowed(_("这声哨由吹哨的人、社区或街道来收。"))
    if whistle.ended_at or not order.is_open:
        raise Stale(_("这声哨已经收了。"))
    return order, whistle


def _locked(call: Call) -> Call:
    Call.objects.select_for_update(of=("self",)).only("pk").get(pk=call.pk)
    return Call.objects.select_related("whistle__order", "unit", "person").get(pk=call.pk)


def _taken(call: Call) -> tuple[Order, Call]:
    """The order is locked before the call, always: two hands of one unit queue at the order."""
    order = beats.lock(call.whistle.order_id)
    return order, _locked(call)


def _answered(call: Call, by: Person, at: datetime, states: Collection[str]) -> tuple[Order, Call]:
    order, call = _taken(call)
    if call.unit_id not in queries.units_of(by, at):
        raise NotYourCall(_("这声哨没叫您的单位。"))
    if not access.is_called(call):
        raise Stale(_("这声哨已经收了，不用来了。"))
    if call.state not in states:
        raise Stale(_gone(call, by))
    return order, call


def _gone(call: Call, by: Person) -> str:
    who = _("您") if call.person_id == by.pk else call.person.name if call.person else ""
    said = {
        "coming": _("%(who)s已经说来了。"), "arrived": _("%(who)s已经到了。"), "done": _("%(who)s已经交代完了。"),
        "declined": _("%(who)s已经说来不了。"),
    }  # fmt: skip
    return said.get(call.state, _("先点「来」，再往下办。")) % {"who": who}


def _still(call: Call) -> None:
    """No clock any more."""
    call.next_at, call.next_step = None, ""
    call.save()


def _say(order: Order, call: Call, verb: str, by: Person, at: datetime, **facts: Fact) -> None:
    """A line, and a word to who blew the whistle and who answers for the order."""
    note(order, verb, by, at, call=call.pk, unit=call.unit_id, **facts)
    hearers = [person for person in (call.whistle.by, order.owner) if person != by]
    tell(order, verb, persons=hearers, at=at, number=order.full_number)


def note(order: Order, verb: str, by: Person | str, at: datetime, **facts: Fact) -> None:
    """A line about the order that moves nothing."""
    journal.write(order, verb, by=by, at=at, scope=order.community_id, **facts)


def served_beside(order: Order, person: Person) -> None:
    """This person has served beside; the caller holds the order's lock."""
    if person.pk not in (order.helped_by or ()):
        order.helped_by = [*(order.helped_by or ()), person.pk]
        Order.objects.filter(pk=order.pk).update(helped_by=order.helped_by)
