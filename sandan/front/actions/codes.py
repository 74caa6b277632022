"""Signing in by phone: six figures that live five minutes, five tries, and answers alike whoever's number it is."""

import hmac
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from sandan.core import tallies
from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.core.tallies import Try
from sandan.front import queries
from sandan.front.limits import (
    CODE_KEPT,
    CODE_LIFE,
    CODE_TRIES,
    CODES_OF_A_DEVICE,
    CODES_OF_A_PHONE,
    CODES_OF_A_PHONE_A_DAY,
)
from sandan.front.models import LoginCode
from sandan.notices.channels import is_stage, reaches_phones, sms
from sandan.notices.channels.trouble import Trouble
from sandan.people.models import Person

log = structlog.get_logger("sandan.front")
SENDERS = 8  # at a time: a slow provider must not keep the next one waiting
MOST, TIMES = 200, 2


class TooManyCodes(Refused):
    """This phone or this device has asked for enough codes."""


class WrongCode(Refused):
    """Not the code that was sent, or too old, or used, or tried too often: they look the same."""


def _wrong() -> WrongCode:
    return WrongCode(_("验证码不对，或者已经过时。再看一眼短信；还不行就重新取一个，或请本社区帮您查。"))


def code_digest(phone: str, device: bytes, code: str) -> bytes:
    """What is kept of a code: good for this phone and this device alone."""
    return digest(f"{phone}\0{device.hex()}\0{code}", "login code")


def ask_code(*, phone: str, device: bytes, is_known: bool, at: datetime) -> LoginCode:
    """A new code for this phone, to be typed on this device; the worker sends it if the number is one of ours.

    `is_known`: somebody signed in with this number on this device before; it is counted by itself, so that a stranger
    who asks for codes in somebody's name cannot shut them out. Raises TooManyCodes.
    """
    phone_digest = digest(phone, "phone")
    source = digest(f"{phone}\0{device.hex() if is_known else ''}", "login code of")
    limits = (CODES_OF_A_PHONE, CODES_OF_A_PHONE_A_DAY)
    if tallies.count([*(Try(limit, source) for limit in limits), Try(CODES_OF_A_DEVICE, device)], at):
        raise TooManyCodes(_("验证码取得太多了，过十分钟再取。今天一直收不到，请用密码登录，或请本社区帮忙。"))
    code = f"{secrets.randbelow(10**6):06d}"
    made = code_digest(phone, device, code)
    return LoginCode.objects.create(phone_digest=phone_digest, device=device, digest=made, code=code, at=at)


def enter_with_code(*, phone: str, device: bytes, code: str, at: datetime) -> Person:
    """The person of a phone whose code is right; raises WrongCode, in the same words whatever is wrong."""
    if not _try(phone, device, code, at):
        raise _wrong()
    person = queries.person_of_phone(phone)
    if person is None or not queries.may_sign_in(person, at):
        raise _wrong()
    return person


@transaction.atomic
def _try(phone: str, device: bytes, code: str, at: datetime) -> bool:
    rows = LoginCode.objects.select_for_update().filter(phone_digest=digest(phone, "phone"), device=device)
    row = rows.order_by("-at", "-pk").first()
    if row is None or row.used_at or at > row.at + CODE_LIFE or row.tries >= CODE_TRIES:
        return False
    is_right = hmac.compare_digest(bytes(row.digest), code_digest(phone, device, code))
    change = {"used_at": at, "code": None} if is_right else {"tries": F("tries") + 1}
    LoginCode.objects.filter(pk=row.pk).update(**change)
    return is_right


def send_codes(*, at: datetime) -> int:
    """Send what waits, several at a time, and forget the figures; how many went out. Old rows go."""
    LoginCode.objects.filter(at__lt=at - CODE_KEPT).delete()
    if is_stage():  # the page shows it, and nothing leaves the house
        return 0
    waiting = _claimed(at)
    with ThreadPoolExecutor(SENDERS) as senders:
        return sum(senders.map(_send, waiting))


@transaction.atomic
def _claimed(at: datetime) -> Sequence[tuple[int, str, str]]:
    """Rows nobody sent yet, as (id, phone, text) where the number is one of ours; claimed and emptied."""
    rows = list(
        LoginCode.objects.select_for_update(skip_locked=True).filter(sent_at__isnull=True).order_by("at")[:MOST]
    )
    LoginCode.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=at, code=None)
    people = queries.people_of_phones([bytes(row.phone_digest) for row in rows])
    found = []
    for row in rows:
        person = people.get(bytes(row.phone_digest))
        if person and person.phone and row.code and at <= row.at + CODE_LIFE and reaches_phones():
            text = _("登录验证码 %s，5 分钟内有效。谁要都不要给。") % row.code.open_unlogged()
            found.append((row.pk, person.phone.open_unlogged(), text))
    return found


def _send(message: tuple[int, str, str]) -> bool:
    """One short message, twice where the first way was closed; the provider sends one key once."""
    pk, phone, text = message
    for turn in range(TIMES):
        try:
            sms.send(key=f"login-{pk}", phone=phone, text=text)
        except Trouble as trouble:
            log.warning("login code not sent", code=trouble.code, turn=turn)
            if trouble.is_final:
                return False
        else:
            return True
    return False
