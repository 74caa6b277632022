"""How posts end: by hand, by handing over, by themselves. What somebody had in hand never stays without an owner."""

from datetime import datetime, timedelta
from typing import Literal

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.people import access
from sandan.people.actions import post_followers
from sandan.people.actions.post_followers import Leaving, Moved
from sandan.people.actions.posts import DEPUTY, Actor, BadTerm, give_post, require_appointer
from sandan.people.models import Person, Post, Role

log = structlog.get_logger("sandan.people")
LONGEST_AHEAD = timedelta(days=366)
STILL_NEWS = timedelta(days=2)


class LastLiaison(Refused):
    """A street is never without a liaison: hand the post over instead of ending it."""


class BadHandOver(Refused):
    """To the same person, or too far ahead."""


@transaction.atomic
def end_post(*, post: Post, by: Actor, at: datetime, on: datetime | None = None) -> Post:
    """The post ends now or, with `on`, then; what went along with it is told in `post.moved`.

    Raises BadTerm where it is over or to come, NotAllowed, LastLiaison, and what followers refuse.
    """
    if post.role == Role.LIAISON and post.grade != DEPUTY:
        raise LastLiaison(_("街道不能没有联络员。请用交接，直接换成下一位。"))
    access.forget(post.person)
    ends = max(on, at) if on else at
    locked = _cut(post, by, at, ends)
    if ends <= at:
        _settle(locked, None, by, at)
    return locked


def _settle(post: Post, to: Person | None, by: Actor | Literal["clock"], at: datetime) -> Moved:
    """Everything in hand goes on; the post needs no second look."""
    access.forget(post.person)
    post.moved = moved = post_followers.follow(Leaving(post, to, by, at))
    post.settled_at = at
    post.save(update_fields=["settled_at"])
    journal.write(
        post, "settle", by=by, at=at, scope=post.scope, person=post.person_id, passed=sum(moved.passed.values()),
        returned=moved.returned, shifts=moved.shifts, to=to.pk if to else None,
    )  # fmt: skip
    return moved


@transaction.atomic
def hand_over(*, post: Post, to: Person, by: Actor, at: datetime, on: datetime | None = None) -> Post:
    """The post goes to somebody else now or `on` a day, without a gap or an overlap; what is open goes along then.

    Returns the new post; what went along now is told in its `moved`. Raises BadTerm, BadHandOver or NotAllowed.
    """
    if to == post.person:
        raise BadHandOver(_("这个岗位本来就是%(name)s的。请选另一位。") % {"name": to.name})
    access.forget(post.person)
    start = max(on, at) if on else at
    term = Post.objects.values_list("to_at", flat=True).get(pk=post.pk)
    until = term if term and term > start else None  # the term goes along
    locked = _cut(post, by, at, start)
    new = give_post(
        person=to, role=locked.role, scope=locked.scope, from_at=start, to_at=until, by=by, at=at, unit=locked.unit,
        grade=locked.grade, shift=locked.shift,
    )  # fmt: skip
    locked.next = new
    locked.save(update_fields=["next"])
    if start <= at:
        new.moved = _settle(locked, to, by, at)
    journal.write(
        locked, "hand_over", by=by, at=at, scope=locked.scope, new=new.pk, on=start.isoformat(timespec="minutes")
    )
    return new


def _cut(post: Post, by: Actor, at: datetime, ends: datetime) -> Post:
    """Lock the post and let it end then."""
    locked = Post.objects.select_for_update(of=("self",)).select_related("person", "unit").get(pk=post.pk)
    require_appointer(by, locked.role, locked.scope, at)
    if locked.to_at is not None and locked.to_at <= at:
        raise BadTerm(_("这个岗位已经结束了，不用再办。"))
    if locked.from_at >= ends:
        raise BadTerm(_("这个岗位还没开始。到了那天再结束，或改开始的日子。"))
    if ends > at + LONGEST_AHEAD:
        raise BadTerm(_("最多提前一年定。再看一眼日期。"))
    locked.to_at = ends
    locked.save(update_fields=["to_at"])
    journal.write(
        locked, "end", by=by, at=at, scope=locked.scope, person=locked.person_id, role=locked.role,
        on=ends.isoformat(timespec="minutes"),
    )  # fmt: skip
    return locked


def lapse(*, at: datetime, most: int = 200) -> int:
    """Close over every post whose term has ended by itself, each in its own transaction; how many.

    Where nobody could take what is open, the post stays to be looked at again: an order keeps its owner until then.
    """
    done, after = 0, 0
    while done < most and (pk := _next_over(at, after)):
        after, done = pk, done + _lapsed(pk, at)
    return done


def _next_over(at: datetime, after: int) -> int | None:
    over = Post.objects.filter(to_at__lte=at, settled_at=None, pk__gt=after)
    return over.order_by("pk").values_list("pk", flat=True).first()


def _lapsed(pk: int, at: datetime) -> int:
    try:
        with transaction.atomic():
            rows = Post.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, settled_at=None)
            post = rows.select_related("person", "unit").first()
            if post is None:
                return 0
            follows = Post.objects.held(at).filter(pk=post.next_id or 0).select_related("person").first()
            moved = _settle(post, follows.person if follows else None, "clock", at)
            if _is_news(post, moved, at):
                post_followers.tell("post_ended", post, [post.person], at)
            if follows:
                post_followers.tell("post_given", follows, [follows.person], at)
            return 1
    except Refused:
        log.warning("post ended and nobody takes its orders", post=pk)
        return 0


def _is_news(post: Post, moved: Moved, at: datetime) -> bool:
    """Whether the holder should hear of it: something went, or a post of the staff ended these days."""
    is_fresh = post.to_at is not None and post.to_at > at - STILL_NEWS
    return bool(moved.count) or (is_fresh and post.role not in (Role.MEMBER, Role.DAY_WORKER))
