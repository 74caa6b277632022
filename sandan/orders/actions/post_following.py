"""Open orders follow the posts: owned ones go to who answers next, held ones on or back to their desk.

Nothing here decides who may end a post; people.actions has done so. Each order is locked by itself, in the order of
their ids, so that two ends at once wait for each other and never in a circle.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Model, Q
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.notices.actions import tell as tell_persons
from sandan.orders import access
from sandan.orders.access import DESK_OF_LEVEL, DESKS, ON_THE_GROUND, Actor
from sandan.orders.actions import beats, duty_paging
from sandan.orders.actions.placing import Ground, Sending, place
from sandan.orders.models import Claim, Duty, Order
from sandan.orders.workflow import HELD, MOVES, STANDING, S
from sandan.people.actions.post_followers import Leaving, Moved
from sandan.people.models import HELPING, DayAct, Person, Post, Role
from sandan.people.queries import NoDesk, desk_of
from sandan.places.models import Place

OVER = "post_over"
_REPORTS = UUID("6b7c1d5e-2f63-4c1f-9f0a-0d7a1e2c9b41")  # of the keys that a day's reports are sent under


class NobodyLeft(Refused):
    """Nobody could answer for the orders of this post."""


@dataclass(frozen=True)
class _Left:
    """What somebody still holds when one post is gone."""

    post: Post
    rest: tuple[Post, ...]

    def owns(self, order: Order) -> bool:
        """Whether an order is theirs to answer for by this post and by none of the others."""
        if order.owner_id != self.post.person_id or any(_answers(post, order) for post in self.rest):
            return False
        if _answers(self.post, order):
            return True
        is_desk = self.post.role in DESKS and _covers(self.post, order)
        return is_desk and not any(post.role in DESKS and _covers(post, order) for post in self.rest)

    def serves(self, order: Order, *, to: Person | None) -> bool:
        """Whether an order in their hand must leave it: by handing over on this ground, or because nothing is left."""
        if order.holder_id != self.post.person_id or not _in_hand(order):
            return False
        if order.unit_id and self.post.role == Role.UNIT_CLERK:
            return order.unit_id == self.post.unit_id and all(post.unit_id != order.unit_id for post in self.rest)
        if to and self.post.role in ON_THE_GROUND and _covers(self.post, order):
            return not any(post.role in ON_THE_GROUND and _covers(post, order) for post in self.rest)
        if self.post.role in HELPING:
            return not any(post.role in HELPING and post.scope[:6] == order.county for post in self.rest)
        return not self.rest


def _answers(post: Post, order: Order) -> bool:
    """Whether a post is the very one that answers for an order: the desk of its level, or the unit that took it in."""
    if post.role == Role.UNIT_CLERK:
        return order.charge_id is not None and post.unit_id == order.charge_id
    return post.role == DESK_OF_LEVEL[order.level] and _covers(post, order)


def _covers(post: Post, order: Order) -> bool:
    return any(code.startswith(post.scope) for code in access.grounds(order))


def _in_hand(order: Order) -> bool:
    return order.state in HELD or (order.state in STANDING and order.was in HELD)


def _left(post: Post, at: datetime) -> _Left:
    return _Left(post, tuple(Post.objects.held(at).filter(person=post.person_id).exclude(pk=post.pk)))


def _candidates(post: Post) -> Iterable[Order]:
    mine = Q(owner=post.person_id) | Q(holder=post.person_id)
    return Order.objects.open().filter(mine, county=post.scope[:6]).order_by("pk")


def open_work(post: Post, at: datetime) -> int:
    """How many open orders would go along with a post that ended now."""
    left = _left(post, at)
    return sum(left.owns(order) or left.serves(order, to=post.person) for order in _candidates(post))


def follow(leaving: Leaving) -> Moved:
    """Every open order of the post goes on; raises NobodyLeft where one would have no owner."""
    left = _left(leaving.post, leaving.at)
    passed: Counter[str] = Counter()
    returned = 0
    wanted = [o.pk for o in _candidates(leaving.post) if left.owns(o) or left.serves(o, to=leaving.to)]
    for pk in wanted:
        order = beats.lock(pk)
        to = _owner_after(order, leaving) if left.owns(order) else None
        is_held = left.serves(order, to=leaving.to)
        server = _server_after(order, leaving) if is_held else None
        if is_held and server is None:
            order.owner = to or order.owner
            _give_back(order, leaving)
            returned += 1
        elif to or server:
            _pass_on(order, leaving, to, server)
            passed[(server or to).name] += 1  # type: ignore[union-attr]
    shifts, holes = _duties(leaving)
    return Moved(dict(passed), returned, shifts, holes)


def _owner_after(order: Order, leaving: Leaving) -> Person:
    """Who comes next, else who holds the same post beside, else the nearest desk; raises NobodyLeft."""
    post = leaving.post
    if leaving.to:
        return leaving.to
    beside = Post.objects.held(leaving.at).filter(role=post.role, person__is_active=True).exclude(person=post.person_id)
    beside = beside.filter(unit=post.unit_id) if post.role == Role.UNIT_CLERK else beside.over(order.community_id)
    found = sorted(beside.select_related("person"), key=lambda p: (p.grade == "deputy", -len(p.scope), p.pk))
    if found:
        return found[0].person
    try:
        return desk_of(order.community_id, leaving.at)
    except NoDesk as nobody:
        raise NobodyLeft(
            _("名下还有没办完的单（%(number)s 等），这里没有别人能接。请先安排接手的人，或直接用交接。")
            % {"number": order.number}
        ) from nobody


def _server_after(order: Order, leaving: Leaving) -> Person | None:
    """Who goes on serving: who comes next on the same ground or for the same unit, else another of the unit's."""
    post = leaving.post
    if order.unit_id and post.role == Role.UNIT_CLERK:
        others = Post.objects.held(leaving.at).filter(unit=order.unit_id, role=post.role, person__is_active=True)
        found = others.exclude(person=post.person_id).select_related("person").order_by("pk").first()
        return leaving.to or (found.person if found else None)
    return leaving.to if leaving.to and post.role in ON_THE_GROUND and _covers(post, order) else None


