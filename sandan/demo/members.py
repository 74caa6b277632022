"""The members of the demo report in: every member's post has its check-in; the home community has service posts."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from sandan.demo import people
from sandan.people.actions import service_posts
from sandan.people.models import (
    FreeTime,
    MemberCharge,
    MemberCheckin,
    MemberProfile,
    Person,
    Post,
    Role,
    ServiceHolding,
    ServicePost,
    Unit,
)
from sandan.people.queries import member_lists
from sandan.places.models import Place

WITH_UNIT = 0.7  # about 5,000 of 7,247
OWN_TIMES = 0.15
INTERESTS = (
    "会修老式收音机，周末想陪老人说说话。", "带过校合唱队，可以教孩子唱歌。", "喜欢养花，院里的绿地愿意管。",
    "写毛笔字，过年给大家写春联。", "会拍照，活动可以叫我。", "力气大，搬东西找我。", "懂点法律，能帮着看合同。",
)  # fmt: skip
EVENINGS = ((0, 1080, 1260), (2, 1080, 1260), (5, 480, 720), (6, 720, 1080))
BEGAN = timedelta(days=12)
VISITORS = 2  # the first members of the home community (people.give_logins)


@transaction.atomic
def make(county: Place, rng: Random, at: datetime) -> None:
    """Check-ins, charges, times and own words in bulk; service posts as the desk makes them. Once for a county."""
    if MemberCheckin.objects.filter(grid__startswith=county.code).exists():
        return
    posts = list(Post.objects.filter(scope__startswith=county.code, role=Role.MEMBER).order_by("pk"))
    units = list(Unit.objects.filter(scope__startswith=county.code).exclude(kind=Unit.Kind.PARTNER).order_by("pk"))
    rows = MemberCheckin.objects.bulk_create(_checkins(posts, units, rng), batch_size=2000)
    home = people.home_of(county)
    near = [row for row in rows if row.grid.startswith(home.code)]
    MemberCharge.objects.bulk_create(_charges(near, rng))
    told = rng.sample(rows, len(rows) // 20) + near
    words = {row.person_id: rng.choice(INTERESTS) for row in told}
    MemberProfile.objects.bulk_create(MemberProfile(person_id=pk, interests=text) for pk, text in words.items())
    timed = {row.person_id for row in rng.sample(rows, round(len(rows) * OWN_TIMES))}
    FreeTime.objects.bulk_create(
        (
            FreeTime(person_id=pk, weekday=day, from_minute=begin, to_minute=close)
            for pk in sorted(timed)
            for day, begin, close in rng.sample(EVENINGS, rng.randint(1, 3))
        ),
        batch_size=2000,
    )
    _service(home, near, rng, at)


def _checkins(posts: Sequence[Post], units: Sequence[Unit], rng: Random) -> Iterator[MemberCheckin]:
    for post in posts:
        unit = rng.choice(units) if units and rng.random() < WITH_UNIT else None
        yield MemberCheckin(
            person_id=post.person_id, unit=unit, grid=post.scope, post=post, how=MemberCheckin.How.IMPORT,
            from_at=post.from_at,
        )  # fmt: skip


def _charges(rows: Sequence[MemberCheckin], rng: Random) -> Iterator[MemberCharge]:
    """Half of the home community's members look after a micro-grid."""
    parts: dict[str, list[str]] = {}
    micro = Place.objects.filter(parent__in={row.grid for row in rows}, kind=Place.Kind.MICRO, valid_to=None)
    for code in micro.order_by("code").values_list("code", flat=True):
        parts.setdefault(code[:15], []).append(code)
    for row in rows:
        if parts.get(row.grid) and rng.random() < 0.5:
            yield MemberCharge(checkin=row, scope=rng.choice(parts[row.grid]), from_at=row.from_at)


def _service(home: Place, near: Sequence[MemberCheckin], rng: Random, at: datetime) -> None:
    """One post of each kind, begun lately; members of the community hold some of the places."""
    desk = Person.objects.filter(posts__role=Role.DISPATCHER, posts__scope=home.code).order_by("pk").first()
    members = [row.person for row in near]
    if desk is None or not members:
        return
    for kind in member_lists.post_kinds().values():
        minutes = None
        if kind.from_minute is not None and kind.to_minute is not None:
            minutes = (kind.from_minute, kind.to_minute)
        post = service_posts.offer_post(
            kind=kind.code, place=home, task=kind.task, weekdays=list(kind.weekdays), minutes=minutes,
            seats=kind.seats, from_at=at - BEGAN, to_at=at - BEGAN + timedelta(days=kind.days), by=desk, at=at - BEGAN,
        )  # fmt: skip
        _hold(post, members, rng, at)


def _hold(post: ServicePost, members: Sequence[Person], rng: Random, at: datetime) -> None:
    """Some places are taken; the two members whom visitors of the tour are keep their hands free."""
    free = members[VISITORS:]
    for person in rng.sample(free, min(len(free), rng.randint(0, post.seats))):
        held = ServiceHolding.objects.filter(person=person).live(at).count()
        if held < 2:
            service_posts.claim(post=post, by=person, at=at - BEGAN + timedelta(hours=rng.randint(1, 48)))
