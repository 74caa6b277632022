"""The demo's organisations and centre households by the source's figures, their keeper, and a guest for a day."""

from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from sandan.demo.people import TOUR, Login, home_of
from sandan.front.queries import DEMO_PASSWORD
from sandan.people import actions
from sandan.people.actions import day_posts
from sandan.people.models import CentreHousehold, DayPost, Organisation, Person, Post, Role
from sandan.places.models import Place

# Source 002: 646 branches for 853 grids, 1,682 groups for 2,558 micro-grids, 2,115 centre households.
BRANCHES, GRIDS, GROUPS, MICRO, HOUSEHOLDS = 646, 853, 1682, 2558, 2115
SINCE = 200  # days
KEEPER, DAY = f"{TOUR}keeper", f"{TOUR}day"


def make(county: Place, rng: Random, at: datetime) -> None:
    """Organisations, centre households and the keeper; what is there is left as it is."""
    if Organisation.objects.within(county.code).exists():
        return
    since = at - timedelta(days=SINCE)
    cells = {kind: _cells(county, kind) for kind in (Place.Kind.COMMUNITY, Place.Kind.GRID, Place.Kind.MICRO)}
    communities, grids, micro = cells.values()
    rows = [_organisation(cell, "committee", "党委", since) for cell in communities]
    chosen = rng.sample(grids, round(len(grids) * BRANCHES / GRIDS))
    rows += [_organisation(cell, "branch", "党支部", since) for cell in sorted(chosen)]
    chosen = rng.sample(micro, round(len(micro) * GROUPS / MICRO))
    rows += [_organisation(cell, "group", "党小组", since) for cell in sorted(chosen)]
    Organisation.objects.bulk_create(rows, batch_size=1000)
    _households(county, micro, rng, since)
    _free(KEEPER)
    keeper = actions.make_person(
        login=KEEPER, name="池文静", password=DEMO_PASSWORD, scope=county.code, by="system", at=at, role=Role.ORG_KEEPER
    )
    actions.give_post(person=keeper, role=Role.ORG_KEEPER, scope=county.code, from_at=since, by="system", at=at)


def _free(login: str) -> None:
    """Whoever had the login before, of another day or of a county shown before, has it no longer."""
    for former in Person.objects.filter(login=login):
        Person.objects.filter(pk=former.pk).update(login=f"{login}.{former.pk}", password=make_password(None))


def _cells(county: Place, kind: str) -> list[tuple[str, str]]:
    rows = Place.objects.current().within(county.code).filter(kind=kind).order_by("code")
    return list(rows.values_list("code", "name"))


def _organisation(cell: tuple[str, str], level: str, word: str, since: datetime) -> Organisation:
    return Organisation(scope=cell[0], level=level, name=f"{cell[1]}{word}", from_at=since)


def _households(county: Place, micro: list[tuple[str, str]], rng: Random, since: datetime) -> None:
    """Members at home in the grid of a micro-grid, one in each as far as they go."""
    posts = Post.objects.filter(role=Role.MEMBER, scope__startswith=county.code, to_at=None)
    living: dict[str, list[int]] = {}
    for person, grid in posts.order_by("pk").values_list("person", "scope"):
        living.setdefault(grid, []).append(person)
    wanted, rows, taken = round(len(micro) * HOUSEHOLDS / MICRO), list[CentreHousehold](), set[int]()
    for code, _name in rng.sample(micro, len(micro)):
        free = [person for person in living.get(code[:15], ()) if person not in taken]
        if free and len(rows) < wanted:
            taken.add(free[0])
            can = sorted(rng.sample(CentreHousehold.Help.values, rng.choice((1, 2, 3))))
            rows.append(CentreHousehold(person_id=free[0], scope=code, can=can, from_at=since))
    CentreHousehold.objects.bulk_create(rows, batch_size=1000)


def give_logins(county: Place, at: datetime) -> list[Login]:
    """The keeper's login, and a guest of today beside demo.grid; yesterday's guest is gone, as everywhere."""
    return [*_keeper(county), *_guest(county, at)]


def _keeper(county: Place) -> list[Login]:
    found = Person.objects.filter(login=KEEPER).first()
    return [Login("组织管理员", KEEPER, found.name, county.name)] if found else []


def _guest(county: Place, at: datetime) -> list[Login]:
    mentor = Person.objects.filter(login=f"{TOUR}grid").first()
    post = Post.objects.held(at).filter(person=mentor, role=Role.GRID_WORKER).first() if mentor else None
    if mentor is None or post is None:
        return []
    today = timezone.localtime(at).date()
    day = DayPost.objects.filter(post__person__login=DAY, on=today).select_related("post__person").first()
    if day is None:
        _free(DAY)
        made = day_posts.make_day(
            grid=Place.objects.get(code=post.scope), on=today, mentor=mentor, tasks=["walk", "report", "tidy"],
            name="晏书瑶", by="system", at=at,
        )  # fmt: skip
        day = made.day
        Person.objects.filter(pk=day.post.person_id).update(login=DAY, password=make_password(DEMO_PASSWORD))
    return [Login("一日网格员（今晚零点失效）", DAY, day.post.person.name, home_of(county).name)]
