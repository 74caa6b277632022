"""Everything that is held about one asker, and who looked at it: his own rows, nobody else's."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sandan.core import consents
from sandan.core.models import Look
from sandan.core.sealed import Sealed
from sandan.notices.models import Notice
from sandan.notices.queries import ledger
from sandan.orders.models import Asker, EraseWish, Order, Photo, Ring, Words
from sandan.orders.queries import reasons, timeline
from sandan.orders.queries.resident_near import place_of
from sandan.orders.queries.resident_progress import ROLE_WORDS
from sandan.people.models import Post
from sandan.places.models import Place

KEEP_CONTACT, KEEP_PICTURES = timedelta(days=2 * 365), timedelta(days=180)
OWN_WORDS = ("report", "answer", "review")
READABLE = (Words.Audience.PUBLIC, Words.Audience.ASKER)
MOST_LOOKS = 200
FIELDS: dict[str, Promise] = {
    "phone": gettext_lazy("您的电话"),
    "name": gettext_lazy("您的称呼"),
    "door": gettext_lazy("您的门牌"),
    "original": gettext_lazy("您的原话"),
    "photo": gettext_lazy("您的照片"),
}
WHYS: dict[str, Promise] = {
    "desk": gettext_lazy("社区办单"),
    "serve": gettext_lazy("上门办事"),
    "photo": gettext_lazy("看清情况"),
    "call": gettext_lazy("打电话联系"),
}


@dataclass(frozen=True)
class Seen:
    """One look: when, which post where, at what, why. Of a person's name the surname alone."""

    at: datetime
    who: str
    what: str
    why: str


@dataclass(frozen=True)
class Agreed:
    """One consent in words; `withdrawn_at` says when it was taken back."""

    purpose: str
    what: str
    words: str
    version: str
    way: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Said:
    """Words of the matter: the asker's own as he said them, those of others as he may read them."""

    at: datetime
    is_own: bool
    text: str


@dataclass(frozen=True)
class Picture:
    """A photo he sent: its id, and what the file said of time and place."""

    id: int
    at: datetime
    taken: str


@dataclass(frozen=True)
class Told:
    """A message to him, and how it went out."""

    at: datetime
    text: str
    ways: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """How long something stays, and why: for the page that asks whether to erase."""

    what: str
    until: str


@dataclass(frozen=True)
class Held:
    """All that is held about one asker, in clear: for himself alone, after `hand_out` noted it."""

    number: str
    placed_at: datetime
    channel: str
    category: str
    state: str
    name: str
    phone: str
    may_call: bool
    place: str
    door: str
    spot: str
    lon: float | None
    lat: float | None
    word: str
    satisfaction: int | None
    words: tuple[Said, ...]
    pictures: tuple[Picture, ...]
    told: tuple[Told, ...]
    callers: tuple[datetime, ...]  # until when his number stays in a log of calls
    consents: tuple[Agreed, ...]
    looks: tuple[Seen, ...]

    def as_json(self) -> str:
        """The same for a machine."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def held(asker: Asker) -> Held:
    """What is held; a neighbour who joined gets his contact and what he agreed to, nothing of the other's matter."""
    order = Order.objects.select_related("community", "estate", "category").get(pk=asker.order_id)
    own = asker.is_first
    return Held(
        number=order.full_number, placed_at=asker.at, channel=_channel(order.channel),
        category=order.category.name if order.category else "", state=str(order.info.label),
        name=_clear(asker.name), phone=_clear(asker.phone), may_call=asker.may_call,
        place=place_of(order) if own else "", door=_clear(order.door) if own else "", spot=order.spot if own else "",
        lon=order.lon if own else None, lat=order.lat if own else None, word=order.word if own else "",
        satisfaction=order.satisfaction if own else None, words=_words(order) if own else (),
        pictures=_pictures(order) if own else (), told=_told(asker),
        callers=_callers(order) if own else (), consents=agreed(asker), looks=looks_of(asker),
    )  # fmt: skip


def _channel(code: str) -> str:
    return str(reasons.CHANNELS.get(code, code))


def _clear(box: object) -> str:
    """The value for the one it is about; `hand_out` leaves the line."""
    return box.open_unlogged() if isinstance(box, Sealed) else ""


def _words(order: Order) -> tuple[Said, ...]:
    """His own in full; what others wrote to him masked, what they wrote among themselves not at all."""
    said = []
    for words in Words.objects.filter(order=order).order_by("at", "pk"):
        is_own = words.kind == "report" or (words.kind in OWN_WORDS and words.person_id is None)
        if is_own or words.audience in READABLE:
            said.append(Said(words.at, is_own, (_clear(words.original) if is_own else "") or words.masked))
    return tuple(said)


