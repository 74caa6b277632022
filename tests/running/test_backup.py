"""running.backup: one moment of a busy database in one file, and never half a file."""

import json
import os
import random
import stat
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from sandan.core import health
from sandan.orders import actions
from sandan.orders.models import Order
from sandan.running import address, archive, backup, keys, programs, proof
from sandan.running.backup import CannotBackUp
from tests.factories.orders import MORNING, a_picture, a_sending, an_order
from tests.factories.people import Cast
from tests.running.conftest import Run, ask

pytestmark = pytest.mark.django_db(transaction=True)
ACTIVE = " AND state <> 'idle' AND backend_type = 'client backend'"  # the server's own cleaning is nobody's reader
AT = datetime(2026, 8, 10, 18, 30, tzinfo=UTC)
ROUNDS = 2


@contextmanager
def orders_coming_in(people: Cast, threads: int = 2) -> Iterator[list[int]]:
    """Threads that place orders by the real action until the end; the list tells which exist for certain."""
    placed: list[int] = []
    faults: list[BaseException] = []
    over = threading.Event()

    def place() -> None:
        try:
            while not over.is_set():
                placed.append(actions.place(sending=a_sending(), by=None, at=MORNING).order.pk)
        except BaseException as fault:
            faults.append(fault)
            raise
        finally:
            connection.close()

    crowd = [threading.Thread(target=place) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    while len(placed) < threads and not faults:
        time.sleep(0.01)
    try:
        yield placed
    finally:
        over.set()
        for thread in crowd:
            thread.join()
    assert not faults


class TestBackup:
    def test_holds_one_moment_while_orders_come_in(self, people: Cast, tmp_path: Path) -> None:
        """Every order in it is whole: its asker, its words, its custody, its journal line and its photo are there."""
        an_order(people)
        with orders_coming_in(people) as placed:
            before = len(placed)
            made = backup.backup(tmp_path / "one.zip", at=AT)
            assert len(placed) > before  # nobody waited for it to end
        tables = made.manifest.tables
        assert before < tables["orders_order"].rows < 1 + len(placed)
        for table in ("orders_asker", "orders_custody"):
            assert tables[table].rows >= tables["orders_order"].rows
        assert archive.read(made.path) == made.manifest

    def test_takes_no_lock_that_a_writer_would_wait_for(
        self, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Looked at while pg_dump holds all it ever takes: its stream is open, and it has begun to write."""
        an_order(people)
        seen: set[str] = set()
        write = archive.write_dump

        def looking(pack: zipfile.ZipFile, source: object) -> object:
            question = (
                "SELECT DISTINCT mode FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'relation'"
            )
            source.peek(1)  # type: ignore[attr-defined]
            seen.update(str(mode) for (mode,) in ask(address.name(), question + " AND application_name = 'pg_dump'"))
            return write(pack, source)  # type: ignore[arg-type]

        monkeypatch.setattr(archive, "write_dump", looking)
        backup.backup(tmp_path / "one.zip", at=AT)
        assert seen == {"AccessShareLock"}

    def test_does_not_hold_up_the_sealing_of_the_journal(
        self, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The oldest running transaction is the horizon of the seal; a reader of one moment must not be one."""
        readers: list[object] = []
        write = archive.write_dump

        def looking(pack: zipfile.ZipFile, source: object) -> object:
            question = "SELECT backend_xid FROM pg_stat_activity WHERE datname = current_database()"
            source.peek(1)  # type: ignore[attr-defined]
            readers.extend(number for (number,) in ask(address.name(), question + ACTIVE))
            return write(pack, source)  # type: ignore[arg-type]

        monkeypatch.setattr(archive, "write_dump", looking)
        backup.backup(tmp_path / "one.zip", at=AT)
        assert len(readers) >= 3  # the moment's keeper, pg_dump and the one who asks
        assert set(readers) == {None}

    def test_tells_the_check_when_it_was(self, people: Cast, tmp_path: Path, settings: Any) -> None:
        settings.HOME = tmp_path / "home"
        settings.HOME.mkdir()
        assert (health.last_backup(), health._backup()[0]) == (None, "warn")
        backup.backup(tmp_path / "one.zip", at=AT)
        assert (health.last_backup(), health._backup()[0]) == (AT, "warn")  # long ago
        backup.backup(tmp_path / "two.zip", at=timezone.now())
        assert health._backup()[0] == "ok"

    def test_leaves_logins_out(self, people: Cast, tmp_path: Path) -> None:
        """A session's key is a login: whoever finds the file must not be signed in by it."""
        Session.objects.create(session_key="s3cret", session_data="x", expire_date=AT + timedelta(days=900))
        made = backup.backup(tmp_path / "one.zip", at=AT)
        assert "django_session" not in made.manifest.tables
        assert made.manifest.left_out == ("django_session",)

    def test_is_for_its_owner_alone(self, people: Cast, tmp_path: Path) -> None:
        made = backup.backup(tmp_path / "one.zip", at=AT)
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o600

    def test_names_the_key_it_needs_and_does_not_carry_it(self, people: Cast, tmp_path: Path) -> None:
        an_order(people)
        made = backup.backup(tmp_path / "one.zip", at=AT)
        assert made.manifest.key_ids == keys.known_ids()
        with zipfile.ZipFile(made.path) as pack:
            assert sorted(pack.namelist()) == [archive.DUMP, archive.MANIFEST]

    def test_carries_the_key_only_when_asked(self, people: Cast, tmp_path: Path) -> None:
        made = backup.backup(tmp_path / "one.zip", at=AT, with_key=True)
        assert archive.key_of(made.path) == keys.path().read_text()

    def test_refuses_to_put_the_key_where_others_may_look(self, people: Cast, tmp_path: Path) -> None:
        tmp_path.chmod(0o755)
        with pytest.raises(keys.OpenFolder, match="chmod"):
            backup.backup(tmp_path / "one.zip", at=AT, with_key=True)
        assert list(tmp_path.iterdir()) == []

    def test_refuses_a_name_that_is_taken_and_a_folder_that_is_not_there(self, people: Cast, tmp_path: Path) -> None:
        (tmp_path / "one.zip").write_text("last year's")
        with pytest.raises(CannotBackUp, match="已经有了"):
            backup.backup(tmp_path / "one.zip", at=AT)
        with pytest.raises(CannotBackUp, match="文件夹"):
            backup.backup(tmp_path / "none" / "one.zip", at=AT)
        assert (tmp_path / "one.zip").read_text() == "last year's"

    def test_refuses_an_empty_database(self, elsewhere: str, tmp_path: Path) -> None:
        with address.standing_in(elsewhere), pytest.raises(CannotBackUp, match="空的"):
            backup.backup(tmp_path / "one.zip", at=AT)
        assert list(tmp_path.iterdir()) == []

    def test_leaves_nothing_where_the_dump_breaks_off(
        self, people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(backup, "LEFT_OUT", ("django_session", "--no-such-switch"))
        monkeypatch.setattr(programs, "LOCK_WAIT", "no time")
        with pytest.raises(programs.ProgramFailed, match="pg_dump"):
            backup.backup(tmp_path / "one.zip", at=AT)
        assert list(tmp_path.iterdir()) == []


class TestRotation:
    def test_keeps_the_newest_of_ours_and_touches_no_other_file(self, people: Cast, tmp_path: Path) -> None:
        (tmp_path / "notes.zip").write_text("mine")
        made = [backup.backup(tmp_path, at=AT + timedelta(days=day), keep=2) for day in range(4)]
        assert made[-1].removed == (made[1].path,)
        assert {path.name for path in tmp_path.iterdir()} == {"notes.zip", made[2].path.name, made[3].path.name}

    def test_keeps_all_unless_asked(self, people: Cast, tmp_path: Path) -> None:
        for day in range(3):
            backup.backup(tmp_path, at=AT + timedelta(days=day))
        assert len(list(tmp_path.iterdir())) == 3


class TestKill:
    def test_leaves_no_file_that_looks_whole(self, people: Cast, tmp_path: Path, run: Run) -> None:
        """SIGKILL at random moments: what bears a name is whole; the next backup clears the remains away."""
        an_order(people)
        actions.add_photo(target=an_order(people), stage="report", content=a_picture(), by=None, at=MORNING)
        chance = random.Random(20261123)
        before = ask(address.name(), "SELECT count(*) FROM orders_order")
        for _ in range(ROUNDS):
            process = run(address.name(), "backup", tmp_path)
            _wait_for(lambda: any(tmp_path.glob(".*.part")), process)
            time.sleep(chance.uniform(0, 0.15))
            process.kill()
            process.wait()
            for path in tmp_path.glob("*.zip"):
                archive.read(path)
                path.unlink()
            assert ask(address.name(), "SELECT count(*) FROM orders_order") == before
        _wait_for_end_of_dumps()
        backup.backup(tmp_path / "whole.zip", at=AT)
        assert [path.name for path in tmp_path.iterdir()] == ["whole.zip"]


def _wait_for(seen: object, process: object) -> None:
    """Until something has happened or the process has ended."""
    until = time.monotonic() + 60
    while not seen() and process.poll() is None and time.monotonic() < until:  # type: ignore[attr-defined, operator]
        time.sleep(0.002)


def _wait_for_end_of_dumps() -> None:
    """A killed backup's pg_dump ends with it."""
    until = time.monotonic() + 60
    question = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname = current_database()"
    while ask(address.name(), question) and time.monotonic() < until:
        time.sleep(0.05)
    assert ask(address.name(), question) == []


class TestManifest:
    def test_is_vouched_for_by_one_fingerprint(self, people: Cast, tmp_path: Path) -> None:
        made = backup.backup(tmp_path / "one.zip", at=AT)
        with zipfile.ZipFile(made.path) as pack:
            facts = json.loads(pack.read(archive.MANIFEST))
        assert facts["made_at"] == "2026-08-10T18:30:00+00:00"
        assert facts["tables"]["people_person"]["rows"] == 13
        again = archive.read(made.path)
        assert again.fingerprint == made.manifest.fingerprint
        assert again.fingerprint != backup.backup(tmp_path / "two.zip", at=AT + timedelta(1)).manifest.fingerprint


class TestProof:
    def test_sees_one_changed_letter(self, people: Cast) -> None:
        order = an_order(people)
        with address.connect(address.name()) as beside:
            before = proof.contents(beside)
            beside.rollback()
            assert proof.differences(beside, before) == []
            Order.objects.filter(pk=order.pk).update(building="4号楼")
            beside.rollback()
            assert [line.split("：")[0] for line in proof.differences(beside, before)] == ["orders_order"]

    def test_knows_an_empty_installation(self, transactional_db: None) -> None:
        with address.connect(address.name()) as beside:
            assert proof.occupied(beside) == []

    def test_knows_an_occupied_one(self, people: Cast) -> None:
        with address.connect(address.name()) as beside:
            assert "people_person" in proof.occupied(beside)


def test_the_password_is_on_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "s3cret")
    assert "s3cret" not in address.conninfo("x", secret=False)
    assert address.environment()["PGPASSWORD"] == "s3cret"
    assert "PGPASSWORD" not in os.environ
