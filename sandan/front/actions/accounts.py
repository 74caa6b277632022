"""What the keeper of accounts does: lock and unlock, take lost factors away, end sessions, give a first password."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed
from sandan.front import queries
from sandan.front.actions.password import first_password
from sandan.front.actions.visits import end_all
from sandan.front.models import Account, Factor, Link, RecoveryCode
from sandan.people.models import Person


def _require_keeper(by: Person, person: Person, at: datetime) -> None:
    """The power of security over somebody's area, and never over oneself."""
    if by == person:
        raise NotAllowed(_("自己的账号请另一位安全管理员来办。"))
    if not queries.keeps(by, person, at):
        raise NotAllowed(_("这个账号不归您管。请找管那一片的安全管理员。"))


@transaction.atomic
def lock(*, person: Person, by: Person, at: datetime) -> None:
    """Nobody signs in with this account any more, and who is in is out."""
    _require_keeper(by, person, at)
    Account.objects.update_or_create(person=person, defaults={"locked_at": at})
    end_all(person=person, by=by, at=at)
    journal.write(person, "account_locked", by=by, at=at, scope="")


@transaction.atomic
def unlock(*, person: Person, by: Person, at: datetime) -> None:
    """The account may be used again, with the same password and factors."""
    _require_keeper(by, person, at)
    Account.objects.update_or_create(person=person, defaults={"locked_at": None})
    journal.write(person, "account_unlocked", by=by, at=at, scope="")


@transaction.atomic
def reset_factors(*, person: Person, by: Person, at: datetime) -> None:
    """All factors, paper codes and outside logins of somebody who lost them go; sessions end."""
    _require_keeper(by, person, at)
    count = Factor.objects.filter(person=person).delete()[0] + Link.objects.filter(person=person).delete()[0]
    RecoveryCode.objects.filter(person=person).delete()
    end_all(person=person, by=by, at=at)
    journal.write(person, "factors_reset", by=by, at=at, scope="", count=count)


@transaction.atomic
def end_sessions(*, person: Person, by: Person, at: datetime) -> int:
    """Somebody is signed out everywhere; how many sessions ended."""
    _require_keeper(by, person, at)
    return end_all(person=person, by=by, at=at)


@transaction.atomic
def give_password(*, person: Person, by: Person, at: datetime) -> str:
    """A first password to hand over in person, shown once; it must be changed at the next sign-in. Sessions end."""
    _require_keeper(by, person, at)
    word = first_password(person)
    person.save(update_fields=["password"])
    Account.objects.update_or_create(person=person, defaults={"must_change": True})
    end_all(person=person, by=by, at=at)
    journal.write(person, "password_given", by=by, at=at, scope="")
    return word
