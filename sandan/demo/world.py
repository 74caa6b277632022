"""Who and what the simulated month draws from, loaded once."""

from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from sandan.calc.ground.distance import metres
from sandan.demo import people
from sandan.intake.models import Category, Route
from sandan.orders.models import Order
from sandan.people.models import Person, Post, Role, Unit
from sandan.places.models import Building, Place

SHADES = ((214, 208, 196), (198, 206, 214), (206, 214, 200), (222, 214, 206))
VISITOR = "demo.member"  # keeps his hands free for whoever tries the hall
HOME_SHARE = 0.08  # of all orders: the visitor looks at the community of the demo's logins


@dataclass
class World:
    """The county's people by post and place; positions WGS-84. `home` is the community of the demo's logins."""

    rng: Random
    county: Place
    home: str = ""
    buildings: list[Building] = field(default_factory=list)
    at_home: list[Building] = field(default_factory=list)
    communities: dict[str, Place] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    persons: dict[int, Person] = field(default_factory=dict)
    tour: dict[str, Person] = field(default_factory=dict)
    desks: dict[str, list[Person]] = field(default_factory=dict)
    clerks: dict[int, list[Person]] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    helpers: dict[str, list[Person]] = field(default_factory=dict)
    pictures: tuple[bytes, ...] = ()

    def near(self, community: str, skills: list[str], lon: float | None, lat: float | None) -> list[Person]:
        """People of the community who can do it and would come that far, nearest first."""
        if lon is None or lat is None:
            return []
        fit = [
            (metres((p.lon or 0, p.lat or 0), (lon, lat)), p)
            for p in self.helpers.get(community, ())
            if set(p.skills) & set(skills)
        ]
        return [p for far, p in sorted(fit, key=lambda pair: (pair[0], pair[1].pk)) if far <= p.reach_metres]

    def a_building(self) -> Building:
        """Any building of the county, more often one of the home community."""
        return self.rng.choice(self.at_home if self.rng.random() < HOME_SHARE else self.buildings)

    def dress(self, order: Order) -> Order:
        """Give an order read by itself the community, category and people that are known here; no statement."""
        order.community = self.communities[order.community_id]
        order.category = self.categories.get(order.category_id or "")
        order.owner = self.persons.get(order.owner_id) or order.owner
        if order.holder_id in self.persons:
            order.holder = self.persons[order.holder_id]
        return order


def load(county: Place, rng: Random) -> World:
    """Read the county into memory: a few statements."""
    world = World(rng, county, people.home_of(county).code)
    world.buildings = list(
        Building.objects.filter(estate__community__code__startswith=county.code)
        .select_related("estate__community")
        .order_by("pk")
    )
    world.at_home = [b for b in world.buildings if b.estate.community_id == world.home] or world.buildings
    communities = Place.objects.filter(code__startswith=county.code, kind=Place.Kind.COMMUNITY)
    world.communities = {community.code: community for community in communities}
    world.categories = {c.code: c for c in Category.objects.filter(parent__isnull=False)}
    world.units = {r.category_id: r.unit for r in Route.objects.select_related("unit")}
    _load_posts(world)
    world.pictures = tuple(_picture(shade, rng) for shade in SHADES)
    return world


def _load_posts(world: World) -> None:
    desks, helpers, clerks = defaultdict(list), defaultdict(list), defaultdict(list)
    held: dict[int, list[Post]] = defaultdict(list)
    posts = Post.objects.filter(scope__startswith=world.county.code).select_related("person", "unit").order_by("pk")
    for post in posts:
        person = world.persons.setdefault(post.person_id, post.person)
        held[post.person_id].append(post)
        if post.role == Role.DISPATCHER:
            desks[post.scope].append(person)
        elif post.role in (Role.MEMBER, Role.GRID_WORKER) and person.skills and person.login != VISITOR:
            helpers[post.scope[:12]].append(person)
        elif post.role in (Role.UNIT_CLERK, Role.PARTNER) and post.unit_id:
            clerks[post.unit_id].append(person)
    for key, person in world.persons.items():
        person.held_posts = held[key]  # type: ignore[attr-defined]
    world.tour = {person.login: person for person in world.persons.values() if person.login.startswith(people.TOUR)}
    world.desks, world.helpers, world.clerks = dict(desks), dict(helpers), dict(clerks)


def _picture(shade: tuple[int, int, int], rng: Random) -> bytes:
    """A drawn stand-in for a photo of a stair: honest enough to show where pictures go, and quick to encode."""
    image = Image.new("RGB", (320, 240), shade)
    draw = ImageDraw.Draw(image)
    for step in range(8):
        draw.rectangle((30 + step * 30, 210 - step * 20, 60 + step * 30, 220 - step * 20), fill=(150, 150, 146))
    draw.line((40, 170, 40 + rng.randint(100, 210), 170 - rng.randint(60, 130)), fill=(120, 84, 50), width=7)
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
