"""The invented staff and members of a county: posts by the source's figures, logins for a tour."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from sandan.core.names import sort_key
from sandan.core.sealed import digest
from sandan.demo import names
from sandan.front.queries import DEMO_PASSWORD, DEMO_PREFIX
from sandan.intake.actions import lay_routes
from sandan.people.models import Person, Post, Role, Team, Unit
from sandan.places.models import Place

# Source 002: 112 leaders, 853 workers, 2,640 helpers, 7,247 members; 3,605 posts held by 3,300 people.
MEMBERS, WORKERS, HELPERS, STAFF = 7247, 853, 2640, 3300
CROWD_SHARE = 27  # one in so many members is of the home community: 268 of 7,247
TOUR = DEMO_PREFIX  # the logins a visitor is shown
DESKS = 2  # a second hand at every desk: who serves may not close, who judged may be away
HANDY = (
    "水暖维修", "电工", "泥瓦土建", "保洁清运", "园林绿化", "消防安全", "安全巡查", "调解",
    "法律", "医护", "急救", "心理疏导", "护理陪伴", "采购配送", "搬运", "手机数码",
    "代办跑办", "政策咨询", "教育辅导", "理发", "文艺体育", "陪同出行", "物业协调", "动物处置",
    "宣传劝导", "议事主持", "摄影修图", "环境监测", "防疫消杀", "手语", "开锁", "市场监管",
)  # fmt: skip


@dataclass(frozen=True)
class Login:
    """One line of the table of logins."""

    role: str
    login: str
    name: str
    where: str


def make(county: Place, rng: Random, at: datetime) -> None:
    """Everyone the county needs, in bulk: persons, units, teams, posts."""
    since = at - timedelta(days=200)
    streets = list(Place.objects.filter(code__startswith=county.code, kind=Place.Kind.STREET).order_by("code"))
    communities = list(Place.objects.filter(code__startswith=county.code, kind=Place.Kind.COMMUNITY).order_by("code"))
    grids = list(
        Place.objects.filter(code__startswith=county.code, kind=Place.Kind.GRID, valid_to=None).order_by("code")
    )
    desks = _persons(rng, [(f"desk{i}.{c.code}", c) for c in communities for i in range(DESKS)])
    posts = [_post(p, Role.DISPATCHER, c.code, since) for p, c in zip(desks, _twice(communities), strict=True)]
    liaisons = _persons(rng, [(f"liaison.{s.code}", s) for s in streets])
    posts += [_post(p, Role.LIAISON, s.code, since) for p, s in zip(liaisons, streets, strict=True)]
    duty = _persons(rng, [(f"district{i}.{county.code}", county) for i in range(4)])
    posts += [_post(p, Role.DISTRICT, county.code, since) for p in duty]
    auditor, admin = _persons(rng, [(f"audit.{county.code}", county), (f"admin.{county.code}", county)])
    posts += [_post(auditor, Role.AUDITOR, county.code, since), _post(admin, Role.ADMIN, county.code, since)]
    posts += _grid_posts(rng, communities, grids, since)
    posts += _member_posts(rng, grids, since)
    posts += _clerks(county, rng, since)
    posts += _partners(home_of(county), rng, since)
    overseer, keeper = _persons(rng, [(f"overseer.{county.code}", county), (f"keeper.{county.code}", county)])
    posts += [_post(overseer, Role.OVERSEER, county.code, since), _post(keeper, Role.SECURITY, county.code, since)]
    Post.objects.bulk_create(posts, batch_size=2000)
    _teams(communities)


def _twice(places: list[Place]) -> Iterator[Place]:
    return (place for place in places for _ in range(DESKS))


def _post(person: Person, role: str, scope: str, since: datetime, **more: object) -> Post:
    return Post(person=person, role=role, scope=scope, from_at=since, **more)


def _persons(rng: Random, wanted: list[tuple[str, Place]], skilled: bool = False) -> list[Person]:
    """Persons with these logins at home in these places; a grid's centre is all we know of where they live."""
    unusable, numbers = make_password(None), names.phones(rng, len(wanted))
    rows = [
        _person(rng, login, home, number, unusable, skilled)
        for (login, home), number in zip(wanted, numbers, strict=True)
    ]
    known = {row.phone_digest: row for row in rows}
    return Person.objects.bulk_create(known.values(), batch_size=2000)


