"""Building the world of the battery (see cast.py): people, orders on their ways, browsers."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from sandan.orders import actions
from sandan.orders.actions import joint, partner, whistle
from sandan.orders.models import Photo
from sandan.people.models import Role, Unit
from sandan.places.models import Place
from tests.factories.orders import a_category, a_picture, a_sending, asker_of
from tests.factories.people import a_place, a_unit, somebody
from tests.rights.cast import ACTORS, AREAS, CODES, GROUND, Marks, World
from tests.rights.things import things


def a_world() -> World:
    """Everything, made once."""
    world = World(timezone.now().replace(microsecond=0) - timedelta(hours=3))
    for code in CODES.values():
        a_place(code)
    Place.objects.filter(code=CODES["A"]).update(phone="0351-6666001")
    _people(world)
    for index, key in enumerate(GROUND):
        _order(world, key, index)
    _course(world)
    _beside(world)
    things(world)
    for actor in ACTORS:
        world.clients[actor] = _client(world, actor)
    return world


def _people(world: World) -> None:
    world.units = {name: a_unit(f"试点单位{name}") for name in ("U1", "U2")}
    for name, code in (("P1", CODES["A"]), ("P2", CODES["B"])):
        world.units[name] = a_unit(f"试点物业{name}", Unit.Kind.PARTNER, code)
    units = {"clerk": world.units["U1"], "partner": world.units["P1"]}
    for actor, (role, level) in ACTORS.items():
        if role:
            scope = CODES[AREAS[level]["own"]]
            near = {"home": Place.objects.get(code=CODES["A1"]), "lon": 112.55, "lat": 37.86}
            skills = {"skills": ["水暖维修"]} if actor in ("member", "worker") else {}
            world.people[actor] = somebody(f"演员{actor}", role, scope, unit=units.get(actor), **near, **skills)
    for name, role, place, unit in (
        ("desk B", Role.DISPATCHER, "B", None), ("desk D", Role.DISPATCHER, "D", None),
        ("desk X", Role.DISPATCHER, "XA", None), ("street 2", Role.LIAISON, "S2", None),
        ("clerk 2", Role.UNIT_CLERK, "C", "U2"), ("partner 2", Role.PARTNER, "B", "P2"),
        ("member 2", Role.MEMBER, "A2", None), ("desk 2", Role.DISPATCHER, "A", None),
        ("district X", Role.DISTRICT, "X", None),
    ):  # fmt: skip
        world.people[name] = somebody(f"旁人{name}", role, CODES[place], unit=world.units.get(unit or ""))


def _order(world: World, key: str, index: int) -> None:
    place, grid, _level = GROUND[key]
    sign = "子丑寅卯辰巳午未申酉戌亥"[index]
    phone, name, door = f"1640077{index:02d}{index + 31:02d}", f"甲{sign}名", f"{index + 3}单元{index + 30}07"
    words = f"楼道灯坏了，暗号{sign}{sign}记"
    unit = world.units.get(key)
    sending = a_sending(
        text=f"{words}，打{phone[:-1]}9也行", name=name, phone=phone, door=door, grid=CODES.get(grid, ""),
        community=Place.objects.get(code=CODES[place]), charge=unit, guess=a_category("0102"),
    )  # fmt: skip
    placed = actions.place(sending=sending, by=None, at=world.at)
    order = placed.order
    world.orders[key] = order
    world.marks[key] = Marks(order.full_number, order.number, words, name, phone, door)
    content = a_picture(f"#4f8a{index:02x}")
    world.things["photo", key] = actions.add_photo(
        target=order, stage="report", content=content, by=asker_of(order), at=world.at
    ).pk


def _course(world: World) -> None:
    """A1 in the member's hands, H in the hall, Z under seal, two on the ladder, the rest judged or as they came."""
    people, at = world.people, world.at + timedelta(minutes=10)
    o = world.orders

    def do(key: str, verb: str, by: str, **said: Any) -> None:
        nonlocal at
        at += timedelta(seconds=30)
        o[key] = getattr(actions, verb)(order=o[key], by=people[by], at=at, **said)

    for key, by in {"A1": "desk", "A2": "desk", "A": "desk", "B": "desk B", "H": "desk"}.items():
        do(key, "judge", by, category=a_category("0102"), urgency=1)
    do("A1", "offer", "desk", to=[people["member"]])
    do("A1", "accept", "member")
    do("H", "open_up", "desk")
    do("Z", "judge", "desk", category=a_category("0702"), urgency=1)
    do("S1", "escalate", "desk B", reason="no_means")
    do("C", "escalate", "desk D", reason="no_means")
    do("C", "escalate", "street 2", reason="no_means")


def _beside(world: World) -> None:
    """Excerpts with two partners, whistles to two units, a helper of A1."""
    people, at, o = world.people, world.at + timedelta(hours=1), world.orders
    sent = partner.send(order=o["A1"], unit=world.units["P1"], text=world.excerpt, by=people["desk"], at=at)
    sent.photos.set(Photo.objects.filter(pk=world.things["photo", "A1"]))
    world.things["sending", "partner"] = sent.pk
    other = partner.send(order=o["B"], unit=world.units["P2"], text="摘要记号辰巳", by=people["desk B"], at=at)
    world.things["sending", "foreign"] = other.pk
    for key, unit in (("S2", "U1"), ("C", "U2")):
        whistle.blow(order=o[key], units=[world.units[unit]], ask="请来看看", by=people["desk D"], at=at)
    world.things["called", "clerk"] = o["S2"].full_number
    world.things["called", "foreign"] = o["C"].full_number
    share = joint.ask(order=o["A1"], who=people["leader"], by=people["member"], at=at)
    joint.join(share=share, by=people["leader"], at=at)
    world.things["share", "leader"], world.things["share", "foreign"] = o["A1"].full_number, o["B"].full_number


def _client(world: World, actor: str) -> Client:
    client = Client(raise_request_exception=False)
    if actor in world.people:
        client.force_login(world.people[actor])
    if actor == "resident":
        session = client.session
        session["askers"] = [asker_of(world.orders["A1"]).pk]
        session.save()
    return client
