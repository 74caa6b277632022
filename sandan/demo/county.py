"""The demo's ground and people, made once; what is there is left as it is."""

from datetime import datetime
from random import Random

from django.core.management import call_command
from django.utils.translation import gettext as _

from sandan.core.models import KindFile
from sandan.core.serving import DEMO_MARK
from sandan.demo import month, people, world
from sandan.demo.progress import Bar, step
from sandan.intake.models import Category
from sandan.orders.models import Order
from sandan.people.models import Post
from sandan.places import actions as places
from sandan.places.models import Place

DONE = "demo month"
# Source 002's district has 112 communities; another county gets grids in the same proportion.
COMMUNITIES, ORDINARY, EXCLUSIVE, MICRO = 112, 853, 345, 2558
SEED = 20260810


def prepare(code: str, at: datetime) -> Place:
    """Tables, catalogue, ground and people of the county; a second call finds everything done."""
    with step(_("建数据表")):
        call_command("migrate", verbosity=0, interactive=False)
    if not Category.objects.exists():
        with step(_("载入事项目录")):
            call_command("load", verbosity=0)
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
            KindFile.objects.get_or_create(name=DEMO_MARK)


def is_lived_in() -> bool:
    """Whether the month has been played to its end."""
    return KindFile.objects.filter(name=DONE).exists()


def live(county: Place, scale: float, at: datetime) -> month.Month:
    """Play the month up to `at`; one that was broken off goes on from the last thing that happened."""
    rng = Random(SEED + Order.objects.count())
    played = month.Month(world.load(county, rng), at)
    last = Order.objects.order_by("-touched_at").values_list("touched_at", flat=True).first()
    played.run(Bar(_("模拟三十天")), since=last, scale=scale)
    KindFile.objects.create(name=DONE, digest=str(played.placed))
    return played
