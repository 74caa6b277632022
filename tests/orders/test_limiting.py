"""Floods of anonymous orders: by device and phone, never by the address alone; the community's own way through."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from sandan.core import journal
from sandan.core.errors import NotAllowed
from sandan.core.models import Entry, Tally
from sandan.orders import limits
from sandan.orders.actions import limiting
from sandan.orders.models import Draft, Order, Pass
from sandan.orders.views import resident
from sandan.places.models import Place
from tests.factories.orders import a_picture
from tests.factories.people import COMMUNITY
from tests.factories.resident import PHONE, Town, a_town, hand_in, point, say
from tests.orders.boards_kit import signed_in

pytestmark = pytest.mark.django_db
OTHERS = [f"1640000{n:04d}" for n in range(60)]


@pytest.fixture
def town() -> Town:
    return a_town()


@pytest.fixture
def phone() -> Client:
    """A phone that this site has known for an hour."""
    return known(Client())


def known(client: Client, hours: float = 1) -> Client:
    client.get("/order/")
    name = client.cookies[resident.DEVICE_COOKIE]
    then = timezone.now() - timedelta(hours=hours)
    fresh = resident.HttpResponse()
    fresh.set_signed_cookie(resident.DEVICE_COOKIE, f"{name.value[:16]}.{int(then.timestamp())}", salt="device")
    client.cookies[resident.DEVICE_COOKIE] = fresh.cookies[resident.DEVICE_COOKIE].value
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def flood(client: Client, count: int) -> list[int]:
    """Hand in so many orders, each with another phone; the statuses."""
    told = []
    for n in range(count):
        key, _first = say(client)
        point(client, key)
        told.append(hand_in(client, key, phone=OTHERS[n]).status_code)
    return told


@pytest.mark.usefixtures("town")
class TestOrders:
    def test_stop_after_ten_an_hour_from_one_device_and_lose_nothing(self, phone: Client) -> None:
        assert flood(phone, 11) == [302] * 10 + [429]
        assert Order.objects.count() == 10
        assert Draft.objects.count() == 1

    def test_say_how_to_go_on(self, phone: Client) -> None:
        flood(phone, 10)
        key, _first = say(phone)
        point(phone, key)
        page = text_of(hand_in(phone, key, phone=PHONE))
        assert "打社区电话" in page
        assert 'name="pass"' in page
        assert PHONE in page

    def test_of_other_devices_behind_the_same_address_are_taken(self, phone: Client) -> None:
        """Thousands of phones share one address."""
        flood(phone, 11)
        assert flood(known(Client()), 3) == [302] * 3

    def test_of_one_phone_number_stop_whatever_the_device(self, monkeypatch: pytest.MonkeyPatch) -> None:
        few = limits.Limit("order phone", 3, limits.DAY)
        monkeypatch.setattr(limits, "ORDERS_OF_A_PHONE", few)
        told = []
        for _n in range(4):
            client = known(Client())
            key, _first = say(client)
            point(client, key)
            told.append(hand_in(client, key, phone=PHONE).status_code)
        assert told == [302, 302, 302, 429]

    def test_of_devices_nobody_knew_ten_minutes_ago_wait_in_a_flood(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "BY_YOUNG", limits.Limit("young", 5, limits.HOUR))
        assert [flood(Client(), 1) for _n in range(3)] == [[302], [302], [429]]  # words and order count
        assert flood(known(Client()), 1) == [302]

    def test_by_whoever_is_signed_in_are_not_limited(self, town: Town) -> None:
        client = signed_in(town.cast.member)
        assert flood(client, 12) == [302] * 12
        assert not Tally.objects.exists()

    def test_leave_a_keyed_digest_and_no_address_or_number(self, phone: Client) -> None:
        flood(phone, 1)
        kept = b"".join(bytes(source) for source in Tally.objects.values_list("source", flat=True))
        assert Tally.objects.filter(kind="order").get().count == 1
        assert b"127.0.0.1" not in kept
        assert OTHERS[0].encode() not in kept

    def test_with_a_forged_device_name_count_as_those_of_a_new_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "BY_YOUNG", limits.Limit("young", 0, limits.HOUR))
        client = Client()
        client.cookies[resident.DEVICE_COOKIE] = "anything.1:forged"
        assert say(client)[1].status_code == 429


@pytest.mark.usefixtures("town")
class TestPhotos:
    def test_stop_by_number_an_hour_and_the_words_stay(self, phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "PHOTOS", limits.Limit("photo", 3, limits.HOUR))
        pictures = [SimpleUploadedFile(f"{n}.jpg", a_picture(f"#{n}0{n}0{n}0"), "image/jpeg") for n in range(4)]
        _key, answer = say(phone, "楼道灯又不亮了，黑得很", photos=pictures)
        assert answer.status_code == 429
        assert "楼道灯又不亮了" in text_of(answer)
        assert not Draft.objects.exists()


class TestPass:
    def give(self, town: Town, lasts: timedelta = limiting.SHORT) -> str:
        return limiting.issue(
            community=town.ground.communities[0], lasts=lasts, by=town.cast.dispatcher, at=timezone.now()
        )

    def last_try(self, client: Client, **data: Any) -> Any:
        key, _first = say(client)
        point(client, key)
        return hand_in(client, key, phone=PHONE, **data)

    def test_lifts_the_limit_for_one_device(self, town: Town, phone: Client) -> None:
        flood(phone, 10)
        code = self.give(town)
        assert self.last_try(phone, **{"pass": code}).status_code == 302
        assert self.last_try(phone).status_code == 302
        other = known(Client())
        flood(other, 10)
        assert self.last_try(other, **{"pass": code}).status_code == 429

    def test_is_over_after_its_day_and_after_half_an_hour_untyped(self, town: Town, phone: Client) -> None:
        flood(phone, 10)
        code = self.give(town)
        Pass.objects.update(type_by=timezone.now())
        assert self.last_try(phone, **{"pass": code}).status_code == 429
        code = self.give(town)
        assert self.last_try(phone, **{"pass": code}).status_code == 302
        Pass.objects.filter(device__isnull=False).update(until=timezone.now())
        assert self.last_try(phone).status_code == 429

    def test_cannot_be_guessed_by_trying(self, town: Town, phone: Client) -> None:
        code = self.give(town)
        wrong = "000000" if code != "000000" else "111111"
        for _n in range(10):
            assert self.last_try(phone, **{"pass": wrong}).status_code == 429
        assert self.last_try(phone, **{"pass": code}).status_code == 429

    def test_cannot_be_guessed_from_ever_new_devices(self, town: Town) -> None:
        """A device costs nothing: the tries of one address are counted as well."""
        self.give(town)
        now = timezone.now()
        for n in range(limiting.TRIES_OF_AN_ADDRESS.most):
            with pytest.raises(limiting.WrongPass):
                limiting.type_in(code="x", device=limiting.Device(f"device {n}", now, "198.51.100.7"), at=now)
        code = self.give(town)
        with pytest.raises(limiting.WrongPass):
            limiting.type_in(code=code, device=limiting.Device("fresh", now, "198.51.100.7"), at=now)
        assert limiting.type_in(code=code, device=limiting.Device("fresh", now, "198.51.100.8"), at=now)

    def test_is_given_on_a_page_of_the_desk_and_taken_back_there(self, town: Town, phone: Client) -> None:
        desk = signed_in(town.cast.dispatcher)
        page = text_of(desk.post("/desk/passes/", {"lasts": "day", "community": COMMUNITY}))
        code = "".join(page.split('class="big-number">')[1].split("<")[0].split())
        assert len(code) == 6
        assert code not in text_of(desk.get("/desk/passes/"))
        flood(phone, 10)
        assert self.last_try(phone, **{"pass": code}).status_code == 302
        given = Pass.objects.get()
        assert desk.post(f"/desk/passes/{given.pk}/withdraw/").status_code == 302
        assert self.last_try(phone).status_code == 429
        with pytest.raises(NotAllowed):
            limiting.withdraw(given=given, by=town.cast.dispatcher, at=timezone.now())

    def test_is_not_given_for_other_communities_nor_by_members(self, town: Town) -> None:
        desk = signed_in(town.cast.dispatcher)
        foreign = Place.objects.filter(kind=Place.Kind.COMMUNITY).exclude(pk=COMMUNITY).first()
        assert foreign is not None
        assert desk.post("/desk/passes/", {"lasts": "day", "community": foreign.pk}).status_code == 422
        assert signed_in(town.cast.member).get("/desk/passes/").status_code == 403
        other = Pass.objects.create(
            community=foreign, by=town.cast.dispatcher, at=timezone.now(), code_digest=b"x", type_by=timezone.now(),
            until=timezone.now() + limiting.LONG,
        )  # fmt: skip
        assert desk.post(f"/desk/passes/{other.pk}/withdraw/").status_code == 404

    def test_names_the_limit_that_is_in_force(self, town: Town, settings: Any) -> None:
        settings.LIMIT_FACTOR = 3
        page = text_of(signed_in(town.cast.dispatcher).get("/desk/passes/"))
        assert f"一小时最多交 {limits.ORDERS.most * 3} 张单" in page

    def test_leaves_a_line_without_the_code(self, town: Town) -> None:
        code = self.give(town)
        (line,) = journal.lines_of(Pass.objects.get())
        assert (line.verb, line.facts) == ("issue", {"hours": 24})
        assert not Entry.objects.filter(facts__icontains=code).exists()
