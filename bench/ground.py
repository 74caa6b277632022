"""The town of the bench: the demo's county and people, orders by real actions, and bulk copies of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from bench import copies
from bench.models import Row
from sandan.core.sessions import SessionStore
from sandan.demo import bulk, county
from sandan.demo.progress import Bar
from sandan.demo.world import World, load
from sandan.intake.models import Category
from sandan.orders import actions
from sandan.orders.actions import Contact, Ground, Sending
from sandan.orders.models import Order
from sandan.people.models import Person, Post, Role
from sandan.places.models import Building

COUNTY, CATEGORY = "140106", "0102"  # Yingze; pipes and drains: may be grabbed, asks for photos
LIVED = 160  # orders that live through the simulated month; all further ones are copies of them
GROWING = ("board", "narrow", "rare", "map")  # measured again in the large county
UNDER_WAY = 8  # orders whose pages are asked for in turn
STEP = timedelta(minutes=3)
WORDS = "厨房下水道堵了，水一直往上返，麻烦来人看看。"


class NotEmpty(RuntimeError):
    """DATABASE_URL names a database that somebody uses."""


@dataclass(frozen=True)
class Town:
    """Who asks, and the orders the paths work on; `judged` is the model of the orders that are moved."""

    building: Building
    desk: Person
    street: Person
    district: Person
    member: Person
    under_way: tuple[Order, ...]
    judged: Order


def make(orders: int) -> Town:
    """Everything, in a database that holds nothing of anybody; raises NotEmpty otherwise."""
    at = timezone.now()
    place = county.prepare(COUNTY, at)
    if Order.objects.exists():
        raise NotEmpty("DATABASE_URL names a database with orders in it. The bench needs an empty one of its own.")
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    county.live(place, LIVED / county.month.ORDERS, at)
    world = load(place, Random(county.SEED))
    building = next(b for b in world.buildings if _helpers(world, b))
    under_way = tuple(_order(world, building, at - timedelta(hours=2), "set_out") for _ in range(UNDER_WAY))
    judged = _order(world, building, at - timedelta(hours=1), "judge")
    copies.grow(orders)
    code = building.estate.community_id
    member = Post.objects.filter(role=Role.MEMBER, scope__startswith=code).select_related("person")[0].person
    return Town(building, world.desks[code][0], _busiest_street(), _on_duty(), member, under_way, judged)


def _helpers(world: World, building: Building) -> list[Person]:
    skills = world.categories[CATEGORY].skills
    return world.near(building.estate.community_id, skills, building.lon, building.lat)


def _order(world: World, building: Building, at: datetime, last: str) -> Order:
    """One order placed in that building and moved on up to `last`: judge, or set_out after offer and yes."""
    code, helper = building.estate.community_id, _helpers(world, building)[0]
    desk, category = world.desks[code][0], Category.objects.get(code=CATEGORY)
    ground = Ground(
        community=building.estate.community, grid=building.grid_id or "", micro=building.micro_id or "",
        estate=building.estate, building=building.label, door="2单元501", lon=building.lon, lat=building.lat,
    )  # fmt: skip
    sending = Sending(key=uuid4(), channel="web", text=WORDS, ground=ground, contact=Contact("王秀兰", "16400007719"))
    order = actions.place(sending=sending, by=None, at=at).order
    actions.add_photo(target=order, stage="report", content=world.pictures[0], by=None, at=at)
    order = actions.judge(order=order, category=category, urgency=1, by=desk, at=at + STEP)
    if last == "judge":
        return order
    order = actions.offer(order=order, to=[helper], by=desk, at=at + STEP * 2)
    order = actions.accept(order=order, by=helper, at=at + STEP * 3)
    return actions.set_out(order=order, by=helper, at=at + STEP * 4)


def _busiest_street() -> Person:
    """Who answers for the street with the most open orders."""
    streets = Order.objects.open().values_list("street").annotate(open=Count("pk")).order_by("-open")
    return Post.objects.filter(role=Role.LIAISON, scope=streets[0][0]).select_related("person")[0].person


def _on_duty() -> Person:
    """Who answers for the county."""
    return Post.objects.filter(role=Role.DISTRICT, scope=COUNTY).select_related("person")[0].person


def grow(orders: int) -> None:
    """The county filled up by bulk means, as `sandan demo --orders` does it."""
    bulk.fill(COUNTY, orders, Bar("growing"))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) orders_order")


def session_of(person: Person) -> str:
    """The key of a session in which this person has signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key or ""


def rows() -> dict[str, int]:
    """How large the town is."""
    return {
        "orders": Order.objects.count(), "open": Order.objects.open().count(), "persons": Person.objects.count(),
    }  # fmt: skip
