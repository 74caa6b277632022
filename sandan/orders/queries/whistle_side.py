"""Everything beside one order for its own part of the page: whistles, helpers, what went out, and who may do what."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sandan.orders.models import Call, Order, Photo, Sending, Share, Whistle
from sandan.orders.queries import joint, partner, whistle

STATES: dict[str, tuple[str | Promise, str]] = {  # of a call: its word and its tone
    "sent": (_("等应"), "ask"),
    "missed": (_("到时没应"), "urgent"),
    "coming": (_("说来"), "go"),
    "arrived": (_("到了"), "go"),
    "done": (_("办完了"), "ok"),
    "declined": (_("来不了"), "line"),
    "dropped": (_("没等到就收了"), "line"),
}
SHARES: dict[str, tuple[str | Promise, str]] = {
    "asked": (_("等回话"), "ask"),
    "joined": (_("一起办"), "go"),
    "declined": (_("来不了"), "line"),
    "dropped": (_("撤回了"), "line"),
}
SENT: dict[str, tuple[str | Promise, str]] = {
    "sent": (_("等回话"), "ask"),
    "accepted": (_("接下了"), "go"),
    "done": (_("办完了"), "ok"),
    "refused": (_("退回了"), "line"),
    "ended": (_("收回了"), "line"),
}


@dataclass(frozen=True)
class Side:
    """The rows beside one order; `lead` is what is left for the holder, in per cent."""

    whistles: Sequence[Whistle]
    shares: Sequence[Share]
    sendings: Sequence[Sending]
    lead: int

    @property
    def open_whistle(self) -> Whistle | None:
        """The one that still sounds."""
        return next((one for one in self.whistles if one.ended_at is None), None)


def side_of(order: Order) -> Side:
    """All of it, in at most six statements whatever its size."""
    shares = joint.shares_of(order)
    return Side(whistle.whistles_of(order), shares, partner.sendings_of(order), joint.lead_share(shares))


def may_be_rated(call: Call) -> bool:
    """Whether the caller's mark is due: the unit's part or its time is over."""
    if call.stars or call.state == "dropped":
        return False
    return call.state in ("done", "declined", "missed") or call.whistle.ended_at is not None


def photos_of(order: Order) -> list[Photo]:
    """The pictures that may be chosen for a partner, without their bytes."""
    return list(order.photos.defer("large", "small", "taken").order_by("pk"))


def help_photos(order: Order) -> dict[int | None, list[int]]:
    """The helpers' pictures by who took them."""
    found: dict[int | None, list[int]] = {}
    for pk, person in order.photos.filter(stage="help").order_by("pk").values_list("pk", "person"):
        found.setdefault(person, []).append(pk)
    return found
