"""Signing in by password: who it is, or how long to wait; a new password, and what it ends."""

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.front import queries
from sandan.front.actions.tries import forgive, note_wrong, one_by_one, rule, source_digest
from sandan.front.actions.visits import end_all
from sandan.front.models import Account
from sandan.people.models import Person


class WeakPassword(Refused):
    """A password that is guessed too easily; the text says what is missing."""


class WrongPassword(Refused):
    """The old password is not the one in force."""


def account_digest(person: Person | None, typed: str = "") -> bytes:
    """What tries at one account are counted under, also of one that does not exist."""
    return digest(f"person {person.pk}" if person else f"typed {typed}", "login account")


@transaction.atomic
def attempt(*, typed: str, password: str, source: str, at: datetime) -> Person | None:
    """The person of a login or work phone and its password, or None. Refuses after five wrong ones in ten minutes.

    What is answered never depends on whether the account exists, is locked or has ended.
    """
    person = queries.person_named(typed)
    account, origin = account_digest(person, typed), source_digest(source)
    one_by_one(account)
    rule(account, origin, at)
    is_right = person is not None and person.check_password(password)
    if person is None:
        Person().set_password(password)  # as slow as a comparison, so that the clock tells nothing
    if person is not None and is_right and queries.may_sign_in(person, at):
        forgive(account)
        return person
    note_wrong(account, origin, at)
    return None


def change_password(*, person: Person, old: str | None, new: str, keep: str, source: str, at: datetime) -> Person:
    """One's own new password; all other sessions end, `keep` is the key of the one that stays.

    `old` is None where a code by phone or the keeper's password has just proved who it is. Raises WrongPassword,
    WeakPassword or TooManyTries.
    """
    if old is not None and attempt(typed=person.login, password=old, source=source, at=at) is None:
        raise WrongPassword(_("原来的密码不对。看看大小写有没有按错。"))
    try:
        validate_password(new, person)
    except ValidationError as fault:
        raise WeakPassword(" ".join(fault.messages)) from fault
    return _changed(person, new, keep, at)


@transaction.atomic
def _changed(person: Person, new: str, keep: str, at: datetime) -> Person:
    person.set_password(new)
    person.save(update_fields=["password"])
    Account.objects.filter(person=person).update(must_change=False)
    end_all(person=person, by=person, at=at, keep=keep)
    journal.write(person, "password", by=person, at=at, scope="")
    return person


def first_password(person: Person) -> str:
    """A password made for somebody who lost theirs, to be changed at the first sign-in; set, not saved."""
    word = "-".join(f"{secrets.randbelow(10**4):04d}" for _n in range(4))
    person.set_password(word)
    return word
