"""What must hold while an order is written: danger is named, nothing comes twice, a draft has one day."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from sandan.orders.actions import drafting
from sandan.orders.models import Asker, Draft, Order, Photo
from sandan.orders.models.order import Urgency
from tests.factories.orders import a_picture
from tests.factories.resident import Town, a_town, hand_in, place, point, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return a_town()


def page_of(answer: Any) -> str:
    return answer.content.decode()


def jpeg(name: str = "扶手.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_picture(), "image/jpeg")


class TestDanger:
    @pytest.mark.parametrize(
        ("words", "number"),
        [("桐花苑1号楼着火了", "119"), ("楼道里有煤气味 桐花苑", "119"), ("桐花苑门口有人晕倒", "120"),
         ("我妈从桐花苑出去没回来", "110")],
    )  # fmt: skip
    def test_shows_the_number_at_once_and_takes_the_order(
        self, town: Town, client: Client, words: str, number: str
    ) -> None:
        key, _ = say(client, words)
        page = page_of(client.get(f"/order/{key}/where/"))
        assert f'href="tel:{number}"' in page.split("<form")[0]
        point(client, key)
        assert f"打 {number}" in page_of(client.get(f"/order/{key}/check/"))
        hand_in(client, key)
        order = Order.objects.get(key=key)
        assert order.urgency == Urgency.BURST
        assert order.due_at <= timezone.now() + timedelta(minutes=11)

    def test_seals_what_sounds_like_a_sealed_matter(self, town: Town, client: Client) -> None:
        order = place(client, "桐花苑1号楼有人家暴，孩子在哭")
        assert (order.privacy, order.guess_id) == ("sealed", "0702")

    def test_is_quiet_otherwise(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        assert "data-alarm" not in page_of(client.get(f"/order/{key}/where/"))
        point(client, key)
        hand_in(client, key)
        assert Order.objects.get(key=key).urgency == Urgency.ORDINARY


class TestTwice:
    def test_the_same_sending_is_one_order(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        first, second = hand_in(client, key), hand_in(client, key)
        assert first.url == second.url
        assert (Order.objects.count(), Asker.objects.count()) == (1, 1)
        assert client.get(second.url).status_code == 200

    def test_going_back_to_the_check_shows_the_order(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        hand_in(client, key)
        assert client.get(f"/order/{key}/check/").url == f"/order/{key}/done/"

    def test_a_stranger_with_the_address_sees_no_secret(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        done = hand_in(client, key).url
        assert Client().get(done).url == "/follow/"
        assert Client().get(f"/order/{key}/check/").status_code == 410


class TestDraft:
    def test_is_over_after_a_day(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        point(client, key)
        Draft.objects.filter(key=key).update(at=timezone.now() - timedelta(days=1, minutes=1))
        for step in ("", "where/", "check/"):
            answer = client.get(f"/order/{key}/{step}")
            assert answer.status_code == 410
            assert "只留一天" in page_of(answer)
        assert hand_in(client, key).status_code == 410
        assert not Order.objects.exists()

    def test_is_swept_with_its_photos(self, town: Town, client: Client) -> None:
        key, _ = say(client, photos=[jpeg()])
        assert drafting.sweep(at=timezone.now()) == 0
        drafting.sweep(at=timezone.now() + timedelta(days=1))
        assert not Draft.objects.filter(key=key).exists()
        assert not Photo.objects.exists()

    def test_stands_under_seal(self, town: Town, client: Client) -> None:
        key, _ = say(client)
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM orders_draft WHERE key = %s", [key])
            assert "扶手".encode() not in bytes(cursor.fetchone()[0])

    def test_photos_are_shown_to_the_holder_of_the_key_alone(self, town: Town, client: Client) -> None:
        key, _ = say(client, photos=[jpeg()])
        photo = Photo.objects.get(draft=key)
        answer = client.get(f"/order/{key}/photo/{photo.pk}/")
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert client.get(f"/order/{uuid4()}/photo/{photo.pk}/").status_code == 404
