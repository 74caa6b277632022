"""One of everything that has an address, in own and in other hands."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from sandan.intake.models import Proposal
from sandan.notices.models import Delivery, Notice
from sandan.orders.models import Check, Draft, Duty, Pass, Ring
from sandan.places.models import GroundImport, Place, PlaceChange
from tests.factories.orders import a_category, asker_of
from tests.factories.people import a_unit
from tests.rights.cast import ACTORS, CODES, READS, World


def things(world: World) -> None:
    """One of everything else that has an address: by place, or by whom it belongs to."""
    at, soon, people = world.at, timezone.now() + timedelta(days=1), world.people
    for name, code in CODES.items():
        if len(code) <= 12:
            duty = Duty.objects.create(scope=code, person=people["desk X"], from_at=at, to_at=soon)
            world.things["duty", name] = duty.pk
            place = Place.objects.get(code=code)
            change = PlaceChange.objects.create(at=at, kind="import", old_codes=[], new_codes=[], communities=[code])
            world.things["change", name] = change.pk
        if len(code) == 12:
            given = Pass.objects.create(
                community=place, by=people["desk"], at=at, code_digest=code.encode(), type_by=soon, until=soon
            )
            world.things["pass", name] = given.pk
        if len(code) == 6:
            world.things["import", name] = GroundImport.objects.create(
                county=place, at=at, name=f"底图{name}.xlsx", digest="0" * 64, size=1, file=b"x"
            ).pk
            world.things["county", name] = code
        if len(code) >= 12:
            world.things["code", name] = int(code[:12])
            world.things["community", name] = code[:12]
        if len(code) == 15:
            world.things["grid", name] = code
    for kind in ("code", "community", "pass", "change"):
        for actor in ("street", "district", "admin", "auditor", "security", "overseer", "clerk"):
            world.things[kind, actor] = world.things[kind, "A"]
        world.things[kind, "S2"], world.things[kind, "X"] = world.things[kind, "D"], world.things[kind, "XA"]
        world.things.pop((kind, "S1"), None), world.things.pop((kind, "C"), None)
    world.things["grid", "A"] = CODES["A1"]
    _by_hand(world, at, soon)


def _by_hand(world: World, at: datetime, soon: datetime) -> None:
    people, o = world.people, world.orders
    for actor, person in people.items():
        key = READS.get(actor, {"X"}) and sorted(READS.get(actor, {"X"}))[0]
        subject = o[key] if key else o["X"]
        notice = Notice.objects.create(
            at=at, kind="taken", person=person, subject="orders.order", subject_id=subject.pk, facts={}
        )
        if actor in ACTORS and key:
            world.things["notice", actor] = notice.pk
        elif key is None or not key:
            notice.delete()
    world.things["notice", "foreign"] = Notice.objects.filter(person=people["desk X"]).latest("pk").pk
    for actor, key in (("desk", "A2"), ("street", "A2"), ("district", "A2"), ("desk B", "B")):
        kind = actor if actor in ACTORS else "foreign"
        order = o[key] if actor in ("desk", "desk B") else o["A"]
        if not Check.objects.filter(order=order).exists():
            world.things["check", kind] = Check.objects.create(order=order, person=people[actor], drawn_at=at).pk
    for name in ("A1", "A2", "A", "B"):
        ring = Ring.objects.create(
            person=people["worker"], scope=CODES[name], at=at, number="16400660011", name=f"来电{name}", order=None,
            digest=b"d" * 32, tail_digest=b"t" * 32, keep_until=soon,
        )  # fmt: skip
        world.things["ring", name] = ring.pk
    world.things["ring", "foreign"] = world.things["ring", "B"]
    world.things["proposal", "C"] = Proposal.objects.create(
        code="0199", name="新事项", department=a_category("0102").parent, reason="要办", duty="看", rhythm="每月",
        training="有", funding="有", by=people["clerk"], at=at,
    ).pk  # fmt: skip
    for name in ("A1", "B", "X"):
        told = Notice.objects.create(
            at=at, kind="taken", asker_id=asker_of(o[name]).pk, subject="orders.order", subject_id=o[name].pk,
            facts={"number": o[name].full_number},
        )  # fmt: skip
        world.things["delivery", name] = Delivery.objects.create(
            notice=told, channel="sms", state="failed", made_at=timezone.now(), lane=1
        ).pk
    for actor in ("desk", "street", "district"):
        world.things["delivery", actor] = world.things["delivery", "A1"]
    world.things["delivery", "foreign"] = world.things["delivery", "X"]
    _people_things(world)
    key = uuid4()
    Draft.objects.create(key=key, content="{}", at=timezone.now())
    for relation in ("own", *CODES):
        world.things["draft", relation] = key


def _people_things(world: World) -> None:
    """Units, persons and posts that pages of the room people name."""
    units, people = world.units, world.people
    units["X"] = a_unit("外县单位", scope=CODES["X"])
    world.things["unit", "clerk other"] = units["U2"].pk
    world.things["unit", "foreign"] = world.things["unit", "X"] = units["X"].pk
    for name, other in {"A": "worker", "B": "desk B", "S2": "street 2", "X": "district X"}.items():
        world.things["person", name] = people[other].pk
        world.things["post", name] = people[other].posts.get().pk
    for actor in ACTORS:
        world.things["list", actor] = "units"
        world.things["scope", actor] = CODES["A"]
        world.things["show", actor] = "all"
    world.things["scope", "foreign"] = CODES["XA"]
    for kind in ("person", "post"):
        for actor in ("street", "district", "admin"):
            world.things[kind, actor] = world.things[kind, "A"]
        world.things[kind, "foreign"] = world.things[kind, "X"]
