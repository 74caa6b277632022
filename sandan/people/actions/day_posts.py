"""One-day posts (一日网格员): made for a day, acts in a mentor's name with a trace, a summary (R119, R120)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.calc.masking import masked
from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.people.actions import post_followers
from sandan.people.actions.appointing import a_login
from sandan.people.actions.posts import Actor, BadTerm, give_post, make_person
from sandan.people.models import DayAct, DayPost, Person, Post, Role
from sandan.places.models import Place

MOST_AHEAD = 60  # days
MOST_ACTS = 50  # a day
MENTORS = (Role.GRID_WORKER, Role.GRID_LEADER, Role.DISPATCHER)
LONGEST_WORDS, LONGEST_SUMMARY = 500, 1000


class BadDay(Refused):
    """No mentor on that ground, no task, or nothing said."""


@dataclass(frozen=True, repr=False)
class DayMade:
    """A day's post and the password of its account, shown once."""

    day: DayPost
    password: str

    @property
    def post(self) -> Post:
        """The post beside it."""
        return self.day.post


def term_of(on: date) -> tuple[datetime, datetime]:
    """A local day: from its midnight to the next one."""
    return tuple(timezone.make_aware(datetime.combine(on + timedelta(days=n), time())) for n in (0, 1))  # type: ignore[return-value]


@transaction.atomic
def make_day(
    *, grid: Place, on: date, mentor: Person, tasks: Sequence[str], name: str, by: Actor, at: datetime, phone: str = ""
) -> DayMade:
    """R119: an account that lives for one local day in one grid, beside a mentor.

    Raises BadTerm, BadDay, Taken, BadPhone or NotAllowed.
    """
    begins, ends = term_of(on)
    today = timezone.localtime(at).date()
    if not today <= on <= today + timedelta(days=MOST_AHEAD):
        raise BadTerm(_("日子选今天到 %(days)d 天以内。") % {"days": MOST_AHEAD})
    if not set(tasks) or set(tasks) - set(DayPost.Task.values):
        raise BadDay(_("选一两件让他做的事。"))
    if not may_mentor(mentor, grid.code, max(begins, at)):
        raise BadDay(_("带岗的人要在这个网格或这个社区有岗位。请换一位。"))
    password = secrets.token_urlsafe(9)
    person = make_person(
        login=a_login(), name=name, phone=phone, password=password, scope=grid.code, by=by, at=at,
        role=Role.DAY_WORKER, ends_at=ends,
    )  # fmt: skip
    post = give_post(
        person=person, role=Role.DAY_WORKER, scope=grid.code, from_at=max(begins, at), to_at=ends, by=by, at=at
    )
    day = DayPost.objects.create(post=post, on=on, mentor=mentor, tasks=sorted(set(tasks)))
    journal.write(
        post, "day", by=by, at=at, scope=grid.code, mentor=mentor.pk, on=on.isoformat(), tasks=sorted(set(tasks))
    )
    return DayMade(day, password)


def may_mentor(person: Person, code: str, at: datetime) -> bool:
    """Whether somebody holds a post on that ground then."""
    return person.is_active and Post.objects.held(at).over(code).filter(person=person, role__in=MENTORS).exists()


def _own(day: DayPost, by: Person, at: datetime) -> DayPost:
    locked = DayPost.objects.select_for_update(of=("self",)).select_related("post__person", "mentor").get(pk=day.pk)
    if locked.post.person_id != by.pk:
        raise NotAllowed(_("这是别人的一天。"))
    if not locked.is_on(at):
        raise Stale(_("您的一天还没开始，或者已经过了零点。"))
    return locked


def _said(words: str, longest: int) -> str:
    clean = masked("".join(c for c in words if c == "\n" or c.isprintable()).strip(), "public")
    if not clean:
        raise BadDay(_("还没有写内容。一句话就行。"))
    if len(clean) > longest:
        raise BadDay(_("写得太长了，最多 %(most)s 字。") % {"most": longest})
    return clean


@transaction.atomic
def act(*, day: DayPost, task: str, words: str, by: Person, at: datetime) -> DayAct:
    """R120: one thing done in the mentor's name; the line names both. A report becomes an order of the mentor's.

    Raises NotAllowed for a task that was not given, Stale outside the day, BadDay without words.
    """
    day = _own(day, by, at)
    if task not in day.tasks:
        raise NotAllowed(_("这件事今天没安排给您，请跟带岗的人说。"))
    if day.acts.count() >= MOST_ACTS:
        raise BadDay(_("今天记得够多了，别的请当面告诉带岗的人。"))
    row = DayAct.objects.create(day=day, at=at, task=task, words=_said(words, LONGEST_WORDS))
    if task == DayPost.Task.REPORT:
        row.order_number = post_followers.report(row, at)
        row.save(update_fields=["order_number"])
    journal.write(
        row, "act", by=by, at=at, scope=day.post.scope, mentor=day.mentor_id, shadow=by.pk, task=task,
        number=row.order_number,
    )  # fmt: skip
    post_followers.tell("day_act", row, [day.mentor], at)
    return row


@transaction.atomic
def sum_up(*, day: DayPost, words: str, by: Person, at: datetime) -> DayPost:
    """The summary at the end of the day; written again, the newer one stands. Raises as `act`."""
    day = _own(day, by, at)
    day.summary, day.summed_at = _said(words, LONGEST_SUMMARY), at
    day.save(update_fields=["summary", "summed_at"])
    journal.write(day.post, "summary", by=by, at=at, scope=day.post.scope, mentor=day.mentor_id)
    post_followers.tell("day_summary", day.post, [day.mentor], at)
    return day


@transaction.atomic
def look(*, day: DayPost, by: Person, at: datetime) -> int:
    """The mentor has looked at what was done in their name; how many acts were new to them. Raises NotAllowed."""
    if day.mentor_id != by.pk:
        raise NotAllowed(_("由带岗的人来看过。"))
    new = day.acts.filter(seen_at=None).update(seen_at=at)
    if new:
        journal.write(day.post, "seen", by=by, at=at, scope=day.post.scope, count=new)
    return new
