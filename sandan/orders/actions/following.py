"""Coming back to one's order: by number and secret, or by a code sent to one's phone. Wrong tries are counted."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from sandan.core.batches import claimed, in_steps
from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.notices.actions import tell
from sandan.orders import access
from sandan.orders.models import Asker, Knock, Order, PhoneCode

WINDOW = timedelta(minutes=10)
TRIES_AN_ORDER, TRIES_A_SOURCE = 5, 20
CODE_LIFE = timedelta(minutes=10)
CODE_KEPT = timedelta(days=1)
CODE_TRIES, CODES_A_WINDOW = 5, 3
SECRET_LIFE = timedelta(days=730)  # as long as an ended order's words are kept
MOST = 50
MOST_SWEPT, BATCH = 20_000, 500  # rows deleted in one go, and in one transaction


class WrongSecret(Refused):
    """No such order, or not its secret: the two look the same."""


class SecretExpired(Refused):
    """The order ended so long ago that its secret no longer opens it."""


class TooManyTries(Refused):
    """Too many wrong tries within ten minutes."""


class WrongCode(Refused):
    """The code is not the one that was sent, or it is too old."""


def source_digest(source: str) -> bytes:
    """What is kept of a browser's session."""
    return digest(source, "knock")


def open_with_secret(*, orders: Sequence[Order], secret: str, source: str, at: datetime) -> list[Asker]:
    """The asker whose secret it is, with his places in the order's children; each wrong try is kept for ten minutes.

    `orders` are those a spoken number can mean, the newest first.
    """
    knocks = [_knock(order, source, at) for order in orders or (None,)]
    for order in orders:
        asker = access.asker_with_secret(order, secret)
        if asker is None:
            continue
        Knock.objects.filter(pk__in=[knock.pk for knock in knocks]).delete()
        if order.ended_at and at > order.ended_at + SECRET_LIFE:
            raise SecretExpired(_("查询码过期了：这件事办结两年多了。要查，请打社区电话，报单号。"))
        return _with_children(asker)
    raise WrongSecret(_("单号和查询码对不上。请核对一遍，或者打社区电话，报手机号也能查。"))


@transaction.atomic
def _knock(order: Order | None, source: str, at: datetime) -> Knock:
    """Count this try before it is looked at; refuses the sixth at one order, the twenty-first of one browser."""
    recent = Knock.objects.filter(at__gt=at - WINDOW)
    if order is not None:
        Order.objects.select_for_update(of=("self",)).only("pk").get(pk=order.pk)  # tries at one order stand in line
        if recent.filter(order=order).count() >= TRIES_AN_ORDER:
            raise TooManyTries(_("这张单试错了好几次，先锁 10 分钟。等一会儿再试，或者打社区电话，报手机号也能查。"))
    if recent.filter(source=source_digest(source)).count() >= TRIES_A_SOURCE:
        raise TooManyTries(_("试的次数太多了。请等 10 分钟，或者打电话问。"))
    return Knock.objects.create(order=order, source=source_digest(source), at=at)


def _with_children(asker: Asker) -> list[Asker]:
    same = Q(order_id=asker.order_id) | Q(order__parent=asker.order_id) | Q(order__parent__parent=asker.order_id)
    return list(Asker.objects.filter(same, secret_digest=asker.secret_digest).order_by("pk")[:MOST])


@transaction.atomic
def send_code(*, phone: str, at: datetime) -> PhoneCode:
    """A six-figure code for this phone, into the outbox if the phone has ever placed an order; three in ten minutes."""
    phone_digest = digest(phone, "phone")
    if PhoneCode.objects.filter(phone_digest=phone_digest, at__gt=at - WINDOW).count() >= CODES_A_WINDOW:
        raise TooManyTries(_("10 分钟里已经发了 3 次。请等一会儿再取，或者打电话问。"))
    code = f"{secrets.randbelow(10**6):06d}"
    row = PhoneCode.objects.create(phone_digest=phone_digest, digest=_code_digest(phone, code), code=code, at=at)
    asker = Asker.objects.filter(phone_digest=phone_digest).order_by("-pk").first()
    if asker:  # a phone that never asked gets no message: nobody can be pestered with codes
        tell(row, "code", asker_ids=[asker.pk], at=at)
    return row


def _code_digest(phone: str, code: str) -> bytes:
    return digest(f"{phone}\0{code}", "phone code")


def open_with_code(*, phone: str, code: str, at: datetime) -> list[Asker]:
    """All askers of this phone, newest first; refuses a wrong, used or old code, and the sixth try."""
    right = _try_code(phone, code, at)
    if not right:
        raise WrongCode(_("验证码不对。看看短信里的 6 位数字，再试一次。"))
    return list(Asker.objects.filter(phone_digest=digest(phone, "phone")).order_by("-pk")[:MOST])


@transaction.atomic
def _try_code(phone: str, code: str, at: datetime) -> bool:
    rows = PhoneCode.objects.select_for_update().filter(phone_digest=digest(phone, "phone"), used_at__isnull=True)
    row = rows.order_by("-at", "-pk").first()
    if row is None:
        raise WrongCode(_("还没有取验证码，或者已经用过了。请再取一次。"))
    if at > row.at + CODE_LIFE:
        raise WrongCode(_("验证码过了 10 分钟，不能用了。请再取一次。"))
    if row.tries >= CODE_TRIES:
        raise TooManyTries(_("这个验证码试错了 5 次，不能用了。请再取一次。"))
    is_right = hmac.compare_digest(bytes(row.digest), _code_digest(phone, code))
    PhoneCode.objects.filter(pk=row.pk).update(
        **({"used_at": at, "code": None} if is_right else {"tries": F("tries") + 1})
    )
    return is_right


def sweep(*, at: datetime) -> int:
    """Delete codes and knocks that count no longer; how many rows they were."""
    knocks = Knock.objects.filter(at__lte=at - WINDOW)
    codes = PhoneCode.objects.filter(at__lte=at - CODE_KEPT)
    return in_steps(lambda: _sweep_some(knocks), MOST_SWEPT) + in_steps(lambda: _sweep_some(codes), MOST_SWEPT)


def _sweep_some(old: QuerySet[Any, Any]) -> int:
    pks = [row.pk for row in claimed(old.order_by("pk").only("pk"), BATCH)]
    old.model._default_manager.filter(pk__in=pks).delete()
    return len(pks)
