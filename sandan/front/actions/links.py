"""Logins elsewhere (DingTalk, Feishu, WeChat, WeCom, OIDC) that stand for one of our people; they never make one."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.front import queries
from sandan.front.models import Link
from sandan.people.actions import BadPhone, mobile
from sandan.people.models import Person


class LinkTaken(Refused):
    """That login elsewhere, or this account, is bound already."""


class NotLinked(Refused):
    """Nobody here is bound to that login."""


def subject_digest(provider: str, uid: str) -> bytes:
    """What is kept of who somebody is elsewhere."""
    return digest(f"{provider}\0{uid}", "outside login")


@transaction.atomic
def bind(*, person: Person, provider: str, uid: str, at: datetime) -> Link:
    """From now on this login elsewhere is this person; one of each provider. Raises LinkTaken."""
    subject = subject_digest(provider, uid)
    known = Link.objects.filter(person=person, provider=provider, subject=subject).first()
    if known:
        return known
    try:
        with transaction.atomic():
            link = Link.objects.create(person=person, provider=provider, subject=subject, at=at)
    except IntegrityError as fault:
        raise LinkTaken(_("这个外部账号或您的账号已经绑过了。要换，先解除原来的绑定。")) from fault
    journal.write(link, "link", by=person, at=at, scope="", provider=provider)
    return link


@transaction.atomic
def unbind(*, link: Link, at: datetime) -> None:
    """One's own binding goes."""
    journal.write(link, "unlink", by=link.person, at=at, scope="", provider=link.provider)
    link.delete()


@transaction.atomic
def enter_from_outside(*, provider: str, uid: str, verified_phone: str, at: datetime) -> Person:
    """The person of a login elsewhere: bound before, or found by a work phone which that side has verified.

    Raises NotLinked, in the same words for nobody, for somebody locked and for somebody who left.
    """
    link = (
        Link.objects.select_related("person").filter(subject=subject_digest(provider, uid), provider=provider).first()
    )
    person = link.person if link else _of_phone(verified_phone)
    if person is None or not queries.may_sign_in(person, at):
        raise NotLinked(_("这个外部账号还没有绑定。先用密码或手机验证码登录，再到“登录与安全”里绑定。"))
    if link is None:
        link = bind(person=person, provider=provider, uid=uid, at=at)
    Link.objects.filter(pk=link.pk).update(used_at=at)
    return person


def _of_phone(text: str) -> Person | None:
    try:
        return queries.person_of_phone(mobile(text)) if text else None
    except BadPhone:
        return None
