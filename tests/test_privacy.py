"""Privacy is structure: tests that try to find what must not be there at all."""

from io import BytesIO

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone
from PIL import Image

from sandan.calc import photos
from sandan.core.sealed import Sealed, SealedBytesField, SealedTextField
from sandan.orders import actions
from sandan.orders.models import Asker, Photo
from sandan.people import actions as people
from tests.factories.orders import an_order
from tests.factories.people import cast
from tests.factories.places import a_county

OURS = [m for m in apps.get_models() if m.__module__.startswith("sandan.")]
PROFILES = (
    "religio", "belief", "ethnic", "nation", "politic", "party", "petition", "illness", "disease", "criminal", "score",
    "rank_of", "credit", "id_card", "id_number", "birth", "gender", "income", "face", "fingerprint", "voice",
)  # fmt: skip


def names_of(model: type[models.Model]) -> set[str]:
    return {field.name.lower() for field in model._meta.get_fields()}


class TestNoProfiles:
    """G6 and G12: what has no field cannot be kept."""

    @pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
    def test_no_table_has_a_field_for_belief_origin_illness_or_a_score_of_a_person(self, model) -> None:
        found = {f"{model._meta.label}.{name}" for name in names_of(model) for word in PROFILES if word in name}
        assert found == set()

    def test_a_resident_is_no_row_that_orders_gather_under(self) -> None:
        """G12: an asker belongs to exactly one order, and holds what serving it needs and nothing more."""
        kept = {field.name for field in Asker._meta.concrete_fields}
        assert kept == {
            "id", "order", "is_first", "name", "phone", "phone_digest", "phone_tail", "secret_digest", "may_call", "at",
        }  # fmt: skip
        assert Asker._meta.get_field("order").many_to_one

    def test_an_asker_s_name_and_phone_are_sealed_columns(self) -> None:
        """G3: the columns themselves hold no clear text."""
        assert isinstance(Asker._meta.get_field("name"), SealedTextField)
        assert isinstance(Asker._meta.get_field("phone"), SealedTextField)


class TestNoPositionsOfPeople:
    """G14: a person's position is the centre of the home grid, and there is no table of where anybody was."""

    def test_only_ground_orders_and_home_grids_have_positions(self) -> None:
        with_positions = {m._meta.label for m in OURS if {"lon", "lat"} <= names_of(m)}
        assert with_positions == {
            "places.Place", "places.Estate", "places.Building", "places.Spot", "people.Person", "orders.Order",
            "people.UnitFile",  # the office of a unit, not of anybody who works there
        }  # fmt: skip

    @pytest.mark.django_db
    def test_a_person_stands_at_the_centre_of_the_home_grid(self) -> None:
        """G14: not at a flat."""
        ground = a_county()
        grid = ground.grids[0]
        person = people.make_person(login="ping", name="平安", by="system", at=timezone.now(), home=grid)
        assert (person.lon, person.lat) == (grid.lon, grid.lat)


def a_photo_with_position() -> bytes:
    image, out = Image.new("RGB", (400, 300), (90, 90, 90)), BytesIO()
    exif = image.getexif()
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 51.0, 0.0), 3: "E", 4: (112.0, 33.0, 0.0)})
    exif[0x010F] = "PhoneMaker"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


class TestPictures:
    """G5: matters, not people; what the file says about place is kept apart; never public."""

    def test_what_is_kept_says_nothing_about_place_or_phone(self) -> None:
        made = photos.reencode(a_photo_with_position())
        assert made.lon == pytest.approx(112.55)
        for picture in (made.large, made.small):
            assert not Image.open(BytesIO(picture)).getexif()
            assert b"PhoneMaker" not in picture

    def test_pictures_and_their_place_are_sealed_columns(self) -> None:
        for name, kind in (("large", SealedBytesField), ("small", SealedBytesField), ("taken", SealedTextField)):
            assert isinstance(Photo._meta.get_field(name), kind)

    @pytest.mark.django_db
    def test_a_stranger_with_the_number_of_a_photo_gets_nothing(self, client) -> None:
        """G5: the same 404 for a photo that is there and one that is not."""
        people_of = cast()
        order, at = an_order(people_of), timezone.now()
        photo = actions.add_photo(target=order, stage="report", content=a_photo_with_position(), by=None, at=at)
        assert isinstance(Photo.objects.get(pk=photo.pk).large, Sealed)
        for size in ("small", "large"):
            assert client.get(f"/photo/{photo.pk}/{size}/").status_code == 404
        client.force_login(people_of.neighbour)
        assert client.get(f"/photo/{photo.pk}/small/").status_code == 404
        assert client.get(f"/photo/{photo.pk + 1}/small/").status_code == 404