def _person(rng: Random, login: str, home: Place, phone: str, password: str, skilled: bool) -> Person:
    name = names.a_name(rng)
    is_grid = home.kind == Place.Kind.GRID
    return Person(
        login=login, name=name, name_key=sort_key(name), phone=phone, phone_digest=digest(phone, "phone"),
        phone_tail=phone[-4:], password=password, skills=rng.sample(HANDY, rng.choice((2, 3, 3, 4))) if skilled else [],
        home=home if is_grid else None, lon=home.lon, lat=home.lat, reach_metres=rng.choice((500, 1000, 1000, 2000)),
    )  # fmt: skip


def _grid_posts(rng: Random, communities: list[Place], grids: list[Place], since: datetime) -> list[Post]:
    """Leaders, workers and helpers: one leader a community, one worker a grid, helpers in turn; some hold two posts."""
    leaders = _persons(rng, [(f"leader.{c.code}", c) for c in communities])
    workers = _persons(rng, [(f"worker.{g.code}", g) for g in grids[:WORKERS]], skilled=True)
    turns = [grids[i % len(grids)] for i in range(HELPERS)]
    fresh = STAFF - len(leaders) - len(workers)
    helpers = _persons(rng, [(f"helper{i}.{g.code}", g) for i, g in enumerate(turns[:fresh])], skilled=True)
    doubled = workers[: HELPERS - len(helpers)]  # 3,605 posts against 3,300 people
    posts = [_post(p, Role.GRID_LEADER, c.code, since) for p, c in zip(leaders, communities, strict=True)]
    posts += [
        _post(p, Role.GRID_WORKER, g.code, since, grade="full" if i % 3 else "part")
        for i, (p, g) in enumerate(zip(workers, grids, strict=False))
    ]
    posts += [
        _post(p, Role.GRID_WORKER, g.code, since, grade="helper")
        for p, g in zip([*helpers, *doubled], turns, strict=False)
    ]
    return posts


def _member_posts(rng: Random, grids: list[Place], since: datetime) -> list[Post]:
    homes = [grids[i % len(grids)] for i in range(MEMBERS)]
    _crowd(homes)
    members = _persons(rng, [(f"member{i}.{g.code}", g) for i, g in enumerate(homes)], skilled=True)
    return [_post(p, Role.MEMBER, g.code, since) for p, g in zip(members, homes, strict=True)]


def _crowd(homes: list[Place]) -> None:
    """Source 001: 268 members report in to one community. The last of the row live in the demo's own instead."""
    own = sorted({home for home in homes if home.code[:12] == homes[0].code[:12]}, key=lambda home: home.code)
    wanted = MEMBERS // CROWD_SHARE - sum(home in own for home in homes)
    for i in range(wanted):
        homes[-1 - i] = own[i % len(own)]


def _clerks(county: Place, rng: Random, since: datetime) -> list[Post]:
    """The usual routes of the catalogue, and two clerks for each unit they lead to."""
    routes = lay_routes(county=county.code, by="system", at=since)
    owners = [unit for unit in {route.unit_id: route.unit for route in routes}.values() for _ in range(2)]
    clerks = _persons(rng, [(f"clerk{i}.{unit.pk}", county) for i, unit in enumerate(owners)])
    return [_post(p, Role.UNIT_CLERK, county.code, since, unit=unit) for p, unit in zip(clerks, owners, strict=True)]


