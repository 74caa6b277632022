"""The journal's hash chain: lines are sealed in blocks behind the oldest running transaction, so nobody waits."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

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
    head: str = ""  # the last block's digest: kept elsewhere, it proves later that no newest block was taken away


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
    newest = Block.objects.order_by("-id").first()
    sealed = 0
    if newest is None or newest.era != era:
        for old in Entry.objects.exclude(era=era).order_by("era").values_list("era", flat=True).distinct():
            sealed += _seal_block(old, _end_of(old))  # another cluster's lines are all finished
    return sealed + _seal_block(era, horizon)


def _end_of(era: int) -> int:
    """One past the last transaction of an era that is over."""
    return int(Entry.objects.filter(era=era).aggregate(last=Max("tx"))["last"] or 0) + 1


def _start_of(era: int) -> int:
    """Up to where an era is sealed; 0 for one without blocks."""
    return int(Block.objects.filter(era=era).aggregate(last=Max("to_tx"))["last"] or 0)


def _seal_block(era: int, to_tx: int) -> int:
    from_tx = _start_of(era)
    if not _lines(era, from_tx, to_tx).exists():
        return 0
    last = Block.objects.order_by("-id").first()
    number, previous = (last.pk + 1, bytes(last.digest)) if last else (1, GENESIS)
    lines = _lines(era, from_tx, to_tx).iterator(5000)
    digest, count = _digest(previous, (number, era, from_tx, to_tx), lines)
    Block.objects.create(
        id=number, era=era, from_tx=from_tx, to_tx=to_tx, line_count=count, previous=previous, digest=digest
    )
    return count


def audit() -> Verdict:
    """Check every block against its lines and its predecessor; names the first break."""
    previous, checked, blocks, ends = GENESIS, 0, 0, dict[int, int]()
    for block in Block.objects.order_by("id").iterator(500):
        broken, count = _check(block, blocks + 1, previous, ends.get(block.era, 0))
        checked += count
        if broken:
            return Verdict(blocks, checked, 0, broken)
        previous, blocks, ends[block.era] = bytes(block.digest), blocks + 1, block.to_tx
    waiting = _waiting(ends)
    return Verdict(blocks, checked, waiting.count(), _stray(waiting, ends), previous.hex() if blocks else "")


def _check(block: Block, number: int, previous: bytes, from_tx: int) -> tuple[str, int]:
    if block.pk != number:
        return f"block {number} is missing", 0
    if bytes(block.previous) != previous or block.from_tx != from_tx:
        return f"block {number} does not follow the block before it", 0
    header = (block.pk, block.era, block.from_tx, block.to_tx)
    digest, count = _digest(previous, header, _lines(block.era, block.from_tx, block.to_tx).iterator(5000))
    if count != block.line_count:
        return f"block {number}: {count} lines where {block.line_count} were sealed", count
    return ("" if digest == bytes(block.digest) else f"block {number}: a line was changed"), count


def _waiting(ends: dict[int, int]) -> QuerySet[Entry]:
    """The lines that stand in no block."""
    sealed = Q()
    for era, to_tx in ends.items():
        sealed |= Q(era=era, tx__lt=to_tx)
    return Entry.objects.exclude(sealed) if ends else Entry.objects.all()


def _stray(waiting: QuerySet[Entry], ends: dict[int, int]) -> str:
    """A line of another cluster that came after that cluster's last block was closed was slipped in."""
    era = _horizon()[0]
    stray = waiting.exclude(era=era).order_by("id").first() if era in ends else None
    return f"line {stray.pk} belongs to an era that is over" if stray else ""


def oldest_unsealed() -> datetime | None:
    """When the oldest line was written that stands in no block yet; None when all do. Cheap: from the chain's end."""
    era = _horizon()[0]
    waiting = Entry.objects.filter(era=era, tx__gte=_start_of(era)).order_by("tx", "id")
    return waiting.values_list("recorded_at", flat=True).first()


def knows(head: str) -> bool:
    """Whether a block with this digest (hex) stands in the chain: an anchor noted down after an earlier audit."""
    try:
        return Block.objects.filter(digest=bytes.fromhex(head)).exists()
    except ValueError:
        return False
