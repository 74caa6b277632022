"""running.rotating: the sealing key changes under the feet of everybody, and nobody stumbles."""

import stat
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from sandan.core import checks, journal, sealed
from sandan.core.models import KeyChange
from sandan.core.sealed import digest, ids_of
from sandan.orders import access, actions
from sandan.orders.models import Asker, Order, Photo, Words
from sandan.orders.queries import desk_find
from sandan.people.access import posts_of
from sandan.running import address, backup, keys, restore, rotating
from tests.factories.orders import MORNING, a_picture, an_order
from tests.factories.people import Cast, cast

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 12, 1, tzinfo=UTC)
PHONES = tuple(f"1640000{n:04}" for n in range(1200, 1206))
DOOR = "3单元1102"


@pytest.fixture
def people(key_file: Path, transactional_db: None) -> Cast:
    """Somebody with orders, a photo among them, all under the one key of this test."""
    found = cast()
    for phone in PHONES:
        order = an_order(found, phone=phone, name="邓秀兰", door=DOOR)
    actions.add_photo(target=order, stage="report", content=a_picture(), by=None, at=MORNING)
    return found


def rotated(**options: Any) -> rotating.Rotated:
    return rotating.rotate(at=AT, say=lambda _line: None, **options)


def key_ids() -> set[str]:
    """The ids that values of the database begin with."""
    with address.connect(address.name()) as beside:
        return set(keys.needed(beside))


def all_open() -> bool:
    assert {box.open_unlogged() for box in Asker.objects.values_list("phone", flat=True)} == set(PHONES)
    assert {box.open_unlogged() for box in Order.objects.values_list("door", flat=True)} == {DOOR}
    assert all(words.original.open_unlogged() for words in Words.objects.all())
    return all(photo.large.open_bytes() for photo in Photo.objects.all())


class TestRotate:
    """Issue 4, item 7: a new key first, then all rows, then the old one retires."""

    def test_seals_every_row_anew_and_retires_the_old_key(self, people: Cast, key_file: Path) -> None:
        (old,) = ids_of(key_file.read_text())
        done = rotated()
        assert ids_of(key_file.read_text()) == (done.key_id,)
        assert done.retired == (old,)
        assert key_ids() == {done.key_id}
        assert ids_of(keys.retired_path().read_text()) == (old,)
        keys.retired_path().unlink()
        assert all_open()

    def test_keeps_both_files_for_their_owner_alone(self, people: Cast, key_file: Path) -> None:
        rotated()
        for path in (key_file, keys.retired_path()):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(checks._seal_key()) == []

    def test_leaves_every_digest_in_force(self, people: Cast, key_file: Path) -> None:
        """The key that digests has a line of its own: phones and codes are found as before."""
        before = digest(PHONES[0], "phone")
        secret = actions.placing.secret_of(Order.objects.earliest("pk").key)
        rotated()
        assert digest(PHONES[0], "phone") == before
        posts = posts_of(people.dispatcher, MORNING)
        assert len(desk_find.find(PHONES[0], posts, MORNING).rows) == 1
        assert access.asker_with_secret(Order.objects.earliest("pk"), secret)

    def test_keeps_the_digests_of_a_file_from_before_they_had_a_line(self, people: Cast, key_file: Path) -> None:
        """An installation of 0.1: one line that seals and digests."""
        line = key_file.read_text().split()[0]
        key_file.write_text(line + "\n")
        before = digest(PHONES[0], "phone")
        rotated()
        assert digest(PHONES[0], "phone") == before
        assert line not in key_file.read_text().split()

    def test_goes_on_where_it_was_killed(self, people: Cast, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (old,) = ids_of(key_file.read_text())
        seal, left = rotating._seal_anew, iter(range(5))

        def dying(*what: Any) -> bool:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return seal(*what)

        monkeypatch.setattr(rotating, "BATCH", 2)
        monkeypatch.setattr(rotating, "_seal_anew", dying)
        with pytest.raises(KeyboardInterrupt):
            rotated()
        assert len(key_ids()) == 2, "some rows are under the new key, some under the old one"
        assert all_open(), "and all can be read meanwhile"
        half = ids_of(key_file.read_text())
        monkeypatch.setattr(rotating, "_seal_anew", seal)
        done = rotated()
        assert (done.key_id, old) == half, "no third key was made"
        assert key_ids() == {done.key_id}
        assert KeyChange.objects.get().row_count == len(PHONES) * 3 + 1

    def test_waits_for_nobody_and_keeps_the_key_of_what_is_held(
        self, people: Cast, key_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rotating, "ROUNDS", 1)
        with address.connect(address.name()) as other:
            other.execute("SELECT 1 FROM orders_asker ORDER BY id LIMIT 1 FOR UPDATE")
            done = rotated()
            assert (done.waiting, done.retired) == (2, ())
            assert len(ids_of(key_file.read_text())) == 2
        assert rotated().retired != ()

    def test_is_told_to_running_processes_by_the_file_itself(self, people: Cast, key_file: Path) -> None:
        """A server that read the file before seals with the new key and opens what was sealed by it."""
        Order(door="before")
        done = rotated()
        assert Order(door="after").door.box[1:5].hex() == done.key_id

    def test_still_opens_what_a_slow_process_sealed_late(self, people: Cast, key_file: Path) -> None:
        late = Order(door=DOOR).door.box
        rotated()
        Order.objects.filter(pk=Order.objects.earliest("pk").pk).update(door=sealed.Sealed(late, "orders.Order.door"))
        assert all_open()
        assert rotated().unreadable == 0
        assert len(key_ids()) == 1

    def test_says_what_it_cannot_open_and_ends_all_the_same(
        self, people: Cast, key_file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rotating, "ROUNDS", 1)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE orders_asker SET phone = overlay(phone placing 'xxxx'::bytea from 2) WHERE id = %s",
                           [Asker.objects.earliest("pk").pk])  # fmt: skip
        done = rotated()
        assert done.unreadable == 1
        assert done.waiting == 1  # the name beside it stays under the old key, which is kept

    def test_is_in_the_journal_without_the_key(self, people: Cast, key_file: Path) -> None:
        done = rotated()
        change = KeyChange.objects.get()
        assert [line.verb for line in journal.lines_of(change)] == ["rotate", "rotated"]
        assert change.ended_at is not None
        assert key_file.read_text().split()[0] not in str([line.facts for line in journal.lines_of(change)])
        assert done.key_id == change.key_id

    def test_refuses_a_second_one_at_the_same_time(self, people: Cast) -> None:
        with address.connect(address.name(), autocommit=True) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [rotating.ONE_AT_A_TIME])
            with pytest.raises(rotating.CannotRotate):
                rotated()

    def test_refuses_where_no_key_is(self, people: Cast, key_file: Path) -> None:
        key_file.unlink()
        with pytest.raises(rotating.CannotRotate):
            rotated()


