"""Sessions: each sign-in is a visit that its owner sees and ends; a lock, an ended post or a new password ends them."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import connection, transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.front import queries
from sandan.front.actions.tries import one_by_one
from sandan.front.kinds import device_of, prefix_of
from sandan.front.limits import VISIT_KEPT
from sandan.front.models import Visit
from sandan.people import access
from sandan.people.models import Person

MARKS = "front"  # the session's own notes: since when, when proved, which roles, how
_END = "DELETE FROM django_session WHERE sha256(convert_to(session_key, 'UTF8')) = ANY(%s)"


class Locked(Refused):
    """The account was locked between the password and the session."""


def key_digest(session_key: str | None) -> bytes:
    """What is kept of a session's key: who reads it cannot sign in with it."""
    return hashlib.sha256((session_key or "").encode()).digest()


def _gate(person: Person) -> None:
    """Signing in and locking wait for each other."""
    one_by_one(digest(f"person {person.pk}", "account gate"))


@receiver(user_logged_in, dispatch_uid="sandan.front.begun")
def begun(request: HttpRequest, user: Person, **_rest: Any) -> None:
    """Note a new session; raises Locked where the account was locked meanwhile."""
    at = timezone.now()
    roles = sorted({post.role for post in access.posts_of(user, at)})
    request.session[MARKS] = {"at": at.timestamp(), "proved": at.timestamp(), "roles": roles}
    request.session.save()
    meta = request.META
    with transaction.atomic():
        _gate(user)
        if not queries.may_sign_in(user, at):
            raise Locked(_("这个账号停用了。请本单位的安全管理员处理。"))
        Visit.objects.create(
            person=user, key=key_digest(request.session.session_key), at=at, seen_at=at,
            how=getattr(request, "signed_in_by", ""), device=device_of(meta.get("HTTP_USER_AGENT", "")),
            prefix=prefix_of(meta.get("REMOTE_ADDR", "")),
        )  # fmt: skip


@receiver(user_logged_out, dispatch_uid="sandan.front.ended")
def ended(request: HttpRequest, user: Person | None, **_rest: Any) -> None:
    """Signing out ends the visit as well."""
    if user is not None:
        visits = Visit.objects.filter(key=key_digest(request.session.session_key), ended_at=None)
        visits.update(ended_at=timezone.now())


def seen(*, session_key: str, at: datetime) -> None:
    """Somebody is still there; called once in a while."""
    Visit.objects.filter(key=key_digest(session_key)).update(seen_at=at)


@transaction.atomic
def end_one(*, visit: Visit, by: Person, at: datetime) -> None:
    """End one session of one's own."""
    _end(Visit.objects.filter(pk=visit.pk, ended_at=None), at)
    journal.write(visit.person, "session_end", by=by, at=at, scope="", visit=visit.pk)


@transaction.atomic
def end_all(*, person: Person, by: Person, at: datetime, keep: str = "") -> int:
    """End all sessions of somebody but the one whose key is `keep`; how many. Nobody can begin one meanwhile."""
    _gate(person)
    count = _end(Visit.objects.filter(person=person, ended_at=None).exclude(key=key_digest(keep)), at)
    journal.write(person, "sessions_end", by=by, at=at, scope="", count=count)
    return count


def _end(visits: QuerySet[Visit], at: datetime) -> int:
    keys = [bytes(key) for key in visits.values_list("key", flat=True)]
    _drop(keys)
    return Visit.objects.filter(key__in=keys).update(ended_at=at)


@transaction.atomic
def forget_visits(*, at: datetime) -> int:
    """Visits of half a year ago go; how many."""
    return Visit.objects.filter(seen_at__lt=at - VISIT_KEPT).delete()[0]


def _drop(keys: Iterable[bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_END, [list(keys)])
