"""Sealed fields: ciphertext at rest, nothing in print, nothing opens in the wrong place."""

import base64
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from sandan.core import sealed
from sandan.core.sealed import Sealed, WrongSeal, digest, make_key, seal, unseal
from sandan.orders.models import Asker, Order
from tests.factories.orders import an_order, asker_of
from tests.factories.people import cast

LABEL = "orders.Asker.phone"
PHONE = "16400001234"


@pytest.fixture
def key_file(tmp_path: Path, settings: object) -> Iterator[Path]:
    """A key file of this test's own."""
    path = tmp_path / "seal.key"
    make_key(path)
    settings.SEAL_KEY_FILE = str(path)  # type: ignore[attr-defined]
    sealed._keys.cache_clear()
    yield path
    sealed._keys.cache_clear()


def a_line() -> str:
    return base64.b64encode(os.urandom(32)).decode()


class TestSeal:
    @given(st.binary(max_size=300))
    def test_opens_to_what_went_in(self, clear: bytes) -> None:
        assert unseal(seal(clear, LABEL), LABEL) == clear

    def test_never_looks_the_same_twice(self) -> None:
        assert seal(b"x", LABEL) != seal(b"x", LABEL)

    def test_does_not_open_in_another_place(self) -> None:
        with pytest.raises(InvalidTag):
            unseal(seal(b"x", LABEL), "orders.Asker.name")

    @pytest.mark.parametrize("index", [-1, 5, 17])
    def test_does_not_open_after_a_byte_was_changed(self, index: int) -> None:
        box = bytearray(seal(b"some words", LABEL))
        box[index] ^= 1
        with pytest.raises(InvalidTag):
            unseal(bytes(box), LABEL)

    def test_does_not_open_with_another_key(self, key_file: Path) -> None:
        box = seal(b"x", LABEL)
        key_file.write_text(a_line() + "\n")
        sealed._keys.cache_clear()
        with pytest.raises(InvalidTag):
            unseal(box, LABEL)


class TestKeys:
    def test_rotate_by_a_new_first_line(self, key_file: Path) -> None:
        """Old boxes open, new ones are sealed with the new key, digests still match."""
        old_box, old_digest, old = seal(b"x", LABEL), digest(PHONE, "phone"), key_file.read_text()
        key_file.write_text(a_line() + "\n" + old)
        sealed._keys.cache_clear()
        assert unseal(old_box, LABEL) == b"x"
        assert seal(b"x", LABEL)[1:5] != old_box[1:5]
        assert digest(PHONE, "phone") == old_digest

    def test_are_readable_for_their_owner_only(self, key_file: Path) -> None:
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600

    def test_are_never_written_over(self, key_file: Path) -> None:
        before = key_file.read_text()
        make_key(key_file)
        assert key_file.read_text() == before

    def test_that_are_missing_are_named(self, key_file: Path) -> None:
        key_file.unlink()
        with pytest.raises(ImproperlyConfigured, match="SANDAN_SEAL_KEY_FILE"):
            seal(b"x", LABEL)


class TestDigest:
    def test_finds_the_same_and_tells_purposes_apart(self) -> None:
        assert digest(PHONE, "phone") == digest(PHONE, "phone")
        assert len({digest(PHONE, "phone"), digest(PHONE, "secret"), digest("16400001235", "phone")}) == 3


class TestSealed:
    def test_shows_nothing_in_print(self) -> None:
        box = Sealed.of(PHONE, LABEL)
        for shown in (repr(box), str(box), f"{box}", f"{box!r}", repr([box]), repr({"phone": box})):
            assert "1234" not in shown
        assert box.open_unlogged() == PHONE


@pytest.mark.django_db
class TestField:
    def test_keeps_ciphertext_in_the_database(self) -> None:
        asker = asker_of(an_order(cast(), phone=PHONE))
        with connection.cursor() as cursor:
            cursor.execute("SELECT phone, name FROM orders_asker WHERE id = %s", [asker.pk])
            phone, name = (bytes(value) for value in cursor.fetchone())
        assert PHONE.encode() not in phone
        assert "邓秀兰".encode() not in name
        assert unseal(phone, LABEL) == PHONE.encode()

    def test_is_under_seal_from_the_moment_of_assignment(self) -> None:
        order = Order(door="2单元501")
        assert isinstance(order.door, Sealed)
        assert "501" not in repr(vars(order))

    def test_takes_what_was_sealed_for_the_same_field(self) -> None:
        first = Order(door="2单元501")
        assert Order(door=first.door).door.open_unlogged() == "2单元501"

    def test_refuses_what_was_sealed_for_another(self) -> None:
        asker = Asker(phone=PHONE)
        with pytest.raises(WrongSeal):
            Asker(name=asker.phone)
        with pytest.raises(WrongSeal):
            Order.objects.update(door=asker.phone)

    def test_seals_in_bulk_updates_too(self) -> None:
        order = an_order(cast())
        Order.objects.filter(pk=order.pk).update(door="9单元999")
        order.refresh_from_db()
        assert order.door.open_unlogged() == "9单元999"

    def test_keeps_nothing_as_nothing(self) -> None:
        order = an_order(cast(), door="", phone="")
        order.refresh_from_db()
        assert order.door is None
        assert asker_of(order).phone is None
