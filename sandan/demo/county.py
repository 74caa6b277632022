"""The demo's ground and people, made once; what is there is left as it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from random import Random

from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from sandan.core.models import KindFile
from sandan.core.serving import DEMO_MARK
from sandan.demo import duty, members, month, organisations, people, units, world
from sandan.demo.progress import Bar, step
from sandan.intake.models import Category
from sandan.orders.models import Order
from sandan.people.models import Post
from sandan.places import actions as places
from sandan.places.models import Place

DONE, REACHED = "demo month %s", "demo month so far %s"  # by county
# Source 002's district has 112 communities; another county gets grids in the same proportion.
COMMUNITIES, ORDINARY, EXCLUSIVE, MICRO = 112, 853, 345, 2558
SEED = 20260810


def prepare(code: str, at: datetime) -> Place:
    """Tables, catalogue, ground and people of the county; a second call finds everything done."""
    with step(_("建数据表")):
        call_command("migrate", verbosity=0, interactive=False)
    if not Category.objects.exists():
        with step(_("载入事项目录")):
            call_command("load", verbosity=0, stdout=StringIO(), stderr=StringIO())
    county = Place.objects.filter(code=code).first()
    if county is None:
        with step(_("街道、社区和边界")):
            county = places.init_county(code=code, at=at)
    _fill(county, at)
    return county


def _fill(county: Place, at: datetime) -> None:
    if not Place.objects.filter(code__startswith=county.code, kind=Place.Kind.GRID).exists():
        with step(_("小区、楼栋和网格（生成数据）")):
            count = Place.objects.filter(code__startswith=county.code, kind=Place.Kind.COMMUNITY).count()
            share = count / COMMUNITIES
            places.make_grids(
                county=county, at=at, seed=SEED, ordinary=round(ORDINARY * share),
                exclusive=round(EXCLUSIVE * share), micro=round(MICRO * share),
            )  # fmt: skip
    if not Post.objects.filter(scope__startswith=county.code).exists():
        with step(_("网格员、党员和岗位（虚构）")):
            people.make(county, Random(SEED), at)
            duty.make(county, at)
            members.make(county, Random(SEED), at)
            KindFile.objects.get_or_create(name=DEMO_MARK)
    with step(_("单位和名册（虚构）")):
        units.make(county, Random(SEED), at)
    with step(_("组织和中心户（虚构）")):
        organisations.make(county, Random(SEED), at)


def is_lived_in(code: str) -> bool:
    """Whether the county's month has been played to its end."""
    return KindFile.objects.filter(name=DONE % code).exists()


def live(county: Place, scale: float, at: datetime, clock: Callable[[], datetime] | None = None) -> month.Month:
    """Play the month up to `at`; one that was broken off goes on from the hour it had reached.

    Playing takes minutes: with a `clock` the last hours are played up to the moment when the rest is done.
    """
    mark = KindFile.objects.filter(name=REACHED % county.code)
    since = mark.values_list("digest", flat=True).first()
    if since is None:
        KindFile.objects.create(name=REACHED % county.code, digest=(at - timedelta(days=month.DAYS)).isoformat())
    with connection.cursor() as cursor:  # what a power cut would lose is played again
        cursor.execute("SET synchronous_commit TO off")

    def reached(hour: datetime) -> None:
        mark.update(digest=hour.isoformat())

    played = month.Month(world.load(county, Random(SEED + Order.objects.count())), at)
    played.has_scenes = played.has_scenes and clock is None
    played.run(
        Bar(_("模拟三十天")), since=datetime.fromisoformat(since) if since else None, scale=scale, reached=reached
    )
    if clock:
        last = month.Month(played.world, clock())
        last.run(Bar(_("最近几个小时")), since=at, scale=scale, reached=reached)
        played.placed += last.placed
        played.refused |= last.refused
    KindFile.objects.create(name=DONE % county.code, digest=str(played.placed))
    return played
