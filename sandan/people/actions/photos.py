"""A picture for the contact card: given with consent by who it shows, taken back at any time, gone after the post."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from sandan.calc import photos
from sandan.core import journal
from sandan.core.batches import claimed
from sandan.core.errors import NotAllowed, Refused
from sandan.people.access import posts_of
from sandan.people.models import Person, Portrait, Post, Role

CARRIERS = (Role.GRID_WORKER, Role.GRID_LEADER)
CONSENT = "2026-11-23"  # the version of the words on the page: other words are another day
MOST_BYTES = 15 * 1024 * 1024
KEPT_AFTER = timedelta(days=30)  # after the last post that is printed on a card
BATCH = 50


class BadPicture(Refused):
    """The file is no picture that can be printed; the text says what to do."""


@transaction.atomic
def give(*, content: bytes, by: Person, at: datetime) -> Portrait:
    """Keep one's own picture, re-encoded and small, in place of an older one."""
    if not any(post.role in CARRIERS for post in posts_of(by, at)):
        raise NotAllowed(_("只有网格员和网格长要放照片。"))
    if len(content) > MOST_BYTES:
        raise BadPicture(_("照片太大了，请选 15 MB 以内的。"))
    try:
        small = photos.reencode(content).small
    except photos.Unusable as fault:
        raise BadPicture(_("这张打不开。请用手机拍一张，或选一张 JPG、PNG 照片。")) from fault
    row, _is_new = Portrait.objects.update_or_create(
        person=by, defaults={"picture": small, "version": CONSENT, "at": at}
    )
    journal.write(by, "give_portrait", by=by, at=at, scope=_scope(by, at), version=CONSENT)
    return row


@transaction.atomic
def take_back(*, by: Person, at: datetime) -> None:
    """No picture any more: the live card shows none from now on. Raises NotAllowed where there is none."""
    if not Portrait.objects.filter(person=by).delete()[0]:
        raise NotAllowed(_("没有放过照片。"))
    journal.write(by, "take_back_portrait", by=by, at=at, scope=_scope(by, at))


@transaction.atomic
def forget_portraits(*, at: datetime) -> int:
    """Pictures of people who have not been on a card for a month; how many went."""
    cutoff = at - KEPT_AFTER
    there = Post.objects.filter(Q(to_at__isnull=True) | Q(to_at__gt=cutoff), person=OuterRef("pk"), role__in=CARRIERS)
    rows = claimed(Portrait.objects.exclude(Exists(there)).order_by("pk").defer("picture"), BATCH)
    for row in rows:
        journal.write(row.person, "forget_portrait", by="clock", at=at, scope="")
    return Portrait.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def _scope(person: Person, at: datetime) -> str:
    return next((post.scope for post in posts_of(person, at) if post.role in CARRIERS), "")