PARTNERS = (  # the five kinds (R117), around the community of the demo's logins
    ("安居物业服务中心", Unit.Branch.ESTATE),
    ("派出所警务室", Unit.Branch.POLICE),
    ("供热公司营业部", Unit.Branch.RESIDENT),
    ("小区业主委员会", Unit.Branch.OWNERS),
    ("快递小哥之家", Unit.Branch.NEW),
)


def _partners(home: Place, rng: Random, since: datetime) -> list[Post]:
    """Outside partners with one account each: they see what is sent to them."""
    units = [
        Unit.objects.create(
            name=name, name_key=sort_key(name), kind=Unit.Kind.PARTNER, branch=branch, scope=home.code
        )
        for name, branch in PARTNERS
    ]  # fmt: skip
    people = _persons(rng, [(f"partner{i}.{home.code}", home) for i in range(len(units))])
    return [_post(p, Role.PARTNER, home.code, since, unit=unit) for p, unit in zip(people, units, strict=True)]


def _teams(communities: Iterable[Place]) -> None:
    """A volunteer team in every fourth community, led by a member of it."""
    for community in list(communities)[::4]:
        found = list(
            Person.objects.filter(posts__scope__startswith=community.code, posts__role=Role.MEMBER).order_by("pk")[:6]
        )
        if len(found) < 3:
            continue
        skills = sorted({skill for person in found for skill in person.skills})
        team = Team.objects.create(
            name=f"{community.name}志愿服务队", scope=community.code, leader=found[0], skills=skills
        )
        team.members.set(found[1:])


def home_of(county: Place) -> Place:
    """The community that the demo's logins belong to: the first of the county."""
    return Place.objects.filter(code__startswith=county.code, kind=Place.Kind.COMMUNITY).order_by("code")[0]


def give_logins(county: Place) -> list[Login]:
    """A short login and the demo's password for one person of each role, chosen from the same community."""
    community = home_of(county)
    wanted = (
        ("社区派单员", "demo.desk", Role.DISPATCHER, community.code, 0),
        ("社区派单员（第二人，回访销号）", "demo.review", Role.DISPATCHER, community.code, 1),
        ("在职党员", "demo.member", Role.MEMBER, community.code, 0),
        ("在职党员（第二人）", "demo.member2", Role.MEMBER, community.code, 1),
        ("网格员", "demo.grid", Role.GRID_WORKER, community.code, 0),
        ("网格长", "demo.leader", Role.GRID_LEADER, community.code, 0),
        ("街道联络员", "demo.street", Role.LIAISON, community.code[:9], 0),
        ("区级值班", "demo.district", Role.DISTRICT, county.code, 0),
        ("部门经办人", "demo.clerk", Role.UNIT_CLERK, county.code, 0),
        ("外单位（物业）", "demo.partner", Role.PARTNER, community.code, 0),
        ("主管工委", "demo.overseer", Role.OVERSEER, county.code, 0),
        ("审计员", "demo.audit", Role.AUDITOR, county.code, 0),
        ("安全管理员", "demo.security", Role.SECURITY, county.code, 0),
        ("系统管理员", "demo.admin", Role.ADMIN, county.code, 0),
    )
    password = make_password(DEMO_PASSWORD)
    return [_give(county, label, login, role, scope, nth, password) for label, login, role, scope, nth in wanted]


def _give(county: Place, label: str, login: str, role: str, scope: str, nth: int, password: str) -> Login:
    held = Post.objects.filter(role=role, scope__startswith=scope).select_related("person").order_by("pk")
    post = held.filter(person__login=login).first() or held[nth]
    for former in Person.objects.filter(login=login).exclude(pk=post.person_id):  # of a county shown before
        Person.objects.filter(pk=former.pk).update(login=f"{login}.{former.pk}", password=make_password(None))
    # A login that stands keeps its password: a new digest would end the sessions of the demo before its restart.
    Person.objects.filter(pk=post.person_id).exclude(login=login).update(login=login, password=password)
    place = Place.objects.filter(code__startswith=post.scope[:12]).order_by("code").first() or county
    return Login(label, login, post.person.name, place.name)
