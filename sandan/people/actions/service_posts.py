"""R014, R015: service posts: offered by a community, claimed, given back, handed over; each ends by itself.

Locks: the post's row, then the person's, so that the last place and one's own limit are both counted once (0018).
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from sandan.core import journal, words
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.people import access
from sandan.people.models import Person, Role, ServiceHolding, ServicePost
from sandan.people.queries import member_lists, member_scope
from sandan.people.queries.member_rules import PostRules, post_rules
from sandan.places.models import Place

How, End = ServiceHolding.How, ServiceHolding.End
LONGEST = timedelta(days=366)
RELEASE_REASONS = ("busy", "moved", "unfit", "ill", "other")
TAKE_BACK_REASONS = ("absent", "agreed", "other")


class BadPost(Refused):
    """A post without a task, an area, a term of at most a year, or with hours that run backwards."""


class TooManyPosts(Refused):
    """The person holds as many as one may."""


class TooSoon(Refused):
    """The person gave this post back a short while ago."""


class NoSuccessor(Refused):
    """Who is asked to take over must be able to claim it."""


@transaction.atomic
def offer_post(
    *, kind: str, place: Place, task: str, weekdays: list[int], minutes: tuple[int, int] | None, seats: int,
    from_at: datetime, to_at: datetime, by: Person, at: datetime,
) -> ServicePost:  # fmt: skip
    """A new service post of a community or a grid. Raises NotAllowed, BadPost or NoKind."""
    _require_keeper(by, place.code, at)
    if kind not in member_lists.post_kinds():
        raise member_lists.NoKind(_("没有这种服务岗，请从列出来的里面选。"))
    _check(place, task, weekdays, minutes, seats, from_at, to_at, at)
    begin, close = minutes or (None, None)
    post = ServicePost.objects.create(
        kind=kind, scope=place.code, task=task.strip(), weekdays=sorted(set(weekdays)), from_minute=begin,
        to_minute=close, seats=seats, from_at=from_at, to_at=to_at, by=by, at=at,
    )  # fmt: skip
    journal.write(post, "offer", by=by, at=at, scope=post.scope, kind=kind, seats=seats)
    return post


def _require_keeper(by: Person, scope: str, at: datetime) -> None:
    if not access.roles_over(access.posts_of(by, at), scope) & member_scope.POST_KEEPERS:
        raise NotAllowed(_("服务岗由当地的社区和网格长来设。"))


def _check(
    place: Place, task: str, weekdays: list[int], minutes: tuple[int, int] | None, seats: int, from_at: datetime,
    to_at: datetime, at: datetime,
) -> None:  # fmt: skip
    if place.kind not in (Place.Kind.COMMUNITY, Place.Kind.GRID, Place.Kind.EXCLUSIVE) or place.valid_to:
        raise BadPost(_("服务岗设在社区或网格，请选一个在用的。"))
    if not task.strip() or not 1 <= seats <= 50:
        raise BadPost(_("写清做什么；人数在 1 到 50 之间。"))
    if bool(weekdays) != bool(minutes) or not set(weekdays) <= set(range(7)):
        raise BadPost(_("哪几天和几点到几点要一起填，或者都不填（时间跟社区约）。"))
    if minutes and not 0 <= minutes[0] < minutes[1] <= 1440:
        raise BadPost(_("几点到几点看着不对：结束要晚于开始。"))
    if to_at <= max(from_at, at) or to_at - from_at > LONGEST:
        raise BadPost(_("日子看着不对：结束要晚于开始，还没过去，一期最长一年。"))


@transaction.atomic
def close_post(*, post: ServicePost, by: Person, at: datetime) -> ServicePost:
    """Withdraw a post; who holds it is free from now on. Raises NotAllowed or Stale."""
    post = _locked(post)
    _require_keeper(by, post.scope, at)
    if post.closed_at or post.to_at <= at:
        raise Stale(_("这个岗已经结束了，不用再办。"))
    post.closed_at = at
    post.save(update_fields=["closed_at"])
    ended = post.holdings.live(at).update(ended_at=at, end=End.CLOSED, offered_to=None)
    journal.write(post, "close", by=by, at=at, scope=post.scope, holders=ended)
    return post


def _locked(post: ServicePost) -> ServicePost:
    return ServicePost.objects.select_for_update().get(pk=post.pk)


@transaction.atomic
def claim(*, post: ServicePost, by: Person, at: datetime) -> ServiceHolding:
    """Take one place of a post until its end. Raises Stale where it is over or full, NotAllowed and the limits'."""
    post = _locked(post)
    _lock(by)
    _require_free_to_claim(post, by, at)
    return _seat(post, by, How.CLAIM, _free_seat(post), at, by)


