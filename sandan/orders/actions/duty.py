"""The duty list: putting somebody on it, handing over, taking a line off, loading a sheet."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.orders.models import Duty
from sandan.orders.models.duty import MOST_DEPUTIES
from sandan.orders.queries import duty as queries
from sandan.people import access
from sandan.people.models import Person, Post, Role
from sandan.places.models import Place

Actor = Person | Literal["system"]
LONGEST = timedelta(days=31)
COLUMNS = ("地方代码", "登录名", "顺位", "从", "到")
WRITTEN = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M")
MOST_ROWS, MOST_BYTES = 5000, 1_000_000


class BadDuty(Refused):
    """The line cannot stand on the list: its person, place, rank or time."""


class BadSheet(Refused):
    """A row of the sheet cannot be read; nothing of it was kept."""


def _require(by: Actor, scope: str, at: datetime) -> None:
    """A desk keeps the list of its own area and of what lies in it; the administrator keeps any of his area."""
    if by == "system":
        return
    held = access.roles_over(access.posts_of(by, at), scope)
    if not held & {Role.DISPATCHER, Role.LIAISON, Role.DISTRICT, Role.ADMIN}:
        raise NotAllowed(_("这张值班表不归您排。请找这个社区、街道或区里的值守。"))


@transaction.atomic
def put_on(
    *, scope: str, person: Person, rank: int, from_at: datetime, to_at: datetime, by: Actor, at: datetime
) -> Duty:  # fmt: skip
    """Put somebody on the list of a place. Refuses who has no post there, an empty term, a rank that is taken."""
    _require(by, scope, at)
    _check(scope, person, rank, from_at, to_at, at)
    duty = Duty(
        scope=scope, person=person, rank=rank, from_at=from_at, to_at=to_at, by=by if isinstance(by, Person) else None
    )
    _save(duty)
    journal.write(
        duty, "put_on", by=by, at=at, scope=scope, person=person.pk, rank=rank,
        since=from_at.isoformat(), until=to_at.isoformat(),
    )  # fmt: skip
    return duty


def _check(scope: str, person: Person, rank: int, from_at: datetime, to_at: datetime, at: datetime) -> None:
    if len(scope) not in (6, 9, 12) or not Place.objects.filter(code=scope).exists():
        raise BadDuty(_("没有代码为 %(code)s 的区县、街道或社区。") % {"code": scope})
    if not 1 <= rank <= MOST_DEPUTIES:
        raise BadDuty(_("顺位写 1 到 %(most)s：1 先叫，后面的依次顶上。") % {"most": MOST_DEPUTIES})
    if to_at <= max(from_at, at):
        raise BadDuty(_("结束要晚于开始，也要在现在以后。"))
    if to_at - from_at > LONGEST:
        raise BadDuty(_("一班最长 %(days)s 天，请分几班写。") % {"days": LONGEST.days})
    if not may_stand(person, scope, from_at):
        raise BadDuty(_("%(name)s那时在这里没有岗位，不能值班。请先安排岗位，或换一位。") % {"name": person.name})


def may_stand(person: Person, scope: str, at: datetime) -> bool:
    """Whether somebody's post lies in the place or over it: who is paged may see what he is paged for."""
    posts = [post for post in Post.objects.held(at).filter(person=person) if post.role in queries.SERVES]
    return person.is_active and any(p.scope.startswith(scope) or scope.startswith(p.scope) for p in posts)


def _save(duty: Duty) -> None:
    try:
        with transaction.atomic():
            duty.save()
    except IntegrityError as fault:
        if "duty_one_of_a_rank" not in str(fault):
            raise
        raise BadDuty(_("这段时间的第 %(rank)s 位已经有人。换个顺位，或用交班。") % {"rank": duty.rank}) from fault


