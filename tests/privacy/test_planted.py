"""A dump of the database, the logs and the media without the key reveals no phone, name or door of a resident."""

import base64
import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from structlog.testing import capture_logs

from sandan.orders import actions
from sandan.orders.actions import desk, following, looking, whistle
from sandan.orders.models import Asker, Order, Photo
from sandan.people import actions as people
from sandan.people.models import Person
from sandan.places.models import Place
from tests.core.test_logs import hearing
from tests.factories.orders import a_category, a_picture, an_order, asker_of
from tests.factories.people import Cast
from tests.factories.resident import Town, a_town, hand_in, point, say
from tests.people import import_kit
from tests.privacy.planted import DOORS, NAMES, PHONES, dump, found, shapes, tables_with_rows

pytestmark = pytest.mark.django_db
EVERYTHING = {**{f"phone of {way}": one for way, one in PHONES.items()},
              **{f"name of {way}": one for way, one in NAMES.items()},
              **{f"door of {way}": one for way, one in DOORS.items()}}  # fmt: skip


def a_photo() -> SimpleUploadedFile:
    """With a phone in the comment and a position, as a phone's camera might write them."""
    image, out = Image.new("RGB", (400, 300), (90, 120, 90)), BytesIO()
    exif = image.getexif()
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 51.0, 0.0), 3: "E", 4: (112.0, 33.0, 0.0)})
    exif[0x010E] = f"call {PHONES['a picture']}"
    image.save(out, "JPEG", exif=exif, comment=f"call {PHONES['a picture']}".encode())
    return SimpleUploadedFile(f"{PHONES['a picture']}.jpg", out.getvalue(), "image/jpeg")


def by_web(client: Client) -> Order:
    text = f"桐花苑1号楼楼梯扶手断了，打{PHONES['in the words']}找司空曙光，7单元903"
    key, _answer = say(client, text, photos=[a_photo()])
    point(client, key, where="estate", estate_name="桐花苑", building="1", unit="7", room="903",
          spot=f"门口，打{PHONES['a place']}")  # fmt: skip
    hand_in(client, key, phone=PHONES["web"], name=NAMES["web"])
    return Order.objects.get(key=key)


def by_desk(town: Town) -> Order:
    client = Client()
    client.force_login(town.cast.dispatcher)
    told = {"key": str(uuid4()), "text": "楼道灯坏了三天", "place": "桐花苑1号楼8单元804", "phone": PHONES["desk"],
            "name": NAMES["desk"], "channel": "phone", "urgency": "1", "category": ""}  # fmt: skip
    assert client.post("/desk/enter/", told).status_code == 200
    client.get("/desk/find/", {"q": PHONES["a search"]})
    client.get("/desk/find/", {"q": PHONES["desk"]})
    return Order.objects.get(key=told["key"])


def by_phone(cast: Cast) -> Order:
    client = Client()
    client.force_login(cast.grid_worker)
    key = str(uuid4())
    client.post("/phone/", {"key": key, "text": "灯坏了", "phone": PHONES["phone page"], "name": NAMES["phone page"],
                            "keep": "on"})  # fmt: skip
    return Order.objects.get(key=key)


def a_sealed_matter(cast: Cast) -> Order:
    order: Order = an_order(cast, code="0301", phone=PHONES["a sealed matter"], name=NAMES["a sealed matter"],
                            door=DOORS["a sealed matter"], text="他又动手了，我在家不敢出声")  # fmt: skip
    return order


def the_loop(order: Order, cast: Cast) -> None:
    """From judging to the asker's word, with a number in everything that anybody writes."""
    now, step = timezone.now(), timedelta(minutes=1)
    number = PHONES
    desk.judge_and_offer(order=order, category=a_category("0102"), urgency=1, to=[cast.member], by=cast.dispatcher,
                         at=now, reply="好的，马上来")  # fmt: skip
    order = actions.accept(order=order, by=cast.member, at=now + step)
    for what in ("contact", "door", "words"):
        looking.at_sealed(order=order, what=what, by=cast.dispatcher, why="desk", at=now + step)
    whistle.blow(
        order=order, units=[cast.unit], ask=f"请来一趟，联系 {number['a whistle']}", by=cast.dispatcher, at=now + step
    )
    order = actions.set_out(order=order, by=cast.member, at=now + 2 * step)
    for stage in ("before", "after"):
        actions.add_photo(target=order, stage=stage, content=a_picture(), by=cast.member, at=now + 3 * step)
    order = actions.finish(order=order, work=f"修好了，有事打{number['a report']}", by=cast.member, at=now + 4 * step)
    actions.review(order=order, word="yes", satisfaction=1, text=f"很好，我的号是 {number['a review']}",
                   by=asker_of(order), at=now + 5 * step)  # fmt: skip


def asked_and_answered(order: Order, cast: Cast) -> None:
    now = timezone.now()
    actions.ask(order=order, question=f"是{PHONES['a question']}这个号吗？", by=cast.dispatcher, at=now)
    actions.answer(order=order, text=f"不是，打{PHONES['an answer']}", by=asker_of(order), at=now)