def _pictures(order: Order) -> tuple[Picture, ...]:
    rows = Photo.objects.filter(order=order, stage="report").defer("large", "small").order_by("pk")
    return tuple(Picture(photo.pk, photo.at, _clear(photo.taken)) for photo in rows)


def _told(asker: Asker) -> tuple[Told, ...]:
    rows = Notice.objects.filter(asker_id=asker.pk).prefetch_related("deliveries").order_by("at", "pk")
    return tuple(
        Told(notice.at, ledger.asker_words(notice), ledger.ways_of(notice, notice.deliveries.all())) for notice in rows
    )


def _callers(order: Order) -> tuple[datetime, ...]:
    kept = Ring.objects.filter(order=order, keep_until__isnull=False).order_by("pk")
    return tuple(until for until in kept.values_list("keep_until", flat=True) if until)


def agreed(asker: Asker) -> tuple[Agreed, ...]:
    """What he agreed to, with the words of that version."""
    return tuple(
        Agreed(
            one.purpose, str(consents.PURPOSES.get(one.purpose, one.purpose)), _shown(one.version, one.purpose),
            one.version, _("和邻居一起报") if one.way == "join" else _channel(one.way), one.at, one.withdrawn_at,
        )
        for one in asker.consents.order_by("at", "pk")
    )  # fmt: skip


def _shown(version: str, purpose: str) -> str:
    return "".join(str(line) for line in consents.TEXTS.get(version, {}).get(purpose, ()))


def looks_of(asker: Asker) -> tuple[Seen, ...]:
    """Who looked at what is his, the latest first; three statements."""
    subject = Q(subject="orders.asker", subject_id=asker.pk)
    if asker.is_first:
        words = Words.objects.filter(order=asker.order_id).values("pk")
        subject |= Q(subject="orders.order", subject_id=asker.order_id)
        subject |= Q(subject="orders.words", subject_id__in=words)
    return seen(list(Look.objects.filter(subject).select_related("person").order_by("-at", "-pk")[:MOST_LOOKS]))


def seen(looks: list[Look]) -> tuple[Seen, ...]:
    """Looks in words: the post held at that moment and its area, the surname, the field, the purpose."""
    posts = list(Post.objects.filter(person_id__in={look.person_id for look in looks}).order_by("id"))
    places = dict(Place.objects.filter(code__in={post.scope for post in posts}).values_list("code", "name"))
    return tuple(
        Seen(
            look.at, _who(look, posts, places), str(FIELDS.get(look.field, _("您的资料"))),
            str(WHYS.get(look.why, _("办这件事"))),
        )
        for look in looks
    )  # fmt: skip


def _who(look: Look, posts: list[Post], places: dict[str, str]) -> str:
    held_then = (
        post
        for post in posts
        if post.person_id == look.person_id and post.from_at <= look.at and (post.to_at is None or post.to_at > look.at)
    )
    post = next(held_then, None)
    role = ROLE_WORDS.get(post.role if post else "", _("工作人员"))
    words = _("%(place)s%(role)s（姓%(surname)s）")
    place = places.get(post.scope, "") if post else ""
    return words % {"place": place, "role": role, "surname": timeline.surname(look.person.name)}


def kept(asker: Asker, at: datetime) -> tuple[Kept, ...]:
    """What cannot go at once, and until when: an open order needs it, or the law keeps it."""
    order = asker.order
    rows = []
    if asker.is_first and order.is_open:
        rows.append(Kept(_("门牌、原话、您传的照片"), _("这件事办完的当晚删掉")))
    if asker.is_first:
        since = order.ended_at or at
        until = timezone.localtime(since + KEEP_PICTURES)
        first = _("办完后 180 天") if order.ended_at is None else f"{until:%Y-%m-%d}"
        rows.append(Kept(_("师傅拍的办前办后照片（没有您的门牌和电话）"), _("%(until)s后只留小图") % {"until": first}))
    rows.append(Kept(_("遮掉姓名、电话、门牌以后的事情经过"), _("用来算总数，不再指向您")))
    rows.append(Kept(_("操作记录（只有编号和时间，没有姓名、电话和原话）"), _("法律要求留存，不能删")))
    return tuple(rows)


def wish_of(asker: Asker) -> EraseWish | None:
    """His wish to be forgotten, if he said one."""
    return EraseWish.objects.filter(asker=asker).first()
