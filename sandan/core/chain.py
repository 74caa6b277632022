"""The hash chain over the journal: lines are sealed in blocks behind the oldest running transaction, so nobody waits."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from sandan.core.models import Block, Entry

GENESIS = bytes(32)
LOCK = 7_303_101  # advisory lock: one sealer at a time; writers of the journal never touch it


@dataclass(frozen=True)
class Verdict:
    """What an audit found: how many lines it checked, and the first break in words, empty when the chain is whole."""

    blocks: int
    lines: int
    unsealed: int
    broken: str = ""


def line_bytes(entry: Entry) -> bytes:
    """The canonical bytes of a line: the same whatever machine or language writes them."""
    fields = [
        entry.pk, entry.at.timestamp(), entry.recorded_at.timestamp(), entry.subject, entry.subject_id, entry.verb,
        entry.actor, entry.actor_id, entry.scope, entry.facts, entry.era, entry.tx,
    ]  # fmt: skip
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _lines(era: int, from_tx: int, to_tx: int) -> QuerySet[Entry]:
    return Entry.objects.filter(era=era, tx__gte=from_tx, tx__lt=to_tx).order_by("tx", "id")


def _digest(previous: bytes, header: tuple[int, int, int, int], lines: Iterator[Entry]) -> tuple[bytes, int]:
    """The digest of a block over the one before it, its own bounds and all its lines; and how many lines there were."""
    sha, count = hashlib.sha256(previous + json.dumps(header).encode()), 0
    for entry in lines:
        sha.update(hashlib.sha256(line_bytes(entry)).digest())
        count += 1
    return sha.digest(), count


def _horizon() -> tuple[int, int]:
    """This cluster's identifier, and the first transaction number that may still be running."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM pg_control_system()"
        )
        row: tuple[int, int] = cursor.fetchone()
    return row


@transaction.atomic
def seal() -> int:
    """Seal all lines of finished transactions; returns how many. A second sealer at the same time does nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    era, horizon = _horizon()
    last = Block.objects.order_by("-id").first()
    sealed = 0
    if last and last.era != era:
        sealed += _seal_old_eras(last, era)
        last = Block.objects.order_by("-id").first()
    return sealed + _seal_block(last, era, last.to_tx if last and last.era == era else 0, horizon)


def _seal_old_eras(last: Block, era: int) -> int:
    """After moving to another cluster: what the old one had not sealed yet is sealed whole, era by era."""
    eras = Entry.objects.exclude(era=era).order_by("era").values_list("era", flat=True).distinct()
    done = dict.fromkeys(Block.objects.values_list("era", flat=True))
    sealed = 0
    for old in eras:
        start = last.to_tx if old == last.era else 0
        if old == last.era or old not in done:
            newest = Block.objects.order_by("-id").first()
            sealed += _seal_block(newest, old, start, 2**62)
    return sealed


def _seal_block(last: Block | None, era: int, from_tx: int, to_tx: int) -> int:
    lines = _lines(era, from_tx, to_tx)
    if not lines.exists():
        return 0
    number = (last.pk if last else 0) + 1
    previous = bytes(last.digest) if last else GENESIS
    digest, count = _digest(previous, (number, era, from_tx, to_tx), lines.iterator(5000))
    Block.objects.create(
        id=number, era=era, from_tx=from_tx, to_tx=to_tx, line_count=count, previous=previous, digest=digest
    )
    return count


def audit() -> Verdict:
    """Check every block against its lines and its predecessor; names the first break."""
    previous, checked, blocks, last = GENESIS, 0, 0, None
    for block in Block.objects.order_by("id").iterator(500):
        broken, count = _check(block, blocks + 1, previous)
        checked += count
        if broken:
            return Verdict(blocks, checked, 0, broken)
        previous, blocks, last = bytes(block.digest), blocks + 1, block
    covered = Entry.objects.count()
    return Verdict(blocks, checked, covered - checked, _stray(last))


def _check(block: Block, number: int, previous: bytes) -> tuple[str, int]:
    if block.pk != number:
        return f"block {number} is missing", 0
    if bytes(block.previous) != previous:
        return f"block {number} does not follow the block before it", 0
    header = (block.pk, block.era, block.from_tx, block.to_tx)
    digest, count = _digest(previous, header, _lines(block.era, block.from_tx, block.to_tx).iterator(5000))
    if count != block.line_count:
        return f"block {number}: {count} lines where {block.line_count} were sealed", count
    return ("" if digest == bytes(block.digest) else f"block {number}: a line was changed"), count


def _stray(last: Block | None) -> str:
    """A line that claims an era no block knows, while later blocks exist, was slipped in."""
    if last is None:
        return ""
    known = set(Block.objects.values_list("era", flat=True))
    stray = Entry.objects.exclude(era__in=known).exclude(era=_horizon()[0]).order_by("id").first()
    return f"line {stray.pk} belongs to no known era" if stray else ""