def everything(client: Client, town: Town) -> Order:
    """All ways in, and the loop."""
    cast = town.cast
    order = by_web(client)
    asked_and_answered(by_desk(town), cast)
    by_phone(cast)
    a_sealed_matter(cast)
    actions.join(order=an_order(cast, "judged"), key=uuid4(),
                 contact=actions.Contact(NAMES["neighbour"], PHONES["neighbour"]), at=timezone.now())  # fmt: skip
    say(client, f"没写完的，打{PHONES['a draft']}")
    client.post("/login/", {"login": PHONES["a login"], "password": "wrong-password"})
    people.make_person(login="zhong", name="钟诚", phone=PHONES["staff"], by="system", at=timezone.now())
    following.send_code(phone=PHONES["a code"], at=timezone.now())
    the_loop(order, cast)
    return order


@pytest.fixture
def town() -> Town:
    return a_town()


class TestDump:
    """Issue 4: a dump of database, logs and media without the key reveals no phone number or address of a person."""

    def test_and_logs_reveal_nobody(self, client: Client, town: Town) -> None:
        with hearing() as said, capture_logs() as caught:
            order = everything(client, town)
        rows = dump()
        assert {"orders_asker", "orders_words", "orders_ring", "orders_draft", "orders_photo", "core_look",
                "core_entry", "notices_notice", "orders_phonecode", "orders_dataconsent", "django_session",
                "front_loginfailure"} <= tables_with_rows(rows)  # fmt: skip
        given = {table: shown for table, text in rows.items() if (shown := found(EVERYTHING, text))}
        assert given == {}
        assert found(EVERYTHING, json.dumps(said, ensure_ascii=False) + repr(caught)) == {}
        assert asker_of(order).phone.open_unlogged() == PHONES["web"], "it is there, under seal"
        assert {one.open_unlogged() for one in Asker.objects.exclude(phone=None).values_list("phone", flat=True)} >= {
            PHONES[way] for way in ("web", "desk", "phone page", "neighbour", "a sealed matter")
        }

    def test_of_lists_that_an_office_brings_reveals_no_number(self, town: Town) -> None:
        """Phone and identity number of a member, in the draft, in what was applied and in the way back."""
        grid = town.ground.grids[0]
        community = Place.objects.get(pk=grid.code[:12]).name
        number = import_kit.identity(7)
        data = import_kit.sheet(("钟离春", PHONES["a list"], number, "城管局", community, grid.name))
        with hearing() as said, capture_logs() as caught:
            import_kit.draft(data)
            import_kit.applied(data)
        rows = dump()
        assert Person.objects.get(name="钟离春").phone.open_unlogged() == PHONES["a list"]
        planted = {"phone": PHONES["a list"], "identity": number}
        assert {table: shown for table, text in rows.items() if (shown := found(planted, text))} == {}
        assert found(planted, json.dumps(said, ensure_ascii=False) + repr(caught)) == {}

    def test_of_logins_by_code_reveals_no_number(self, client: Client, town: Town) -> None:
        """Of who has an account, and of who has none: the session knows the number only under seal."""
        made = people.make_person(
            login="zhong", name="钟诚", phone=PHONES["a login code"], by="system", at=timezone.now()
        )
        people.give_post(person=made, role="member", scope=town.ground.grids[0].code, from_at=timezone.now(),
                         by="system", at=timezone.now())  # fmt: skip
        with hearing() as said, capture_logs() as caught, override_settings(DEMO=True):
            for way in ("a login code", "an unknown login"):
                client.post(reverse("front:code_ask"), {"phone": PHONES[way]})
        rows = dump()
        assert "front_logincode" in tables_with_rows(rows)
        assert {table: shown for table, text in rows.items() if (shown := found(EVERYTHING, text))} == {}
        assert found(EVERYTHING, json.dumps(said, ensure_ascii=False) + repr(caught)) == {}

    def test_of_pictures_says_nothing_of_who_took_them_where(self, client: Client, town: Town) -> None:
        order = by_web(client)
        photo = Photo.objects.get(order=order)
        for picture in (photo.large.open_bytes(), photo.small.open_bytes()):
            assert not Image.open(BytesIO(picture)).getexif()
            assert PHONES["a picture"].encode() not in picture
        assert "112.55" in photo.taken.open_unlogged()
        assert "112.55" not in dump()["orders_photo"]

    def test_shows_what_is_planted_in_clear(self, client: Client, town: Town) -> None:
        """The search itself: each shape is found where it stands."""
        value = "16455510001"
        for text in (
            "164 5551 0001",
            "164-5551-0001",
            value.encode().hex(),
            "xx" + value.encode().hex(),
            "10001555461",
        ):
            assert found({"x": value}, text), text
        for shift in range(3):
            shifted = base64.b64encode(b"a" * shift + value.encode() + b"tail").decode()
            assert found({"x": value}, shifted), shift
        with connection.cursor() as cursor:
            cursor.execute("UPDATE orders_order SET spot = %s", [NAMES["web"]])
        assert list(shapes(value))
        by_web(client)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE orders_asker SET phone = %s", [PHONES["web"].encode()])
        assert "phone of web" in found(EVERYTHING, dump()["orders_asker"])
