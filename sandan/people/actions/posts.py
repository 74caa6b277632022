"""Every change about people: making a person or a unit, giving posts; how posts end stands in `post_ending`."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.core.names import person_key, sort_key
from sandan.core.sealed import digest
from sandan.people import access
from sandan.people.models import Person, Post, Role, Unit
from sandan.places.models import Place

Actor = Person | Literal["system"]
DEPUTY = "deputy"
_OF_A_LIAISON = frozenset(
    {Role.MEMBER, Role.GRID_WORKER, Role.GRID_LEADER, Role.DISPATCHER, Role.UNIT_CLERK, Role.PARTNER, Role.DAY_WORKER}
)
_WIDE = {0xFF10 + i: str(i) for i in range(10)} | {ord("＋"): "+"}


class BadPhone(Refused):
    """No mobile number."""


class Taken(Refused):
    """The login or the phone number belongs to somebody else."""


class LiaisonThere(Refused):
    """The street has a liaison for some of that term."""


class PowersApart(Refused):
    """System, security and audit are three powers: nobody holds two of them at one time."""


class BadTerm(Refused):
    """The post is over already, or would end before it begins."""


def mobile(text: str) -> str:
    """The eleven digits of a mobile number in any usual writing; raises BadPhone and says what is wrong."""
    number = re.sub(r"[\s\-.()（）]", "", text.translate(_WIDE))
    number = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", number)
    if not number.isdigit():
        raise BadPhone(_("手机号里只能有数字，再看一眼。"))
    if len(number) != 11:
        short = _("少了 %d 位，手机号是 11 位。") if len(number) < 11 else _("多了 %d 位，手机号是 11 位。")
        raise BadPhone(short % abs(11 - len(number)))
    if not re.fullmatch(r"1[3-9]\d{9}", number):
        raise BadPhone(_("手机号以 13 到 19 开头，再看一眼。"))
    return number


def require_appointer(by: Actor, role: str, scope: str, at: datetime) -> None:
    """District and administrator appoint over their area, a liaison those below, a community guests for a day."""
    if by == "system":
        return
    held = access.roles_over(access.posts_of(by, at), scope)
    if held & {Role.ADMIN, Role.DISTRICT} or (Role.LIAISON in held and role in _OF_A_LIAISON):
        return
    if Role.DISPATCHER in held and role == Role.DAY_WORKER:
        return
    raise NotAllowed(_("这个岗位不归您安排。请找区里的管理员。"))


@transaction.atomic
def make_person(
    *, login: str, name: str, by: Actor, at: datetime, phone: str = "", password: str | None = None,
    skills: Sequence[str] = (), home: Place | None = None, reach_metres: int = 1000, scope: str = "",
    role: str = Role.MEMBER, ends_at: datetime | None = None,
) -> Person:  # fmt: skip
    """A new person who can sign in (until `ends_at`, where given), for a post of `role`; phone sealed.

    Raises BadPhone, Taken or NotAllowed.
    """
    scope = scope or (home.code if home else "")
    require_appointer(by, role, scope, at)
    number = mobile(phone) if phone else ""
    person = Person(
        login=login.strip(), name=name.strip(), name_key=person_key(name), phone=number or None,
        phone_digest=digest(number, "phone") if number else None, phone_tail=number[-4:], skills=list(skills),
        home=home, lon=home.lon if home else None, lat=home.lat if home else None, reach_metres=reach_metres,
        ends_at=ends_at,
    )  # fmt: skip
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as fault:
        raise Taken(_("登录名或手机号已经有人在用。换一个，或找到那个人直接改。")) from fault
    journal.write(person, "make", by=by, at=at, scope=scope)
    return person


@transaction.atomic
def make_unit(*, name: str, kind: str, scope: str, by: Actor, at: datetime, branch: str = "") -> Unit:
    """The unit of that name, kind and area, made where it is missing; `branch` says which sort of partner it is."""
    require_appointer(by, Role.PARTNER if kind == Unit.Kind.PARTNER else Role.UNIT_CLERK, scope, at)
    unit, is_new = Unit.objects.get_or_create(
        name=name.strip(), kind=kind, scope=scope, defaults={"name_key": sort_key(name), "branch": branch}
    )
    if is_new:
        journal.write(unit, "make", by=by, at=at, scope=scope, kind=kind, branch=branch)
    return unit


@transaction.atomic
def give_post(
    *, person: Person, role: str, scope: str, from_at: datetime, by: Actor, at: datetime,
    to_at: datetime | None = None, unit: Unit | None = None, grade: str = "", shift: str = "",
) -> Post:  # fmt: skip
    """A post over a place for a term. Raises NotAllowed (also for oneself), BadTerm, LiaisonThere or PowersApart."""
    require_appointer(by, role, scope, at)
    if by == person:
        raise NotAllowed(_("不能给自己安排岗位。请另一位管理员来办。"))
    if to_at is not None and to_at <= from_at:
        raise BadTerm(_("结束要晚于开始。再看一眼日期。"))
    if role == Role.LIAISON and len(scope) != 9:
        raise NotAllowed(_("联络员按街道设，请选一个街道。"))
    post = Post(
        person=person, role=role, grade=grade, scope=scope, unit=unit, from_at=from_at, to_at=to_at, shift=shift
    )  # fmt: skip
    save_post(post)
    access.forget(person)
    journal.write(post, "give", by=by, at=at, scope=scope, person=person.pk, role=role, grade=grade)
    return post


def save_post(post: Post) -> None:
    """Save; the database keeps a street's second liaison out, also where two are appointed at once."""
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError as fault:
        if "post_powers_apart" in str(fault):
            raise PowersApart(
                _("系统、安全、审计三个岗位不能由同一个人担任。请换一个人，或先结束另一个岗位。")
            ) from fault
        if "post_one_liaison" not in str(fault):
            raise
        raise LiaisonThere(_("这个街道在这段时间已有联络员。要换人请用交接，要添人请设为副手。")) from fault


@transaction.atomic
def set_active(*, person: Person, is_active: bool, by: Actor, at: datetime) -> Person:
    """Let somebody in again or keep them out; raises NotAllowed."""
    require_appointer(by, Role.MEMBER, person.home_id or "", at)
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    access.forget(person)
    journal.write(person, "let_in" if is_active else "keep_out", by=by, at=at, scope=person.home_id or "")
    return person