@transaction.atomic
def hand_over(*, duty: Duty, to: Person, by: Actor, at: datetime) -> Duty:
    """Somebody else stands on from now, or from the beginning of a duty to come; no minute lies between."""
    old = Duty.objects.select_for_update().get(pk=duty.pk)
    if by != old.person:
        _require(by, old.scope, at)
    if old.to_at <= at:
        raise BadDuty(_("这一班已经过了，不用再交。"))
    start = max(old.from_at, at)
    _check(old.scope, to, old.rank, start, old.to_at, at)
    if start == old.from_at:
        old.delete()
        kept = None
    else:
        Duty.objects.filter(pk=old.pk).update(to_at=start)
        kept = old
    new = Duty(
        scope=old.scope, person=to, rank=old.rank, from_at=start, to_at=old.to_at, after=kept,
        by=by if isinstance(by, Person) else None,
    )  # fmt: skip
    _save(new)
    journal.write(new, "hand_over", by=by, at=at, scope=new.scope, former=old.person_id, person=to.pk, rank=new.rank)
    return new


@transaction.atomic
def take_off(*, duty: Duty, by: Actor, at: datetime) -> None:
    """A duty to come is struck off; a running one ends now."""
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    _require(by, duty.scope, at)
    if duty.to_at <= at:
        raise BadDuty(_("这一班已经过了，留着备查。"))
    journal.write(duty, "take_off", by=by, at=at, scope=duty.scope, person=duty.person_id, rank=duty.rank)
    if duty.from_at >= at:
        Duty.objects.filter(after=duty).update(after=None)
        duty.delete()
    else:
        duty.to_at = at
        duty.save(update_fields=["to_at"])


@transaction.atomic
def load(*, content: bytes, by: Actor, at: datetime) -> int:
    """Put all rows of a CSV sheet on the list, or none: a refusal names the row. Returns how many."""
    count = 0
    for number, row in _rows(content):
        try:
            put_on(by=by, at=at, **_line(row))
        except Refused as refusal:
            raise BadSheet(_("第 %(row)s 行：%(why)s") % {"row": number, "why": refusal}) from refusal
        count += 1
    if not count:
        raise BadSheet(_("表里没有一行值班。第一行写：%(columns)s。") % {"columns": "、".join(COLUMNS)})
    return count


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their number as a spreadsheet counts; Excel writes UTF-8 with a mark, or GB 18030."""
    if len(content) > MOST_BYTES:
        raise BadSheet(_("文件太大了，一次最多 %(most)s 行。") % {"most": MOST_ROWS})
    reader = csv.DictReader(io.StringIO(_text(content)))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadSheet(_("第一行少了：%(columns)s。") % {"columns": "、".join(missing)})
    for number, row in enumerate(reader, start=2):
        if number > MOST_ROWS + 1:
            raise BadSheet(_("一次最多 %(most)s 行，请分几次。") % {"most": MOST_ROWS})
        if any((row[column] or "").strip() for column in COLUMNS):
            yield number, {column: (row[column] or "").strip() for column in COLUMNS}


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError as fault:
            raise BadSheet(_("读不出文字。请另存为 CSV（UTF-8）再传。")) from fault


def _line(row: dict[str, str]) -> dict[str, Any]:
    person = Person.objects.filter(login=row["登录名"]).first()
    if person is None:
        raise BadSheet(_("没有登录名「%(login)s」。") % {"login": row["登录名"][:40]})
    rank = row["顺位"]
    return {
        "scope": row["地方代码"], "person": person, "rank": int(rank) if rank.isascii() and rank.isdigit() else 0,
        "from_at": _moment(row["从"]), "to_at": _moment(row["到"]),
    }  # fmt: skip


def _moment(text: str) -> datetime:
    for form in WRITTEN:
        try:
            return timezone.make_aware(datetime.strptime(text, form))  # noqa: DTZ007 (made aware in the same breath)
        except ValueError:
            continue
    raise BadSheet(_("时间写成 2026-08-10 20:00 这样：%(text)s") % {"text": text[:20]})
