"""An office brings its own ground: a file is kept as a draft, applied as a whole, and taken back as a whole."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.calc.ground import Datum
from sandan.calc.ground.papers import CELLS, MOST_BYTES
from sandan.core import journal
from sandan.core.errors import Refused, Stale
from sandan.places import queries
from sandan.places.actions import followers
from sandan.places.actions.followers import Shift
from sandan.places.actions.ground import hold, touch
from sandan.places.actions.storing import (
    BUILDING_FIELDS,
    CELL_FIELDS,
    ESTATE_FIELDS,
    UPPER_FIELDS,
    Row,
    places_of,
    snapshot,
    unpack,
    upsert,
)
from sandan.places.actions.writing import write_plan
from sandan.places.models import Building, Estate, GroundImport, Place, PlaceChange

State = GroundImport.State
KEPT_DRAFTS = timedelta(days=1)
Mapped = Mapping[str, tuple[str, ...]]


class BadFile(Refused):
    """The file cannot be taken as it is."""


class CannotUndoImport(Refused):
    """Something newer stands on the import."""


@transaction.atomic
def receive(
    *, county: Place, name: str, data: bytes, by: Any, at: datetime, datum: Datum | None = None, ends_rest: bool = True
) -> GroundImport:
    """Keep a file as a draft to be looked over; drafts older than a day go. Refused when it is empty or too large."""
    if not data:
        raise BadFile(_("这个文件是空的。请重新选一个。"))
    if len(data) > MOST_BYTES:
        raise BadFile(_("文件超过 40 MB。请按街道分成几个文件，再一个一个导入。"))
    forget_drafts(at=at)
    county = Place.objects.only("code", "version").get(code=county.code)
    return GroundImport.objects.create(
        county=county, by=None if isinstance(by, str) else by, at=at, name=name[-120:], file=data, size=len(data),
        digest=hashlib.sha256(data).hexdigest(), datum=datum or "", ends_rest=ends_rest, version=county.version,
    )  # fmt: skip


def forget_drafts(*, at: datetime) -> int:
    """Drafts that nobody applied within a day go, with their files; returns how many."""
    return GroundImport.objects.filter(state=State.DRAFT, at__lt=at - KEPT_DRAFTS).delete()[0]


@transaction.atomic
def describe(*, draft: GroundImport, datum: Datum | None, ends_rest: bool) -> GroundImport:
    """Say of a draft in which datum it is told, and whether what it does not name is gone."""
    draft = _draft(draft)
    draft.datum, draft.ends_rest = datum or "", ends_rest
    draft.save(update_fields=["datum", "ends_rest"])
    return draft


def _draft(draft: GroundImport) -> GroundImport:
    row = GroundImport.objects.select_for_update(of=("self",)).select_related("county").get(pk=draft.pk)
    if row.state != State.DRAFT:
        raise Stale(_("这个文件已经导入过了。到导入记录里看结果。"))
    return row


@transaction.atomic
def apply(
    *, draft: GroundImport, by: Any, at: datetime, choices: Mapped | None = None, version: int | None = None
) -> GroundImport:
    """Make the ground what the file says, or change nothing at all.

    `choices` name the codes that take the place of an ended one, where they differ from what the preview proposed;
    `version` is the ground that the preview showed. Raises BadFile with the first faults, Stale, or Refused while
    somebody else is at it.
    """
    county = hold(draft.county_id)
    draft = _draft(draft)
    if version is not None and version != county.version:
        raise Stale(_("预览之后网格又改过。请重新看一遍预览，再导入。"))
    seen = queries.preview(draft)
    if not seen.is_ready or seen.plan is None:
        raise BadFile(_why_not(seen))
    plan = seen.plan
    communities = sorted(queries.touched_communities(plan))
    draft.before = snapshot(communities, county.code)
    made = write_plan(plan, county, communities, timezone.localtime(at).date())
    change = PlaceChange.objects.create(
        at=at, kind="import", by=None if isinstance(by, str) else by, communities=communities,
        old_codes=_codes(plan.gone), new_codes=made,
    )  # fmt: skip
    draft.state, draft.applied_at, draft.change, draft.counts = State.APPLIED, at, change, queries.counts_of(plan)
    draft.file = b""  # columns that are not ours may name people; the digest still says which file it was
    draft.save()
    touch(county.code)
    followers.follow(Shift(change, _mapping(seen, choices or {}), by, at))
    journal.write(
        draft, "import", by=by, at=at, scope=county.code, digest=draft.digest, change=change.pk,
        **{kind: sum(c.get(kind, 0) for c in draft.counts.values()) for kind in ("new", "changed", "gone")},
    )  # fmt: skip
    return draft


def _codes(turns: Sequence[Any]) -> list[str]:
    return [turn.key[0] for turn in turns if turn.kind in CELLS]


def _why_not(seen: queries.Preview) -> str:
    if seen.draft.needs_datum:
        return _("先选坐标系：文件里的经纬度没有说明是哪一种。")
    if seen.draft.faults:
        lines = [queries.fault_words(fault) for fault in seen.draft.faults]
        more = _("；还有 %(count)d 处") % {"count": len(lines) - 5} if len(lines) > 5 else ""
        return _("文件有 %(count)d 处要改，什么都没导入。%(first)s%(more)s") % {
            "count": len(lines), "first": "；".join(lines[:5]), "more": more
        }  # fmt: skip
    return _("文件里的内容和现在的一样，不用导入。")


def _mapping(seen: queries.Preview, choices: Mapped) -> dict[str, tuple[str, ...]]:
    """For every code that ends the ones in its place: as chosen, else as proposed; a micro-grid may follow its grid."""
    proposed = {code: tuple(new for new, _share in found[:1]) for code, found in (seen.successors or {}).items()}
    found = {code: choices.get(code) or new for code, new in proposed.items()}
    return {code: new or (found.get(code[:15], ()) if len(code) == 17 else ()) for code, new in found.items()}


@transaction.atomic
def undo_import(*, ground_import: GroundImport, by: Any, at: datetime) -> GroundImport:
    """Put the ground back exactly as it was before the last import of a county; CannotUndoImport says why not."""
    row = GroundImport.objects.select_for_update(of=("self",)).get(pk=ground_import.pk)
    if row.state != State.APPLIED or row.change is None or row.before is None:
        raise CannotUndoImport(_("这次导入已经撤回过了。"))
    county = hold(row.county_id)
    reasons = [*_newer(row), *followers.objections(row.change)]
    if reasons:
        raise CannotUndoImport(_("现在不能撤回：%(reasons)s") % {"reasons": "；".join(reasons)})
    followers.unfollow(row.change, by, at)
    before = unpack(bytes(row.before))
    try:
        with transaction.atomic():
            _restore(before, county.code)
    except ProtectedError as fault:
        raise CannotUndoImport(
            _("已经有单子或岗位用到这次新增的小区或网格，不能撤回。请另导入一个文件来改。")
        ) from fault
    back = PlaceChange.objects.create(
        at=at, kind="undo", by=None if isinstance(by, str) else by, communities=row.change.communities,
        old_codes=row.change.new_codes, new_codes=row.change.old_codes,
    )  # fmt: skip
    row.state, row.undone_at, row.undone_by, row.before = State.UNDONE, at, back.by, None
    row.save(update_fields=["state", "undone_at", "undone_by", "before"])
    touch(county.code)
    journal.write(row, "undo_import", by=by, at=at, scope=county.code, change=back.pk)
    return row


def _newer(row: GroundImport) -> list[str]:
    """Changes of the same ground after the import that were not taken back."""
    assert row.change is not None
    later = PlaceChange.objects.filter(pk__gt=row.change.pk, communities__overlap=row.change.communities)
    undone = GroundImport.objects.filter(state=State.UNDONE, change__in=later)
    if later.exclude(ground_import__in=undone).exclude(kind="undo").exists():
        return [_("这之后网格又改过，请先撤回后来的改动")]
    return []


def _restore(before: Mapping[str, list[Row]], county: str) -> None:
    """All rows as they were; those made since go. Raises ProtectedError where something refers to one of them."""
    codes: list[Any] = list(before["communities"])
    places = [Place(**row) for row in before["places"]]
    upsert(Place, [p for p in places if p.kind in CELLS], CELL_FIELDS)
    upsert(Place, [p for p in places if p.kind not in CELLS], UPPER_FIELDS)
    upsert(Estate, [Estate(**row) for row in before["estates"]], ESTATE_FIELDS)
    upsert(Building, [Building(**row) for row in before["buildings"]], BUILDING_FIELDS)
    Building.objects.filter(estate__community__in=codes).exclude(pk__in=[b["id"] for b in before["buildings"]]).delete()
    Estate.objects.filter(community__in=codes).exclude(pk__in=[e["id"] for e in before["estates"]]).delete()
    made = places_of(codes, county).filter(kind__in=CELLS).exclude(code__in=[p.code for p in places])
    for length in (17, 15):
        made.filter(code__regex=rf"^.{{{length}}}$").delete()
