"""Limits against floods of anonymous orders, photos and codes, and the pass by which a community lifts them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal, tallies
from sandan.core.errors import NotAllowed, Refused
from sandan.core.sealed import digest
from sandan.core.tallies import Limit, Try
from sandan.orders import limits
from sandan.orders.models import Pass
from sandan.people.models import Person
from sandan.places.models import Place

TRIES = Limit("pass", 10, limits.HOUR)
TRIES_OF_AN_ADDRESS = Limit("pass address", 100, limits.HOUR)  # a new device costs who guesses nothing
SHORT, LONG = timedelta(hours=24), timedelta(days=365)


class Flood(Refused):
    """More than one device or phone may send; nothing was kept. The text says how to go on."""


class WrongPass(Refused):
    """No such pass waits to be typed."""


@dataclass(frozen=True)
class Device:
    """A browser: its own name, since when this site knows it (None: never seen), and the address it stands behind."""

    name: str
    since: datetime | None
    address: str

    def is_young(self, at: datetime) -> bool:
        return self.since is None or at - self.since < limits.YOUNG

    @property
    def digest(self) -> bytes:
        return digest(self.name or f"new at {self.address}", "device")


def refuse_flood(*, device: Device, kinds: dict[Limit, int], phone: str = "", at: datetime) -> None:
    """Count what this device is about to send, so many of each kind; raises Flood where it is too much.

    Counts also what is refused, in a statement of its own: call it before the action, outside of its transaction.
    """
    passed = tallies.count(_tries(device, kinds, phone, at), at)
    if passed and not Pass.objects.filter(device=device.digest, until__gt=at, ended_at=None).exists():
        raise Flood(_why(passed))


def _tries(device: Device, kinds: dict[Limit, int], phone: str, at: datetime) -> Sequence[Try]:
    # A device without a name of its own shares one source with all of its address: that one is counted as young only.
    tries = [Try(limit, device.digest, amount) for limit, amount in kinds.items() if device.name]
    if device.is_young(at):
        tries.append(Try(limits.BY_YOUNG, digest(device.address, "address")))
    if phone:
        tries.append(Try(limits.ORDERS_OF_A_PHONE, digest(phone, "phone tally")))
    return tries


def _why(passed: Sequence[Limit]) -> str:
    words = {
        limits.ORDERS: _("这一小时从这台手机交得太多了。写好的都在，过一小时再交；急的请打社区电话，社区代您点。"),
        limits.ORDERS_A_DAY: _("今天从这台手机交得太多了。写好的都在，明天再交；急的请打社区电话，社区代您点。"),
        limits.ORDERS_OF_A_PHONE: _("今天用这个电话号码交得太多了。请打社区电话，社区代您点。"),
        limits.DRAFTS: _("这一小时改得太多了。请过一小时再写，或者打社区电话说。"),
        limits.PHOTOS: _("这一小时从这台手机传的照片太多了，照片没有收。先不带照片交，或者过一小时再传。"),
        limits.CODES: _("这一小时取验证码的次数太多了。请过一小时再取，或者打社区电话。"),
        limits.BY_YOUNG: _("眼下交单的人太多。写好的都在，请过十分钟再按一次；急的请打社区电话。"),
    }
    return next(words[limit] for limit in words if limit in passed)


@transaction.atomic
def issue(*, community: Place, lasts: timedelta, by: Person, at: datetime) -> str:
    """A new pass of that community as six figures, to be told to a neighbour or typed into a device of its own."""
    code = f"{secrets.randbelow(10**6):06d}"
    row = Pass.objects.create(
        community=community,
        by=by,
        at=at,
        code_digest=_code_digest(code),
        type_by=at + limits.TYPE_WITHIN,
        until=at + lasts,
    )
    journal.write(row, "issue", by=by, at=at, scope=community.pk, hours=int(lasts.total_seconds() // 3600))
    return code


def _code_digest(code: str) -> bytes:
    return digest(code, "pass")


def type_in(*, code: str, device: Device, at: datetime) -> Pass:
    """Lift the limits for this device by a pass; refuses a wrong, used or old one, and the eleventh try in an hour.

    The tries of all devices behind one address are counted as well.
    """
    tries = [Try(TRIES, device.digest), Try(TRIES_OF_AN_ADDRESS, digest(device.address, "address"))]
    if not device.name or tallies.count(tries, at):
        raise WrongPass(_("放行码试的次数太多了。请打社区电话，社区代您点。"))
    return _used(code, device, at)


@transaction.atomic
def _used(code: str, device: Device, at: datetime) -> Pass:
    waiting = Pass.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    row = waiting.filter(code_digest=_code_digest(code), device=None, type_by__gt=at, ended_at=None).first()
    if row is None:
        raise WrongPass(_("放行码不对，或者过了 30 分钟。请再问社区要一个。"))
    row.device, row.used_at = device.digest, at
    row.save(update_fields=["device", "used_at"])
    journal.write(row, "type", by="asker", at=at, scope=row.community_id)
    return row


@transaction.atomic
def withdraw(*, given: Pass, by: Person, at: datetime) -> Pass:
    """End a pass before its time."""
    row = Pass.objects.select_for_update(of=("self",), no_key=True).get(pk=given.pk)
    if row.ended_at is not None:
        raise NotAllowed(_("这个放行码已经收回了。"))
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    journal.write(row, "withdraw", by=by, at=at, scope=row.community_id)
    return row
