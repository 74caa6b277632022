"""A post for somebody known or new in one go, and outside partners: unit, account and term together."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.people.actions.posts import Actor, BadPhone, BadTerm, Taken, give_post, make_person, make_unit, mobile
from sandan.people.models import Person, Post, Role, Unit
from sandan.people.queries.staff import KINDS

LONGEST_TERM = timedelta(days=366)


class NobodyFound(Refused):
    """No account of that name, or several."""


@dataclass(frozen=True, repr=False)
class Made:
    """A post, and of a new account the password that is shown once."""

    post: Post
    password: str = ""


def somebody(typed: str, scope: str, at: datetime) -> Person:
    """An active account by login or work phone, or by a name that one of the staff of that area alone bears."""
    people = Person.objects.filter(is_active=True)
    found = people.filter(login=typed).first()
    if found is None:
        try:
            found = people.filter(phone_digest=digest(mobile(typed), "phone")).first()
        except BadPhone:
            found = _by_name(typed, scope, at)
    if found is None or found.has_ended(at):
        raise NobodyFound(_("没找到这个人。写登录名或工作手机号，或者按新来的人填。"))
    return found


def _by_name(typed: str, scope: str, at: datetime) -> Person | None:
    staff = [role for role, _grades, _word in KINDS.values()]
    posts = Post.objects.held(at).filter(scope__startswith=scope[:9], role__in=staff)
    named = list(Person.objects.filter(is_active=True, name=typed, pk__in=posts.values("person"))[:2])
    if len(named) > 1:
        raise NobodyFound(_("这一片有几位叫%(name)s的，请写登录名或工作手机号。") % {"name": typed})
    return named[0] if named else None


@transaction.atomic
def appoint(
    *, kind: str, scope: str, from_at: datetime, by: Actor, at: datetime, who: str = "", name: str = "",
    phone: str = "", to_at: datetime | None = None, shift: str = "",
) -> Made:  # fmt: skip
    """A post of a kind of the register for who is known (`who`) or new (`name`, `phone`); refuses as give_post does."""
    role, grades, _word = KINDS[kind]
    password = ""
    if who:
        person = somebody(who.strip(), scope, at)
    else:
        password = secrets.token_urlsafe(9)
        person = make_person(
            login=a_login(), name=name, phone=phone, password=password, scope=scope, by=by, at=at, role=role
        )
    post = give_post(
        person=person, role=role, grade=grades[0], scope=scope, from_at=from_at, to_at=to_at, shift=shift, by=by, at=at
    )
    return Made(post, password)


def a_login() -> str:
    """A login that says nothing of its owner; whoever has a work phone signs in by its number as well."""
    return f"u{secrets.token_hex(4)}"


@transaction.atomic
def make_partner(
    *, branch: str, unit: str, name: str, phone: str, scope: str, to_at: datetime, by: Actor, at: datetime
) -> Made:
    """R117: an outside unit and who acts for it until `to_at`; refuses as make_person and give_post do."""
    if not at < to_at <= at + LONGEST_TERM:
        raise BadTerm(_("外单位的账号最长一年，也不能已经过了。再看一眼日期。"))
    row = make_unit(name=unit, kind=Unit.Kind.PARTNER, scope=scope, branch=branch, by=by, at=at)
    known = Person.objects.filter(phone_digest=digest(mobile(phone), "phone")).first()
    if known is not None and not known.is_outside:
        raise Taken(_("这个手机号是我们自己人的，不能再当外单位的账号。"))
    password = "" if known else secrets.token_urlsafe(9)
    person = known or make_person(
        login=a_login(), name=name, phone=phone, password=password, scope=scope, by=by, at=at, role=Role.PARTNER
    )
    post = give_post(
        person=person, role=Role.PARTNER, scope=scope, unit=row, from_at=at, to_at=to_at, by=by, at=at
    )  # fmt: skip
    return Made(post, password)
