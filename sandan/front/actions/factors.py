"""The second factor: an app that counts time, ten codes on paper, and how both are set up, proved and taken away."""

import base64
import hmac
import os
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.front import queries
from sandan.front.actions.tries import forgive, note_wrong, one_by_one, rule, source_digest
from sandan.front.limits import RECOVERY_CODES, TOTP_SKEW, TOTP_STEP
from sandan.front.models import Factor, RecoveryCode
from sandan.people.models import Person

ISSUER = "Sandan"
DIGITS = 6


class WrongFactor(Refused):
    """The figures are not those of this moment, or were used before."""


class AlreadySet(Refused):
    """Somebody has an app already."""


class LastFactor(Refused):
    """Who must have a second factor keeps the last one."""


def _app(secret: str) -> TOTP:
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), TOTP_STEP)  # noqa: S303 (what every app on a phone speaks)


def figures(secret: str, at: datetime) -> str:
    """The six figures that an app with this secret shows at that moment."""
    return _app(secret).generate(int(at.timestamp())).decode()


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """The time step whose figures were typed: this one, or one beside it for a clock that is off; None for neither."""
    app, now = _app(secret), int(at.timestamp()) // TOTP_STEP
    steps = range(now - TOTP_SKEW, now + TOTP_SKEW + 1)
    right = [step for step in steps if hmac.compare_digest(app.generate(step * TOTP_STEP), typed.encode())]
    return right[-1] if right else None


@transaction.atomic
def begin_app(*, person: Person, at: datetime) -> Factor:
    """A new secret that waits for its first figures; one that waited before is replaced. Raises AlreadySet."""
    rows = Factor.objects.select_for_update().filter(person=person, kind=Factor.Kind.TOTP)
    old = rows.first()
    if old is not None and old.confirmed_at:
        raise AlreadySet(_("已经有一个验证器了。换手机请先停用原来的。"))
    rows.delete()
    secret = base64.b32encode(os.urandom(20)).decode()
    return Factor.objects.create(person=person, kind=Factor.Kind.TOTP, secret=secret, at=at)


def address_of(factor: Factor) -> str:
    """What an app reads from the code on the screen (otpauth://)."""
    return _app(factor.secret.open_unlogged()).get_provisioning_uri(factor.person.login, ISSUER)


def confirm_app(*, person: Person, typed: str, at: datetime) -> Factor:
    """The first figures are right: the app counts from now on. Raises WrongFactor."""
    with transaction.atomic():
        factor = Factor.objects.select_for_update().filter(person=person, kind="totp", confirmed_at=None).first()
        step = step_of(factor.secret.open_unlogged(), typed, at) if factor else None
        if factor is None or step is None:
            raise WrongFactor(_("6 位数字不对。看看手机上的时间准不准，等下一组数字再试。"))
        factor.confirmed_at = factor.used_at = at
        factor.counter = step
        factor.save(update_fields=["confirmed_at", "used_at", "counter"])
        journal.write(factor, "factor_set", by=person, at=at, scope="", kind="totp")
    return factor


@transaction.atomic
def prove(*, person: Person, typed: str, source: str, at: datetime) -> str | None:
    """ "totp" or "recovery" where the figures are right, else None; refuses after five wrong ones in ten minutes."""
    account, origin = digest(f"factor {person.pk}", "login account"), source_digest(source)
    one_by_one(account)
    rule(account, origin, at)
    bare = "".join(typed.split()).replace("-", "").lower()
    how = "totp" if _is_of_app(person, bare, at) else "recovery" if _is_on_paper(person, bare, at) else None
    if how:
        forgive(account)
        journal.write(person, "factor_used", by=person, at=at, scope="", kind=how)
    else:
        note_wrong(account, origin, at)
    return how


def _is_of_app(person: Person, typed: str, at: datetime) -> bool:
    factor = queries.app_of(person)
    step = step_of(factor.secret.open_unlogged(), typed, at) if factor else None
    if factor is None or step is None:
        return False
    # Figures are good once: only a later step than the last one counts, also where two are typed at the same moment.
    return bool(Factor.objects.filter(pk=factor.pk, counter__lt=step).update(counter=step, used_at=at))


def _is_on_paper(person: Person, typed: str, at: datetime) -> bool:
    codes = RecoveryCode.objects.filter(person=person, digest=_paper_digest(person, typed), used_at=None)
    return bool(codes.update(used_at=at))


def _paper_digest(person: Person, code: str) -> bytes:
    return digest(f"{person.pk}\0{code}", "recovery code")


@transaction.atomic
def new_paper(*, person: Person, at: datetime) -> list[str]:
    """Ten new codes to write down, "4821-0937-55"; those from before are void. They are shown this once."""
    RecoveryCode.objects.filter(person=person).delete()
    codes = [f"{secrets.randbelow(10**10):010d}" for _n in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(person=person, digest=_paper_digest(person, code)) for code in codes)
    journal.write(person, "paper_set", by=person, at=at, scope="")
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


@transaction.atomic
def drop_factor(*, factor: Factor, at: datetime) -> None:
    """One's own factor goes; raises LastFactor where the post asks for one and no other is left."""
    mine = Factor.objects.select_for_update().filter(person=factor.person, confirmed_at__isnull=False)
    is_needed = settings.SECOND_FACTOR == "required" and queries.wants_second(factor.person, at)
    if is_needed and factor.pk in {one.pk for one in mine} and len(mine) < 2:
        raise LastFactor(_("您的岗位要有第二道验证。先添一个新的，再停用这个。"))
    journal.write(factor, "factor_dropped", by=factor.person, at=at, scope="", kind=factor.kind)
    factor.delete()
    if not queries.has_second(factor.person):
        RecoveryCode.objects.filter(person=factor.person).delete()
