"""running.upgrade: data of every release go on with this program, whole or not at all."""

import random
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse

from sandan.core import chain
from sandan.orders import actions
from sandan.orders.models import Asker, Order, Photo
from sandan.orders.workflow import STATES
from sandan.people.models import Person
from sandan.running import address, archive, proof, releases, restore, upgrade
from sandan.running.upgrade import CannotUpgrade
from tests.factories.orders import a_sending
from tests.running.conftest import RELEASE, Run, ask, remake

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
ROUNDS = 2
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"


@pytest.fixture(scope="module")
def model(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """An installation as release 0.1.0 left it, restored from its own backup; each test has a copy."""
    name = f"{connection.settings_dict['NAME']}_model"
    with django_db_blocker.unblock():
        remake(name, make=True)
        with address.standing_in(name):
            restore.restore(RELEASE, without_key=True)
    yield name
    remake(name, make=False)


@pytest.fixture
def old(elsewhere: str, model: str, key: Path) -> Iterator[str]:
    """Twenty orders in all states, photos, a sealed journal, and their key."""
    with zipfile.ZipFile(RELEASE) as pack:
        key.write_bytes(pack.read(archive.KEY))
    remake(elsewhere, make=True, like=model)
    with address.standing_in(elsewhere):
        yield elsewhere


def names_in(database: str) -> list[object]:
    """The migrations that stand in a database."""
    return [name for (name,) in ask(database, MIGRATIONS)]


class TestReleases:
    def test_name_migrations_that_are_still_here(self) -> None:
        """A released migration is never taken away: offices stand on it."""
        disk = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
        named = {f"{app}.{name}" for newest in releases.releases().values() for app, name in newest.items()}
        assert named - disk == set()

    def test_are_recognised_by_their_migrations(self) -> None:
        newest = [f"{app}.{name}" for app, name in releases.releases()["0.1.0"].items()]
        assert releases.of([*newest, "auth.0001_initial"]) == "0.1.0"
        assert releases.of(newest[1:]) == ""


class TestUpgrade:
    def test_keeps_what_release_0_1_0_held(self, old: str, tmp_path: Path) -> None:
        """Rows, sealed things, the journal's chain; a backup of the old state stands beside."""
        before = archive.read(RELEASE)
        done = upgrade.upgrade(at=AT, folder=tmp_path / "backups")
        assert done
        assert (done.was, bool(done.steps)) == ("0.1.0", True)
        assert releases.pending() == []
        assert set(Order.objects.values_list("state", flat=True)) == set(STATES)
        assert {order.community.name for order in Order.objects.all()} == {"造纸厂社区"}
        assert {asker.name.open_unlogged() for asker in Asker.objects.exclude(name=None)} == {"邓秀兰"}
        assert all(photo.small.open_bytes() for photo in Photo.objects.all())
        verdict = chain.audit()
        assert (verdict.broken, verdict.head) == ("", before.chain["head"])
        assert done.backup
        assert archive.read(done.backup.path).migrations == before.migrations
        with address.connect(old) as beside:
            kept = {name: before.tables[name] for name in ("core_entry", "core_block", "places_place", "orders_words")}
            assert proof.differences(beside, kept) == []
        assert upgrade.upgrade(at=AT, folder=tmp_path / "again") is None
        assert not (tmp_path / "again").exists()
        self._works()

    def _works(self) -> None:
        """Somebody of 0.1.0 signs in and sees the orders; a new order goes on, and the chain over both."""
        client = Client()
        client.force_login(Person.objects.get(login="person1"))
        page = client.get(reverse("orders:board"))
        assert page.status_code == 200
        shown = page.content.decode()
        assert sum(order.number in shown for order in Order.objects.filter(is_open=True)) > 3
        placed = actions.place(sending=a_sending(key=uuid4()), by=None, at=AT).order
        assert Order.objects.latest("pk") == placed
        until = time.monotonic() + 60
        while not chain.seal() and time.monotonic() < until:  # other databases' transactions are the horizon too
            time.sleep(0.1)
        assert chain.audit().broken == ""

    def test_refuses_data_of_a_newer_program(self, old: str) -> None:
        with address.connect(old) as beside:
            beside.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('orders', '9999_later', now())")
        with pytest.raises(releases.TooNew, match="9999_later"):
            upgrade.upgrade(at=AT, folder=None)

    def test_refuses_an_empty_database(self, elsewhere: str) -> None:
        with address.standing_in(elsewhere), pytest.raises(CannotUpgrade, match="sandan init"):
            upgrade.upgrade(at=AT, folder=None)

    def test_refuses_while_the_old_program_still_writes(self, old: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(upgrade, "PATIENCE", 0.0)
        with address.connect(old), pytest.raises(CannotUpgrade, match="sandan serve"):
            upgrade.upgrade(at=AT, folder=None)
        assert releases.of(releases.applied()) == "0.1.0"
        assert releases.pending()

    def test_takes_all_back_when_the_journal_came_out_changed(self, old: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A migration that touches a line of the journal, though the database's own guard was off."""

        def forge(_say: object) -> None:
            with connection.cursor() as cursor:
                cursor.execute("CREATE TABLE orders_new ()")
                cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER core_entry_keep")
                cursor.execute("UPDATE core_entry SET verb = 'close' WHERE id = (SELECT max(id) FROM core_entry)")

        monkeypatch.setattr(upgrade, "_migrate", forge)
        with pytest.raises(CannotUpgrade, match="core_entry"):
            upgrade.upgrade(at=AT, folder=None)
        assert ask(old, "SELECT to_regclass('orders_new')") == [(None,)]
        assert chain.audit().broken == ""


class TestKill:
    def test_leaves_the_old_data_or_the_new(self, old: str, key: Path, tmp_path: Path, run: Run) -> None:
        """SIGKILL at random moments of the migrations: none of them is there, or all."""
        chance, before = random.Random(20261123), names_in(old)
        address.leave()
        for _ in range(ROUNDS):
            process = run(old, "upgrade", "--no-backup", SANDAN_SEAL_KEY_FILE=str(key))
            assert process.stdout
            said = process.stdout.readline()  # the first step
            time.sleep(chance.uniform(0, 0.4))
            process.kill()
            process.wait()
            assert "已执行" in said
            if names_in(old) != before:
                assert releases.pending() == []
                break
        address.leave()
        _finish(old, key, run)
        with address.standing_in(old):
            assert releases.pending() == []
            assert Order.objects.count() == 20
            assert chain.audit().broken == ""


def _finish(old: str, key: Path, run: Run) -> None:
    """As an operator does: once more, until the killed one's session has ended."""
    until = time.monotonic() + 120
    while True:
        process = run(old, "upgrade", "--no-backup", SANDAN_SEAL_KEY_FILE=str(key))
        _said, fault = process.communicate(timeout=120)
        if process.returncode == 0:
            return
        assert "连接" in fault, fault
        assert time.monotonic() < until
