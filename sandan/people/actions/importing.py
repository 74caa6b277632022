"""R004, R005, R107: lists of units, members and posts come as sealed drafts, apply as a whole, go back as a whole."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from types import ModuleType

from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from sandan.calc.sheets.books import NoBook
from sandan.calc.sheets.lists import Listing, listing
from sandan.calc.sheets.records import Fault, Where
from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.people import access
from sandan.people.actions import import_members, import_posts, import_units
from sandan.people.actions.import_plans import Desk, Plan, Tick
from sandan.people.actions.posts import Actor
from sandan.people.models import ImportProgress, PeopleImport, Person
from sandan.people.queries import import_scope, import_words
from sandan.people.queries.import_columns import MEANING, REQUIRED
from sandan.people.queries.import_ground import ground_of
from sandan.places.models import Place

Kind, State = PeopleImport.Kind, PeopleImport.State
KINDS: Mapping[str, ModuleType] = {
    Kind.UNITS: import_units, Kind.MEMBERS: import_members, Kind.POSTS: import_posts,
}  # fmt: skip
MOST_BYTES = 10 * 2**20
MOST_ROWS = 20_000
KEPT_DRAFTS = timedelta(days=1)
ONE_AT_A_TIME = 735  # advisory lock, with the county: two lists at once could make one person twice


class BadList(Refused):
    """The list cannot be taken as it is."""


class CannotUndoList(Refused):
    """Something newer stands on the import."""


@transaction.atomic
def receive_list(*, kind: str, county: Place, name: str, data: bytes, by: Actor, at: datetime) -> PeopleImport:
    """Keep a list as a sealed draft to be looked over; drafts older than a day go. Raises BadList or NotAllowed."""
    _require(by, kind, county.code, at)
    if not data:
        raise BadList(_("这个文件是空的。请重新选一个。"))
    if len(data) > MOST_BYTES:
        raise BadList(_("文件超过 10 MB。请分成几个文件，再一个一个导入。"))
    forget_lists(at=at)
    row = PeopleImport.objects.create(
        kind=kind, county=county, by=None if by == "system" else by, at=at, name=name[-120:], size=len(data), file=data,
        digest=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip
    ImportProgress.objects.create(work=row)
    return row


def forget_lists(*, at: datetime) -> int:
    """Drafts that nobody applied within a day go, with their files; returns how many."""
    _rows, by_model = PeopleImport.objects.filter(state=State.DRAFT, at__lt=at - KEPT_DRAFTS).delete()
    return by_model.get("people.PeopleImport", 0)


def _require(by: Actor, kind: str, county: str, at: datetime) -> None:
    if isinstance(by, Person) and not import_scope.may(access.posts_of(by, at), kind, county):
        raise NotAllowed(_("这种名单不归您导入。请找区里的管理员。"))


def look_over(*, draft: PeopleImport, by: Actor, at: datetime, answers: Mapping[str, str] | None = None) -> Plan:
    """What the list would do as things stand now; nothing is changed."""
    return _desk(draft, by, at, answers).plan


def _desk(draft: PeopleImport, by: Actor, at: datetime, answers: Mapping[str, str] | None) -> Desk:
    found = _listing(draft)
    plan = Plan(draft.kind, found, list(found.faults))
    county = draft.county_id
    desk = Desk(plan, county, by, at, ground_of(county), draft.answers if answers is None else answers)
    if found.lines:
        KINDS[draft.kind].plan(desk)
    plan.faults.sort(key=lambda fault: (fault.where.sheet, fault.where.row))
    return desk


def _listing(draft: PeopleImport) -> Listing:
    """The rows of the file; what keeps it from being read at all is a fault without a row."""
    nowhere = Where("", 0)
    try:
        found = listing(draft.file.open_bytes() if draft.file else b"", MEANING[draft.kind], REQUIRED[draft.kind])
    except NoBook as fault:
        return Listing(faults=(Fault(nowhere, "", fault.what),))
    if len(found.lines) > MOST_ROWS:
        return Listing(faults=(Fault(nowhere, "", "too_many_rows", str(MOST_ROWS)),))
    if not found.lines and not found.faults:
        return Listing(skipped=found.skipped, faults=(Fault(nowhere, "", "nothing"),))
    return found


@transaction.atomic
def apply_list(
    *, draft: PeopleImport, by: Actor, at: datetime, answers: Mapping[str, str] | None = None, tick: Tick | None = None
) -> PeopleImport:
    """Do what the list says, or nothing at all. Raises BadList with the first faults, NotAllowed or Stale."""
    row = PeopleImport.objects.select_for_update(of=("self",)).select_related("county").get(pk=draft.pk)
    if row.state != State.DRAFT:
        raise Stale(_("这个文件已经导入过了。到导入记录里看结果。"))
    _require(by, row.kind, row.county_id, at)
    _alone(row.county_id)
    desk = _desk(row, by, at, answers)
    if not desk.plan.is_ready:
        raise BadList(import_words.why_not(desk.plan.faults, len(desk.plan.questions)))
    try:
        before = KINDS[row.kind].write(desk.plan, desk, tick or _no_tick)
    except IntegrityError as fault:
        raise Stale(_("预览之后有人登记了同一个人或同一个岗位。请重新看一遍预览，再导入。")) from fault
    row.before, row.file, row.answers = json.dumps(before), None, {}
    row.state, row.applied_at, row.counts = State.APPLIED, at, desk.plan.counts
    row.save()
    totals = {what: sum(counts.get(what, 0) for counts in row.counts.values()) for what in ("new", "changed", "same")}
    journal.write(row, "import", by=by, at=at, scope=row.county_id, kind=row.kind, digest=row.digest, **totals)
    return row


def _alone(county: str) -> None:
    """Nobody else imports in this county until the transaction ends; Stale where somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [ONE_AT_A_TIME, int(county)])
        if not cursor.fetchone()[0]:
            raise Stale(_("有人正在导入。等他那边好了，再看一遍预览。"))


