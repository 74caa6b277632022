"""Serving: setting out, doing it, showing it."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.calc import photos
from sandan.core.errors import NotAllowed, Refused
from sandan.orders import access
from sandan.orders.access import Actor
from sandan.orders.actions import beats, saying
from sandan.orders.models import Draft, Order, Photo
from sandan.people.models import Person

MOST_PHOTOS = 9  # of each stage
Pictures = Mapping[str, Sequence[bytes]]  # the files by stage
MISSING = {
    "after": gettext_lazy("还差办好后的照片。拍一张再交。"),
    "before": gettext_lazy("还差办之前的照片。没拍到就拍现场，写一句说明。"),
}


class ProofMissing(Refused):
    """The category asks for a proof that is not there yet."""


class BadPhoto(Refused):
    """The file is no picture that can be kept."""


WHY = {
    "empty": gettext_lazy("这个文件是空的。请重新选一张照片。"),
    "too_big": gettext_lazy("照片超过 40 MB。请用手机相册里的普通照片，或截一张图。"),
    "not_a_photo": gettext_lazy("这不是照片。请选 JPG、PNG 或 WebP 格式的图片。"),
    "format": gettext_lazy("这种格式打不开。请选 JPG、PNG 或 WebP，或截一张图再传。"),
    "too_many_pixels": gettext_lazy("这张图尺寸太大，打不开。请截一张图再传。"),
    "broken": gettext_lazy("照片没传完整。请重新选一次。"),
}


@transaction.atomic
def set_out(*, order: Order, by: Person, at: datetime) -> Order:
    """On the way: the asker hears it and the door is shown."""
    order, move = beats.take("set_out", order, by, at)
    order.underway_at = at
    return beats.settle(order, move, by=by, at=at)


@transaction.atomic
def finish(*, order: Order, work: str, by: Person, at: datetime) -> Order:
    """Done, with a word on what was done and the proof that the category asks for."""
    order, move = beats.take("finish", order, by, at)
    missing = missing_proof(order)
    if missing:
        raise ProofMissing(missing)
    words = saying.say(order, "work", work, "asker", by=by, at=at)
    order.served_by, order.served_at, order.holder, order.call_tries = by, at, None, 0
    order.word, order.satisfaction, order.called_at = "", None, None
    return beats.settle(order, move, by=by, at=at, words=words.pk)


def missing_proof(order: Order, adding: Collection[str] = ()) -> str:
    """What is still missing before it may be handed in, empty when nothing is; `adding` are stages on the way."""
    return str(MISSING.get(missing_stage(order, adding), ""))


def missing_stage(order: Order, adding: Collection[str] = ()) -> str:
    """The stage of the photo that is missing, "after" first, or nothing."""
    if order.category is None or order.category.evidence != "before_after_photo":
        return ""
    photos_of = order.photos.exclude(stage="after", at__lt=order.taken_at or order.placed_at)  # of an earlier try
    stages = {*photos_of.values_list("stage", flat=True), *adding}
    if "after" not in stages:
        return "after"
    return "" if stages & {"before", "report"} else "before"


@transaction.atomic
def keep_photos(*, order: Order, pictures: Pictures, by: Person, at: datetime) -> None:
    """Keep the pictures of each stage, all or none."""
    for stage, contents in pictures.items():
        for content in contents:
            add_photo(target=order, stage=stage, content=content, by=by, at=at)


@transaction.atomic
def hand_in(*, order: Order, work: str, pictures: Pictures, by: Person, at: datetime) -> Order:
    """The last pictures and the word in one go: the order is finished with both, or nothing is kept."""
    keep_photos(order=order, pictures=pictures, by=by, at=at)
    return finish(order=order, work=work, by=by, at=at)


@transaction.atomic
def add_photo(*, target: Order | Draft, stage: str, content: bytes, by: Actor | None, at: datetime) -> Photo:
    """Keep a picture under seal, re-encoded; refuses what is no picture, too large, or the tenth."""
    if isinstance(target, Order) and by is not None:
        _refuse_strangers(target, by, at)
    return keep_photo(target=target, stage=stage, content=content, person=by if isinstance(by, Person) else None, at=at)


def keep_photo(*, target: Order | Draft, stage: str, content: bytes, person: Person | None, at: datetime) -> Photo:
    """As `add_photo`, for an action that has checked itself who it is from."""
    if _kept(target, stage, person) >= MOST_PHOTOS:
        raise BadPhoto(_("最多 %(most)s 张照片。") % {"most": MOST_PHOTOS})
    try:
        made = photos.reencode(content)
    except photos.Unusable as unusable:
        raise BadPhoto(str(WHY[unusable.code])) from unusable
    owner = {"order": target} if isinstance(target, Order) else {"draft": target}
    return Photo.objects.create(
        stage=stage, large=made.large, small=made.small, taken=_taken(made), width=made.width, height=made.height,
        dhash=made.dhash, person=person, at=at, **owner,
    )  # fmt: skip


def _kept(target: Order | Draft, stage: str, person: Person | None) -> int:
    """How many pictures of that stage there are; those of an earlier try do not count, each helper has his own nine."""
    kept = target.photos.filter(stage=stage)
    if stage == "help":
        kept = kept.filter(person=person)
    if isinstance(target, Order) and target.taken_at:
        kept = kept.filter(at__gte=target.taken_at)
    return kept.count()


def _refuse_strangers(order: Order, by: Actor, at: datetime) -> None:
    if not access.roles_of(order, by, at) & {"holder", "desk", "asker", "reviewer", "helper"}:
        raise NotAllowed(_("这张单不在您手上，照片没有存。"))


def _taken(made: photos.Reencoded) -> str | None:
    if made.taken_at is None and made.lon is None:
        return None
    return json.dumps({"at": made.taken_at and made.taken_at.isoformat(), "lon": made.lon, "lat": made.lat})
