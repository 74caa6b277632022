"""A picture for the contact card: only one's own, only with a yes, without what the camera wrote, gone when asked."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image

from sandan.core import journal
from sandan.core.errors import NotAllowed
from sandan.core.sealed import Sealed
from sandan.people.actions import photos
from sandan.people.models import Person, Portrait, Role
from tests.factories.people import GRID, NOON, Cast, somebody

ADDRESS = "/people/portrait/"


def a_face(colour: str = "#aa8866") -> bytes:
    """A JPEG of a phone, with a position and an owner's name in it."""
    image, exif = Image.new("RGB", (1200, 1600), colour), Image.Exif()
    exif[ExifTags.Base.Artist] = "贺连生 16400007719"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (37.0, 52.0, 11.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def worker(cast: Cast) -> Person:
    return somebody("宿大姐", Role.GRID_WORKER, GRID, phone="16400007719")


class TestGive:
    def test_keeps_a_small_picture_under_seal_without_metadata(self, worker: Person) -> None:
        """R109: EXIF stripped; G7: sealed in the database, and no word of it in the journal."""
        row = photos.give(content=a_face(), by=worker, at=NOON)
        assert isinstance(row.picture, Sealed)
        clear = row.picture.open_bytes()
        with Image.open(io.BytesIO(clear)) as image:
            assert (image.format, max(image.size), dict(image.getexif())) == ("JPEG", 320, {})
        assert b"16400007719" not in clear
        assert clear[:100] not in bytes(row.picture.box)
        assert row.version == photos.CONSENT
        assert [line.verb for line in journal.lines_of(worker)] == ["give_portrait"]

    def test_takes_the_place_of_the_old_one(self, worker: Person) -> None:
        photos.give(content=a_face(), by=worker, at=NOON)
        photos.give(content=a_face("#112233"), by=worker, at=NOON + timedelta(days=1))
        assert Portrait.objects.get().at == NOON + timedelta(days=1)

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.4 no picture", b"x" * (photos.MOST_BYTES + 1)])
    def test_refuses_what_is_no_picture_or_too_large(self, worker: Person, content: bytes) -> None:
        with pytest.raises(photos.BadPicture):
            photos.give(content=content, by=worker, at=NOON)

    def test_is_for_those_on_a_card(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            photos.give(content=a_face(), by=cast.member, at=NOON)


class TestForgetPortraits:
    def test_goes_a_month_after_the_post(self, worker: Person) -> None:
        """G3: kept as long as it serves the card."""
        photos.give(content=a_face(), by=worker, at=NOON)
        worker.posts.update(to_at=NOON)
        assert photos.forget_portraits(at=NOON + photos.KEPT_AFTER - timedelta(hours=1)) == 0
        assert photos.forget_portraits(at=NOON + photos.KEPT_AFTER) == 1


class TestPage:
    def test_asks_for_a_yes_shows_and_takes_back(self, worker: Person, cast: Cast, client: Client) -> None:
        """R109: nothing without consent; taken back by one press."""
        client.force_login(worker)
        without = client.post(ADDRESS, {"picture": SimpleUploadedFile("a.jpg", a_face())})
        assert (without.status_code, Portrait.objects.count()) == (422, 0)
        given = client.post(ADDRESS, {"picture": SimpleUploadedFile("a.jpg", a_face()), "agrees": "on"})
        assert given.status_code == 302
        assert client.get(f"{ADDRESS}picture/")["Content-Type"] == "image/jpeg"
        assert client.post(f"{ADDRESS}take-back/").status_code == 302
        assert client.get(f"{ADDRESS}picture/").status_code == 404
        assert not Portrait.objects.exists()

    def test_is_closed_to_all_others(self, cast: Cast, client: Client) -> None:
        assert client.get(ADDRESS).status_code == 302
        client.force_login(cast.dispatcher)
        assert client.get(ADDRESS).status_code == 403