def _no_tick(done: int, total: int) -> None:
    """Nobody looks on."""


class Beside:
    """Tells how far an import is, on a connection of its own: what stands in the transaction nobody else sees yet."""

    def __init__(self, draft: PeopleImport) -> None:
        self._pk = draft.pk
        self._connection = connections["default"].copy()

    def __enter__(self) -> Tick:
        return self.tick

    def tick(self, done: int, total: int) -> None:
        """Write both figures at once; a connection that cannot be had hinders no import."""
        with suppress(DatabaseError), self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE people_importprogress SET done = %s, total = %s WHERE work_id = %s", [done, total, self._pk]
            )

    def __exit__(self, *_fault: object) -> None:
        self._connection.close()


@transaction.atomic
def undo_list(*, work: PeopleImport, by: Actor, at: datetime) -> PeopleImport:
    """Put everything back as it was before the import; CannotUndoList says what has been built upon it."""
    row = PeopleImport.objects.select_for_update(of=("self",)).get(pk=work.pk)
    if row.state != State.APPLIED or row.before is None:
        raise CannotUndoList(_("这次导入已经撤回过了。"))
    _require(by, row.kind, row.county_id, at)
    _alone(row.county_id)
    before, kind = json.loads(row.before.open_unlogged()), KINDS[row.kind]
    reasons = kind.objections(before)
    if reasons:
        raise CannotUndoList(_("现在不能撤回：%(reasons)s。请一个一个改。") % {"reasons": "；".join(reasons)})
    try:
        with transaction.atomic():
            kind.take_back(before)
    except (ProtectedError, IntegrityError) as fault:
        raise CannotUndoList(_("导入的人、单位或岗位已经用在别处了，不能撤回。请一个一个改。")) from fault
    row.state, row.undone_at, row.undone_by, row.before = State.UNDONE, at, None if by == "system" else by, None
    row.save(update_fields=["state", "undone_at", "undone_by", "before"])
    journal.write(row, "undo_import", by=by, at=at, scope=row.county_id, kind=row.kind)
    return row
