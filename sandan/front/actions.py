"""Signing in: who it is, or how long to wait. A wrong password leaves a row, a right one takes the rows away."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.front import queries
from sandan.front.models import LoginFailure
from sandan.people.models import Person

WINDOW = timedelta(minutes=10)
MOST_PER_ACCOUNT = 5
CALM_PER_SOURCE = 20  # an office behind one address mistypes too; after these, each further try waits a little longer
LONGEST_WAIT = 30


class TooManyTries(Refused):
    """Guessing is not let on; waiting is."""


@transaction.atomic
def attempt(*, typed: str, password: str, source: str, at: datetime) -> Person | None:
    """The person of a login or work phone and its password, or None. Refuses after five wrong ones in ten minutes.

    What is answered never depends on whether the account exists.
    """
    person = queries.person_named(typed)
    person = None if person and person.has_ended(at) else person  # an account for a day is unknown the day after
    account = digest(f"person {person.pk}" if person else f"typed {typed}", "login account")
    origin = digest(source, "login source")
    _one_by_one(account)
    _rule(account, origin, at)
    if person is not None and person.check_password(password):
        LoginFailure.objects.filter(account=account).delete()
        return person
    if person is None:
        Person().set_password(password)  # as slow as a comparison, so that the clock tells nothing
    LoginFailure.objects.filter(at__lt=at - timedelta(days=1)).delete()
    LoginFailure.objects.create(at=at, account=account, source=origin)
    return None


def _one_by_one(account: bytes) -> None:
    """Tries at one account wait for each other until their transaction ends, so that five are five."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(account[:8], signed=True)])


def _rule(account: bytes, origin: bytes, at: datetime) -> None:
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