def _lock(*people: Person) -> None:
    ids = sorted({one.pk for one in people})
    list(Person.objects.filter(pk__in=ids).select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _require_free_to_claim(post: ServicePost, person: Person, at: datetime) -> None:
    if post.closed_at or post.to_at <= at:
        raise Stale(_("这个岗已经结束了。看看别的。"))
    if not is_member_there(person, post.scope, at):
        raise NotAllowed(_("服务岗由在本区报到的党员来领。先报到，再来领。"))
    rules = post_rules(post.scope[:6])
    held = list(ServiceHolding.objects.filter(person=person).live(at).values_list("post_id", flat=True))
    if post.pk in held:
        raise Stale(_("这个岗您已经领了。"))
    if len(held) >= rules.most_held:
        raise TooManyPosts(full_hands(len(held), rules.most_held))
    again = again_from(post, person, rules)
    if again and at < again:
        raise TooSoon(_("这个岗您刚交回，%(day)s起才能再领。想早点回来，跟社区说。") % {"day": words.day(again, at)})


def is_member_there(person: Person, scope: str, at: datetime) -> bool:
    """Whether somebody holds a member's post in the county of this place."""
    return any(post.role == Role.MEMBER and post.scope[:6] == scope[:6] for post in access.posts_of(person, at))


def full_hands(held: int, most: int) -> str:
    """Why no more posts can be claimed, empty while one more is open."""
    return _("您手上已有 %(count)s 个服务岗。交回或到期一个，再领。") % {"count": held} if held >= most else ""


def again_from(post: ServicePost, person: Person, rules: PostRules) -> datetime | None:
    """From when somebody may claim again what they gave back; None where they did not, or within the free days."""
    given_back = Q(end__in=(End.RELEASED, End.TAKEN_BACK), ended_at__isnull=False)
    last = post.holdings.filter(given_back, person=person).order_by("-ended_at").first()
    if last is None or last.ended_at is None or is_free(last, last.ended_at, rules):
        return None
    return last.ended_at + timedelta(days=rules.again_days)


def is_free(holding: ServiceHolding, at: datetime, rules: PostRules) -> bool:
    """Whether giving it back then counts as if it had never been: not begun, or within the first days."""
    return holding.end != End.TAKEN_BACK and at <= holding.from_at + timedelta(days=rules.free_days)


def _free_seat(post: ServicePost) -> int:
    taken = set(post.holdings.filter(ended_at=None).values_list("seat", flat=True))
    seat = next((number for number in range(1, post.seats + 1) if number not in taken), None)
    if seat is None:
        raise Stale(_("晚了一步，这个岗刚刚领满。看看别的。"))
    return seat


def _seat(post: ServicePost, person: Person, how: str, seat: int, at: datetime, by: Person) -> ServiceHolding:
    try:
        with transaction.atomic():
            row = ServiceHolding.objects.create(
                post=post, seat=seat, person=person, how=how, from_at=max(at, post.from_at), to_at=post.to_at
            )
    except IntegrityError as fault:
        raise Stale(_("晚了一步，这个岗刚刚领满。看看别的。")) from fault
    journal.write(row, str(how), by=by, at=at, scope=post.scope, post=post.pk, person=person.pk, seat=seat)
    return row


def _held(holding: ServiceHolding, at: datetime) -> ServiceHolding:
    """The live holding with its post, both locked; raises Stale."""
    _locked(holding.post)
    row = ServiceHolding.objects.select_for_update(of=("self",)).select_related("post", "person").live(at)
    found = row.filter(pk=holding.pk).first()
    if found is None:
        raise Stale(_("这个岗已经不在手上了，不用再办。"))
    return found


def _let_go(row: ServiceHolding, end: str, reason: str, by: Person, at: datetime) -> ServiceHolding:
    row.ended_at, row.end, row.reason, row.offered_to = at, end, reason, None
    row.save(update_fields=["ended_at", "end", "reason", "offered_to"])
    journal.write(row, str(end), by=by, at=at, scope=row.post.scope, post=row.post_id, person=row.person_id, why=reason)
    return row


@transaction.atomic
def release(*, holding: ServiceHolding, reason: str, by: Person, at: datetime) -> ServiceHolding:
    """The holder gives the post back; its place is open again at once. Raises NotAllowed or Stale."""
    row = _held(holding, at)
    if by.pk != row.person_id:
        raise NotAllowed(_("这个岗在别人手上，由本人来交。"))
    return _let_go(row, End.RELEASED, reason, by, at)


@transaction.atomic
def take_back(*, holding: ServiceHolding, reason: str, by: Person, at: datetime) -> ServiceHolding:
    """The community takes the place back, with a reason the holder can read. Raises NotAllowed or Stale."""
    row = _held(holding, at)
    _require_keeper(by, row.post.scope, at)
    return _let_go(row, End.TAKEN_BACK, reason, by, at)


@transaction.atomic
def ask_to_take_over(*, holding: ServiceHolding, to: Person | None, by: Person, at: datetime) -> ServiceHolding:
    """The holder asks somebody to take the post over, or nobody any more. Raises NotAllowed, NoSuccessor or Stale."""
    row = _held(holding, at)
    if by.pk != row.person_id:
        raise NotAllowed(_("这个岗在别人手上，由本人来交。"))
    if to is not None and (to.pk == by.pk or not is_member_there(to, row.post.scope, at)):
        raise NoSuccessor(_("接手的人要是在本区报到的另一位党员。"))
    row.offered_to = to
    row.save(update_fields=["offered_to"])
    journal.write(row, "ask_over", by=by, at=at, scope=row.post.scope, post=row.post_id, to=to.pk if to else None)
    return row


@transaction.atomic
def take_over(*, holding: ServiceHolding, by: Person, at: datetime) -> ServiceHolding:
    """Who was asked says yes: the place changes hands in one moment. Raises NotAllowed, Stale and the limits'."""
    row = _asked(holding, by, at)
    _lock(row.person, by)
    _require_free_to_claim(row.post, by, at)
    _let_go(row, End.HANDED_OVER, "", by, at)
    return _seat(row.post, by, How.HAND_OVER, row.seat, at, by)


@transaction.atomic
def decline_over(*, holding: ServiceHolding, by: Person, at: datetime) -> ServiceHolding:
    """Who was asked says no; the holder keeps the post. Raises NotAllowed or Stale."""
    row = _asked(holding, by, at)
    row.offered_to = None
    row.save(update_fields=["offered_to"])
    journal.write(row, "decline_over", by=by, at=at, scope=row.post.scope, post=row.post_id)
    return row


def _asked(holding: ServiceHolding, by: Person, at: datetime) -> ServiceHolding:
    row = _held(holding, at)
    if row.offered_to_id != by.pk:
        raise NotAllowed(_("对方收回了，或者没有请您接手。"))
    return row
