"""Forgetting with proof: what is past its time goes in short batches, and one row says how much, until when, what left.

Rooms describe their rules; `run` erases and proves. A rule that a killed run did not finish goes on at the next one.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sandan.core import journal
from sandan.core.batches import claimed
from sandan.core.models import Erasure, Look

Key = int | str
Names = Sequence[str]

BATCH = 20  # rows in one transaction: so long are they locked
KEEP_LOOKS = timedelta(days=365)  # the law asks for six months at least
MOST = 20_000  # rows of one rule in one night: several times what a large district adds in a day

# What auditors and operators read about each rule: practice 11.4, and what our own tables add to it.
KEPT: dict[str, tuple[Promise, Promise]] = {
    "contact": (_("称呼、电话、门牌、原话、满意度"), _("办完后两年")),
    "pictures": (_("照片（封存事项除外）"), _("办完后 180 天，之后只留小图，去掉拍摄时间地点")),
    "sealed_pictures": (_("封存事项的照片"), _("办完后一年，之后全删")),
    "callers": (_("记下的来电号码"), _("最后一次来电后 180 天")),
    "devices": (_("用过放行码的手机"), _("放行码到期当晚")),
    "wishes": (_("本人要求删的"), _("办完当晚")),
    "lists": (_("导入名单的底稿（能撤回用的）"), _("导入后 90 天")),
    "looks": (_("谁看过联系方式的记录"), _("12 个月")),
    "drafts": (_("没写完的单子和照片"), _("一天")),
    "codes": (_("短信验证码"), _("一天")),
    "sessions": (_("到期的登录"), _("到期当晚")),
}


@dataclass(frozen=True)
class Rule:
    """One promise: `due` gives the keys of rows past the cutoff, `erase` empties some of them and names what went.

    `erase` runs in a transaction of its own, skips rows that somebody holds, and writes "table:id" for each row that
    lost something. `left` counts what is past the cutoff and still there.
    """

    code: str
    keep: timedelta
    due: Callable[[datetime, int], Sequence[Key]]
    erase: Callable[[Sequence[Key], datetime], Names]
    left: Callable[[datetime], int]


def run(rules: Iterable[Rule], *, at: datetime) -> dict[str, Erasure]:
    """Carry out each rule once; returns its proof, by code."""
    return {rule.code: _carry_out(rule, at) for rule in rules}


def _carry_out(rule: Rule, at: datetime) -> Erasure:
    cutoff = at - rule.keep
    proof = Erasure.objects.create(rule=rule.code, at=at, cutoff=cutoff)
    keys = rule.due(cutoff, MOST)
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            _note(proof, rule.erase(keys[start : start + BATCH], at))
    proof.left, proof.ended_at = rule.left(cutoff), timezone.now()
    with transaction.atomic():
        proof.save(update_fields=["left", "ended_at"])
        facts: dict[str, journal.Fact] = {
            "rule": rule.code,
            "count": proof.count,
            "left": proof.left,
            "digest": bytes(proof.digest).hex(),
        }
        journal.write(proof, "forgotten", by="clock", at=at, scope="", **facts)
    return proof


def _note(proof: Erasure, names: Names) -> None:
    """Count one batch in its own transaction: what is gone is proved, also where the run is killed afterwards."""
    if not names:
        return
    proof.digest = chained(bytes(proof.digest), names)
    proof.count += len(names)
    Erasure.objects.filter(pk=proof.pk).update(digest=proof.digest, count=F("count") + len(names))


def chained(digest: bytes, names: Names) -> bytes:
    """The proof's digest after one more batch of "table:id"."""
    return hashlib.sha256(digest + "\n".join(names).encode()).digest()


def rule(
    code: str,
    keep: timedelta,
    rows: Callable[[datetime], QuerySet[Any, Any]],
    erase: Callable[[Sequence[Key], datetime], Names],
) -> Rule:
    """A rule whose rows are a queryset of the cutoff: one statement a night finds them, whatever their number."""

    def due(cutoff: datetime, most: int) -> Sequence[Key]:
        return list(rows(cutoff).order_by("pk").values_list("pk", flat=True)[:most])

    return Rule(code, keep, due, erase, lambda cutoff: rows(cutoff).count())


def emptied(rows: QuerySet[Any, Any], **values: object) -> list[str]:
    """Empty these columns of these rows; their names for the proof."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=keys).update(**values)
    return named(rows.model, keys)


def drop(model: type[Any]) -> Callable[[Sequence[Key], datetime], Names]:
    """An `erase` that deletes the rows themselves."""

    def erase(keys: Sequence[Key], _at: datetime) -> Names:
        rows = claimed(model.objects.filter(pk__in=keys).order_by("pk").only("pk"), BATCH)
        model.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return named(model, [row.pk for row in rows])

    return erase


def named(model: type[Model], keys: Sequence[object]) -> list[str]:
    """Rows as a proof names them: "table:id"."""
    return [f"{model._meta.label_lower}:{key}" for key in keys]


def record(*, rule: str, names: Names, at: datetime) -> Erasure:
    """The proof of something erased at once and by itself, in the caller's transaction."""
    digest = chained(bytes(32), names)
    return Erasure.objects.create(rule=rule, at=at, cutoff=at, count=len(names), digest=digest, ended_at=at, left=0)


def _old_looks(cutoff: datetime) -> QuerySet[Look, Look]:
    return Look.objects.filter(at__lt=cutoff)


def _over(cutoff: datetime) -> QuerySet[Session, Session]:
    return Session.objects.filter(expire_date__lt=cutoff)


OWN = (rule("looks", KEEP_LOOKS, _old_looks, drop(Look)), rule("sessions", timedelta(0), _over, drop(Session)))