def _pass_on(order: Order, leaving: Leaving, to: Person | None, server: Person | None) -> None:
    at, former = max(leaving.at, order.touched_at), order.holder_id
    order.owner, order.touched_at = to or order.owner, at
    if server:
        live = Claim.objects.filter(order=order, person=former, released_at__isnull=True)
        how = live.values_list("how", flat=True).first() or "accept"
        live.update(released_at=at, is_counted=False)
        Claim.objects.create(order=order, person=server, county=order.county, how=how, at=at)
        order.holder = server
    order.save(update_fields=["owner", "holder", "touched_at"])
    beats.hand_over(order, OVER, at)
    _note(order, leaving, at)
    asker_ids = beats.asker_ids_of(order) if server and order.state in HELD else ()
    persons = [person for person in (to, server) if person and person != leaving.by]
    tell_persons(order, OVER, persons=persons, asker_ids=asker_ids, at=at, number=order.full_number)


def _give_back(order: Order, leaving: Leaving) -> None:
    """Back to who answers; its number and deadline stay, and giving it back costs nobody anything."""
    at, former = max(leaving.at, order.touched_at), order.holder_id
    by: Actor = "clock" if isinstance(leaving.by, str) else leaving.by
    Claim.objects.filter(order=order, person=former, released_at__isnull=True).update(released_at=at, is_counted=False)
    if order.state in HELD:
        order.reason, order.holder, order.team, order.unit, order.underway_at = "post_ended", None, None, None, None
        move = MOVES.take("release", order.state, {"desk"})
        settled = beats.settle(
            order, move, by=by, at=at, reason="post_ended", former=former, post=leaving.post.pk, counted=False
        )
        duty_paging.begin(settled, at)
        return
    order.holder, order.was, order.touched_at = None, S.JUDGED, at
    order.save(update_fields=["owner", "holder", "was", "touched_at"])
    beats.hand_over(order, OVER, at)
    _note(order, leaving, at)
    tell_persons(order, OVER, persons=[order.owner], at=at, number=order.full_number)


def _note(order: Order, leaving: Leaving, at: datetime) -> None:
    journal.write(
        order, OVER, by=leaving.by, at=at, scope=order.community_id, before=order.state, after=order.state,
        post=leaving.post.pk, former=leaving.post.person_id, owner=order.owner_id, holder=order.holder_id,
    )  # fmt: skip


def _duties(leaving: Leaving) -> tuple[int, int]:
    """Turns of duty over the same place go along; without somebody next they become holes that the list shows."""
    post, at = leaving.post, leaving.at
    if post.role not in DESKS or _left(post, at).rest:
        return 0, 0
    lines = list(Duty.objects.select_for_update().filter(person=post.person_id, scope=post.scope, to_at__gt=at))
    for line in lines:
        end = line.to_at
        if line.from_at >= at and leaving.to:
            Duty.objects.filter(pk=line.pk).update(person=leaving.to)
        elif line.from_at >= at:
            Duty.objects.filter(after=line).update(after=None)
            line.delete()
        else:
            Duty.objects.filter(pk=line.pk).update(to_at=at)
            if leaving.to:
                Duty.objects.create(
                    scope=line.scope, person=leaving.to, rank=line.rank, from_at=at, to_at=end, after=line
                )  # fmt: skip
    return (len(lines), 0) if leaving.to else (0, len(lines))


def tell(kind: str, subject: Model, persons: Iterable[Person], at: datetime) -> None:
    """One notice to each of them about a thing of the room below."""
    tell_persons(subject, kind, persons=persons, at=at)


def report(act: DayAct, at: datetime) -> str:
    """The order a day's worker saw the need for: told in the mentor's name, with a line that carries both."""
    post, mentor = act.day.post, act.day.mentor
    grid = Place.objects.select_related("parent").get(code=post.scope)
    assert grid.parent
    spot = Ground(community=grid.parent, grid=grid.code, lon=grid.lon, lat=grid.lat)
    sending = Sending(key=uuid5(_REPORTS, str(act.pk)), channel="patrol", text=act.words, ground=spot)
    order = place(sending=sending, by=mentor, at=at).order
    journal.write(
        order, "shadow", by=post.person, at=at, scope=order.community_id, mentor=mentor.pk, day=post.pk, act=act.pk
    )
    return order.full_number
