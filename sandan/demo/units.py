"""The units of the demo report in: a scheme, an overseer, 26 units in the home community, departments elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from sandan.core.names import person_key
from sandan.demo import names, people
from sandan.people.actions import units_checkin, units_pair, units_register, units_scheme, units_survey
from sandan.people.actions.units_register import UnitFacts
from sandan.people.actions.units_scheme import SchemeText
from sandan.people.models import (
    CommunitySurvey,
    MemberCheckin,
    Person,
    Post,
    Resource,
    Role,
    Roster,
    RosterExcuse,
    RosterRow,
    Scheme,
    Unit,
    UnitStage,
)
from sandan.places.models import Place

# Source 001: 26 units build one community together; all 268 of their members reported in.
CO_BUILDING = (
    "第一中学", "实验小学", "中心幼儿园", "人民医院", "中医院", "图书馆", "文化馆", "博物馆", "供电所", "自来水公司",
    "燃气公司", "热力公司", "邮政支局", "农商银行", "建设银行支行", "保险公司", "公交公司", "环卫所", "园林所",
    "消防救援站", "税务所", "法律援助中心", "社会福利院", "老年大学", "体育中心", "广播电视站",
)  # fmt: skip
TEXT = SchemeText(
    name="双报到双服务双包联双评价",
    audience="区直机关、驻区企事业单位的党组织，和在职党员。",
    procedure="一是摸排：社区写清缺什么，单位报名册。\n二是对接：单位和社区商量好做什么。\n三是报到：单位到社区，党员到网格。",
    tasks="认领服务岗和微心愿，接群众点的单；每个单位每季度至少来一次。",
    review="每年年底，社区给单位打分，单位也给社区的安排打分，1 到 5 分，写一句话。",
)
GAPS = (
    "没有活动室，雨天没处议事。",
    "楼道堆物多，人手不够清。",
    "独居老人多，陪着看病的人少。",
    "电动车没处充电。",
    "暑假孩子没人看。",
)
SERVICES = (
    "每月一次便民义诊",
    "周末来讲法",
    "寒暑假托管孩子",
    "借出会议室",
    "帮着清楼道",
    "义务修小家电",
    "教老人用手机",
)
BLOCKERS = (UnitStage.Blocker.ANSWER, UnitStage.Blocker.CONTACT, UnitStage.Blocker.NO_FIT)
MISSING, EXCUSED = 0.04, 0.3  # of a department's roster who have not come; of these, how many said why
TOOK = 4  # days between the last roster and today


@transaction.atomic
def make(county: Place, rng: Random, at: datetime) -> None:
    """Everything of 双报到 that a county shows on its first day; what is there is left as it is."""
    if Scheme.objects.filter(scope=county.code).exists():
        return
    since = at - timedelta(days=150)
    _overseer(county, rng, since)
    scheme = units_scheme.write_scheme(
        scope=county.code, text=TEXT, from_on=timezone.localdate(since), by="system", at=since
    )
    communities = list(
        Place.objects.current().filter(parent__parent=county, kind=Place.Kind.COMMUNITY).order_by("code")
    )
    home = people.home_of(county)
    _surveys(communities, rng, since)
    _at_home(home, rng, at)
    departments = Unit.objects.filter(scope=county.code, kind=Unit.Kind.DEPARTMENT).order_by("pk")
    for unit in departments:
        _elsewhere(unit, rng.sample(communities[1:] or communities, min(2, len(communities))), rng, at)
    _steps(scheme, rng, at)


def _overseer(county: Place, rng: Random, since: datetime) -> None:
    """One for a county filled before there were overseers."""
    if Post.objects.filter(role=Role.OVERSEER, scope=county.code).exists():
        return
    name = names.a_name(rng)
    person = Person.objects.create(
        login=f"overseer.{county.code}", name=name, name_key=person_key(name), password=make_password(None)
    )
    Post.objects.create(person=person, role=Role.OVERSEER, scope=county.code, from_at=since)


def _surveys(communities: Iterable[Place], rng: Random, since: datetime) -> None:
    """One survey of each community, before units were given to them (R200)."""
    tags = Resource.values
    CommunitySurvey.objects.bulk_create(
        CommunitySurvey(
            community=place, on=timezone.localdate(since), households=place.households or rng.randint(800, 3000),
            staff_count=rng.randint(6, 15), capacity=rng.randint(20, 80), needs=sorted(rng.sample(tags, 3)),
            resources=sorted(rng.sample(tags, 2)), gaps=rng.choice(GAPS), at=since,
        )
        for place in communities
    )  # fmt: skip


def _at_home(home: Place, rng: Random, at: datetime) -> None:
    """The units of the home community: its members are theirs, everybody has come (R009, R010)."""
    units = [_registered(name, home.code[:6], rng, at, is_co_building=True) for name in CO_BUILDING]
    found = MemberCheckin.objects.live(at).filter(grid__startswith=home.code).order_by("pk")
    groups: dict[Unit, list[MemberCheckin]] = defaultdict(list)
    for i, one in enumerate(found.select_related("person")):
        groups[units[i % len(units)]].append(one)
    for unit in units:
        row = units_checkin.check_in_unit(unit=unit, community=home, by="system", at=at - timedelta(days=100))
        units_checkin.link(
            checkin=row, kind="service", scope=home.code, text=rng.choice(SERVICES), by="system", at=row.from_at
        )
        MemberCheckin.objects.filter(pk__in=[one.pk for one in groups[unit]]).update(unit=unit)
        _roster(unit, [one.person for one in groups[unit]], home.code, at)
    for unit in units[:8]:
        _pair(unit, home, rng, at)


def _registered(name: str, scope: str, rng: Random, at: datetime, is_co_building: bool = False) -> Unit:
    facts = UnitFacts(
        contact=names.a_name(rng), phone=str(rng.randint(8000, 8999)),
        offers=rng.sample(Resource.values, rng.randint(2, 4)), is_co_building=is_co_building,
        agreed_on=timezone.localdate(at - timedelta(days=95)) if is_co_building else None,
    )  # fmt: skip
    return units_register.register_unit(name=name, scope=scope, facts=facts, by="system", at=at).unit


def _elsewhere(unit: Unit, places: Sequence[Place], rng: Random, at: datetime) -> None:
    """A department with its members; a few of its roster have not come, some of them said why."""
    _registered(unit.name, unit.scope, rng, at)
    for place in places:
        units_checkin.check_in_unit(unit=unit, community=place, by="system", at=at - timedelta(days=90))
    _pair(unit, places[0], rng, at)
    came = MemberCheckin.objects.live(at).filter(unit=unit).select_related("person").order_by("pk")
    members = list({row.person_id: row.person for row in came}.values())
    missing = [names.a_name(rng) for _ in range(max(1, round(len(members) * MISSING)))]
    rows = _roster(unit, members, "", at, missing)
    on = timezone.localdate(at)
    RosterExcuse.objects.bulk_create(
        RosterExcuse(row=row, why=rng.choice(RosterExcuse.Why.values), from_on=on - timedelta(days=20), at=at)
        for row in rows
        if row.person_id is None and rng.random() < EXCUSED
    )


def _roster(
    unit: Unit, members: Sequence[Person], community: str, at: datetime, missing: Sequence[str] = ()
) -> list[RosterRow]:
    """The roster of a unit in bulk, as handing it in would make it; two of one name have their departments."""
    on = timezone.localdate(at) - timedelta(days=TOOK)
    lines: list[tuple[str, Person | None]] = [(one.name, one) for one in members]
    lines += [(name, None) for name in missing]
    if not lines:
        return []
    Roster.objects.create(unit=unit, on=on, row_count=len(lines), at=at)
    return RosterRow.objects.bulk_create(_rows(unit, lines, community, on), batch_size=2000)


def _rows(unit: Unit, lines: Iterable[tuple[str, Person | None]], community: str, on: date) -> Iterator[RosterRow]:
    borne: Counter[str] = Counter()
    for name, person in lines:
        borne[name] += 1
        mark = f"{borne[name]}科" if borne[name] > 1 else ""
        yield RosterRow(
            unit=unit, name=name, name_key=person_key(name), mark=mark, community=community, person=person, since_on=on
        )


def _pair(unit: Unit, place: Place, rng: Random, at: datetime) -> None:
    units_pair.pair(
        unit=unit, community=place, unit_contact=names.a_name(rng), community_contact=names.a_name(rng),
        from_on=timezone.localdate(at) - timedelta(days=95), by="system", at=at - timedelta(days=95),
    )  # fmt: skip


def _steps(scheme: Scheme, rng: Random, at: datetime) -> None:
    """Most units have done all three steps; a few are held up at the second."""
    today = timezone.localdate(at)
    for unit in Unit.objects.filter(file__isnull=False, scope=scheme.scope).order_by("pk"):
        days = [today - timedelta(days=gone) for gone in (140, 120, 100, 80)]
        is_held = rng.random() < 0.1
        for i, step in enumerate(UnitStage.Step.values[: 1 if is_held else 3]):
            units_survey.write_step(
                unit=unit, scheme=scheme, step=step, from_on=days[i], done_on=days[i + 1], by="system", at=at
            )
        if is_held:
            units_survey.write_step(
                unit=unit, scheme=scheme, step=UnitStage.Step.MATCH, from_on=days[1], due_on=today - timedelta(days=5),
                blocker=rng.choice(BLOCKERS), by="system", at=at,
            )  # fmt: skip
