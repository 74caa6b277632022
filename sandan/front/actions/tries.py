"""Guessing is made slow: wrong tries at one account and from one source are counted, and then one has to wait."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.front.limits import CALM_PER_SOURCE, LONGEST_WAIT, MOST_PER_ACCOUNT, WINDOW
from sandan.front.models import LoginFailure


class TooManyTries(Refused):
    """Guessing is not let on; waiting is."""


def source_digest(source: str) -> bytes:
    """What is kept of an address that tries were made from."""
    return digest(source, "login source")


def one_by_one(account: bytes) -> None:
    """Tries at one account wait for each other until their transaction ends, so that five are five."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(account[:8], signed=True)])


def rule(account: bytes, origin: bytes, at: datetime) -> None:
    """Refuses the sixth try at an account in ten minutes, and haste from a source with many wrong ones."""
    recent = LoginFailure.objects.since(at - WINDOW)
    if recent.filter(account=account).count() >= MOST_PER_ACCOUNT:
        raise TooManyTries(_("试了 5 次都不对，这个账号先歇 10 分钟。忘了密码，请本社区或街道的管理员重设。"))
    from_here = recent.filter(source=origin)
    extra = from_here.count() - CALM_PER_SOURCE
    if extra < 0:
        return
    wait = timedelta(seconds=min(2 * (extra + 1), LONGEST_WAIT))
    left = from_here.latest("at").at + wait - at
    if left > timedelta(0):
        raise TooManyTries(_("试得太快了，等 %s 秒再试。") % (int(left.total_seconds()) + 1))


def note_wrong(account: bytes, origin: bytes, at: datetime) -> None:
    """Count one wrong try; those of yesterday count for nothing and go."""
    LoginFailure.objects.filter(at__lt=at - timedelta(days=1)).delete()
    LoginFailure.objects.create(at=at, account=account, source=origin)


def forgive(account: bytes) -> None:
    """A right try takes the wrong ones of its account away."""
    LoginFailure.objects.filter(account=account).delete()
