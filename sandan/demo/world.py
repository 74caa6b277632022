"""Who and what the simulated month draws from, loaded once."""

from collections import defaultdict
from dataclasses import dataclass, field
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from sandan.calc.ground.distance import metres
from sandan.intake.models import Category, Route
from sandan.people.models import Person, Post, Role, Unit
from sandan.places.models import Building, Place

SHADES = ((214, 208, 196), (198, 206, 214), (206, 214, 200), (222, 214, 206))


@dataclass
class World:
    """The county's people by post and place; positions WGS-84."""

    rng: Random
    county: Place
    buildings: list[Building] = field(default_factory=list)
    categories: dict[str, Category] = field(default_factory=dict)
    desks: dict[str, list[Person]] = field(default_factory=dict)
    uppers: dict[str, Person] = field(default_factory=dict)
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


def load(county: Place, rng: Random) -> World:
    """Read the county into memory: a few statements."""
    world = World(rng, county)
    world.buildings = list(
        Building.objects.filter(estate__community__code__startswith=county.code)
        .select_related("estate__community")
        .order_by("pk")
    )
    world.categories = {c.code: c for c in Category.objects.filter(parent__isnull=False)}
    world.units = {r.category_id: r.unit for r in Route.objects.select_related("unit")}
    _load_posts(world)
    world.pictures = tuple(_picture(shade, rng) for shade in SHADES)
    return world


def _load_posts(world: World) -> None:
    desks, helpers, clerks = defaultdict(list), defaultdict(list), defaultdict(list)
    held: dict[int, list[Post]] = defaultdict(list)
    posts = Post.objects.filter(scope__startswith=world.county.code).select_related("person").order_by("pk")
    people: dict[int, Person] = {}
    for post in posts:
        person = people.setdefault(post.person_id, post.person)
        held[post.person_id].append(post)
        if post.role == Role.DISPATCHER:
            desks[post.scope].append(person)
        elif post.role in (Role.MEMBER, Role.GRID_WORKER) and person.skills:
            helpers[post.scope[:12]].append(person)
        elif post.role in (Role.LIAISON, Role.DISTRICT):
            world.uppers.setdefault(post.scope, person)
        elif post.role == Role.UNIT_CLERK and post.unit_id:
            clerks[post.unit_id].append(person)
    for key, person in people.items():
        person.held_posts = held[key]  # type: ignore[attr-defined]
    world.desks, world.helpers, world.clerks = dict(desks), dict(helpers), dict(clerks)


def _picture(shade: tuple[int, int, int], rng: Random) -> bytes:
    """A drawn stand-in for a photo of a stair: honest enough to show where pictures go."""
    image = Image.new("RGB", (640, 480), shade)
    draw = ImageDraw.Draw(image)
    for step in range(8):
        draw.rectangle((60 + step * 60, 420 - step * 40, 120 + step * 60, 440 - step * 40), fill=(150, 150, 146))
    draw.line((80, 340, 80 + rng.randint(200, 420), 340 - rng.randint(120, 260)), fill=(120, 84, 50), width=14)
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