class TestCommand:
    def test_shows_and_rotates(self, people: Cast, key_file: Path) -> None:
        said = StringIO()
        call_command("keys", stdout=said)
        call_command("keys", "rotate", stdout=said)
        call_command("keys", stdout=said)
        first, last = said.getvalue().splitlines()[0], said.getvalue().splitlines()[-1]
        assert "在用" in first
        assert last.startswith(ids_of(key_file.read_text())[0])


class TestBackups:
    """Backup and restore go on working with rotated keys."""

    def test_of_before_a_rotation_open_with_the_retired_key(self, people: Cast, key_file: Path, tmp_path: Path) -> None:
        made = backup.backup(tmp_path / "before.zip", at=AT)
        rotated()
        assert restore._key_for(made.manifest, None, without_key=False) is None
        keys.retired_path().unlink()
        with pytest.raises(keys.KeyMissing):
            restore._key_for(made.manifest, None, without_key=False)

    def test_in_the_middle_of_one_name_and_carry_both_keys(self, people: Cast, key_file: Path, tmp_path: Path) -> None:
        rotating._begin()
        Order.objects.filter(pk=Order.objects.earliest("pk").pk).update(door=DOOR)
        tmp_path.chmod(0o700)
        made = backup.backup(tmp_path / "between.zip", at=AT, with_key=True)
        assert set(made.manifest.key_ids) == set(ids_of(key_file.read_text()))
        assert len(made.manifest.key_ids) == 2

    def test_are_refused_where_nobody_would_be_found(self, people: Cast, key_file: Path, tmp_path: Path) -> None:
        """The same sealing key, another digesting one: all opens, and no phone finds its orders."""
        made = backup.backup(tmp_path / "one.zip", at=AT)
        other = sealed.KeyRing(sealed.ring().sealing, bytes(range(32)))
        rotating.write(key_file, other.text)
        with pytest.raises(keys.KeyMissing, match="digest"):
            restore._key_for(made.manifest, None, without_key=False)
