"""R007, R200: what was found in a community before units come, and how far each unit has come in three steps."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.people import access
from sandan.people.actions.posts import Actor
from sandan.people.actions.units_rights import require
from sandan.people.models import CommunitySurvey, Resource, Scheme, Unit, UnitStage
from sandan.people.queries import member_scope
from sandan.places.models import Place

BEFORE = {"match": "survey", "checkin": "match"}  # a step is done after the one before it


class BadDates(Refused):
    """The end would come before the beginning, or lies in a day to come."""


class StepBefore(Refused):
    """The step before is not done."""


class BadSurvey(Refused):
    """A count below nought, or a day to come."""


@transaction.atomic
def write_survey(
    *, community: Place, on: date, households: int, needs: Sequence[str], resources: Sequence[str], by: Actor,
    at: datetime, gaps: str = "", staff_count: int | None = None, capacity: int | None = None,
) -> CommunitySurvey:  # fmt: skip
    """What was found on that day; a second writing of the same day replaces it. Raises NotAllowed or BadSurvey."""
    codes = () if by == "system" else member_scope.areas(access.posts_of(by, at))
    if by != "system" and not any(community.code.startswith(code) for code in codes):
        raise NotAllowed(_("这个社区不归您摸底。"))
    if on > timezone.localdate(at) or min(households, staff_count or 0, capacity or 0) < 0:
        raise BadSurvey(_("日子不能晚于今天，人数和户数不能小于 0。"))
    row, _is_new = CommunitySurvey.objects.update_or_create(
        community=community, on=on,
        defaults={
            "households": households, "staff_count": staff_count, "capacity": capacity, "gaps": gaps.strip(),
            "needs": [tag for tag in Resource.values if tag in needs],
            "resources": [tag for tag in Resource.values if tag in resources],
            "by": None if by == "system" else by, "at": at,
        },
    )  # fmt: skip
    journal.write(row, "survey", by=by, at=at, scope=community.code, on=str(on))
    return row


@transaction.atomic
def write_step(
    *, unit: Unit, scheme: Scheme, step: str, by: Actor, at: datetime, due_on: date | None = None,
    from_on: date | None = None, done_on: date | None = None, blocker: str = "", note: str = "",
) -> UnitStage:  # fmt: skip
    """One of the three steps as it stands now. Raises NotAllowed, BadDates, or StepBefore."""
    require(by, unit, {"clerk", "overseer"}, at)
    today = timezone.localdate(at)
    if any(day and day > today for day in (from_on, done_on)):
        raise BadDates(_("开始和做完的日子不能晚于今天。还没到的，写在「最迟」里。"))
    if done_on and (from_on is None or done_on < from_on):
        raise BadDates(_("做完的日子要有开始的日子，也不能早于它。"))
    rows = {row.step: row for row in UnitStage.objects.select_for_update().filter(unit=unit, scheme=scheme)}
    earlier = rows.get(BEFORE.get(step, ""))
    if done_on and step in BEFORE and (earlier is None or earlier.done_on is None or earlier.done_on > done_on):
        raise StepBefore(_("上一步还没做完。先记上一步哪天做完的。"))
    row = rows.get(step) or UnitStage(unit=unit, scheme=scheme, step=step)
    row.due_on, row.from_on, row.done_on = due_on, from_on, done_on
    row.blocker, row.note = ("", "") if done_on else (blocker, note.strip())
    row.by, row.at = None if by == "system" else by, at
    row.save()
    is_done = done_on is not None
    journal.write(
        row,
        "step_unit",
        by=by,
        at=at,
        scope=unit.scope,
        unit=unit.pk,
        step=str(step),
        done=is_done,
        blocker=row.blocker,
    )
    return row


def begin_step(unit: Unit, scheme: Scheme, step: str, by: Actor, at: datetime) -> None:
    """The step has begun with what was done just now, where nobody had said so before."""
    row, _is_new = UnitStage.objects.get_or_create(
        unit=unit, scheme=scheme, step=step, defaults={"by": None if by == "system" else by, "at": at}
    )
    if row.from_on is None:
        UnitStage.objects.filter(pk=row.pk).update(from_on=timezone.localdate(at))
