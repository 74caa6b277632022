"""running.restore: into an empty place only, proved before it counts, and the old state until then."""

import json
import random
import stat
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sandan.core import chain, sealed
from sandan.core.errors import Refused
from sandan.orders import actions
from sandan.orders.models import Asker, Order, Photo
from sandan.people.models import Person
from sandan.running import address, archive, backup, keeper, keys, releases, restore
from sandan.running.restore import CannotRestore
from tests.factories.orders import MORNING, a_picture, a_sending, an_order
from tests.factories.people import Cast
from tests.running.conftest import Run, ask
from tests.running.test_backup import AT, _wait_for, orders_coming_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other databases of the cluster run transactions too; here all that is written may be sealed at once."""

    def horizon() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            (era,) = cursor.fetchone()
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
            return era, cursor.fetchone()[0]

    monkeypatch.setattr(chain, "_horizon", horizon)


ROUNDS = 2


_made: list[bytes] = []


@pytest.fixture
def file(transactional_db: None, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A backup of two orders with a photo and a sealed journal; made once, a copy for each test."""
    path = tmp_path / "one.zip"
    if not _made:
        people = request.getfixturevalue("people")
        order = an_order(people, "closed")
        actions.add_photo(target=order, stage="report", content=a_picture(), by=None, at=MORNING)
        chain.seal()
        an_order(people)
        _made.append(backup.backup(path, at=AT).path.read_bytes())
    path.write_bytes(_made[0])
    return path


def rows_of(database: str) -> int:
    """How many orders there are; 0 where there is no table."""
    if ask(database, "SELECT to_regclass('orders_order') IS NULL")[0][0]:
        return 0
    return int(str(ask(database, "SELECT count(*) FROM orders_order")[0][0]))


def beside(name: str) -> list[str]:
    """Databases that a restore has left."""
    return [str(row[0]) for row in ask("postgres", f"SELECT datname FROM pg_database WHERE datname ~ '^{name}_+rest'")]


class TestRestore:
    def test_gives_back_what_a_busy_installation_held(self, people: Cast, elsewhere: str, tmp_path: Path) -> None:
        """Backup under load, restore elsewhere: rows and hashes equal, the journal verifies, sealed things open."""
        photo = actions.add_photo(target=an_order(people), stage="report", content=a_picture(), by=None, at=MORNING)
        chain.seal()
        large = Photo.objects.get(pk=photo.pk).large.open_bytes()
        with orders_coming_in(people):
            made = backup.backup(tmp_path / "one.zip", at=AT)
        with address.standing_in(elsewhere):
            done = restore.restore(made.path)
            assert done.verdict
            assert done.verdict.head == made.manifest.chain["head"] != ""
            assert not done.lost
            assert Order.objects.count() == made.manifest.tables["orders_order"].rows
            assert Photo.objects.get(pk=photo.pk).large.open_bytes() == large
            assert Asker.objects.latest("pk").name.open_unlogged() == "邓秀兰"
        assert beside(elsewhere) == []

    def test_goes_on_as_an_installation_of_its_own(self, file: Path, elsewhere: str) -> None:
        """Numbers go on where they were, the journal takes new lines, and its chain goes on over the old one."""
        with address.standing_in(elsewhere):
            head = restore.restore(file).manifest.chain["head"]
            before = Order.objects.latest("pk")
            order = actions.place(sending=a_sending(), by=None, at=MORNING + timedelta(minutes=1)).order
            assert order.pk > before.pk
            assert order.serial > before.serial
            assert chain.seal() > 0
            assert chain.audit().broken == ""
            assert chain.knows(str(head))

    def test_refuses_a_database_that_holds_anything(self, people: Cast, file: Path) -> None:
        before = Order.objects.count(), Person.objects.count()
        with pytest.raises(CannotRestore, match="已有数据"):
            restore.restore(file)
        assert (Order.objects.count(), Person.objects.count()) == before

    def test_refuses_while_somebody_is_connected(self, file: Path, elsewhere: str) -> None:
        with address.standing_in(elsewhere), address.connect(elsewhere), pytest.raises(keeper.InUse, match="serve"):
            restore.restore(file)
        assert rows_of(elsewhere) == 0
        assert beside(elsewhere) == []

    def test_refuses_a_second_one_at_the_same_time(self, file: Path, elsewhere: str) -> None:
        with address.standing_in(elsewhere), keeper.keeper(), pytest.raises(keeper.InUse, match="另一个"):
            restore.restore(file)

    def test_works_for_an_account_that_may_make_no_database(
        self, file: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeper, "_may_make", lambda _connection: False)
        with address.standing_in(elsewhere):
            assert restore.restore(file).verdict
            assert Order.objects.count() == 2

    def test_refuses_tables_where_it_may_make_no_database(
        self, file: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeper, "_may_make", lambda _connection: False)
        with address.connect(elsewhere) as other:
            other.execute("CREATE TABLE left_over ()")
        with address.standing_in(elsewhere), pytest.raises(CannotRestore, match="CREATEDB"):
            restore.restore(file)

    def test_refuses_a_backup_of_a_newer_program(self, file: Path, elsewhere: str) -> None:
        rewrite(file, lambda facts: facts["migrations"].append("orders.9999_things_to_come"))
        with address.standing_in(elsewhere), pytest.raises(releases.TooNew, match="9999"):
            restore.restore(file)


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The same backup with other facts about it."""
    with zipfile.ZipFile(path) as pack:
        facts, dump = json.loads(pack.read(archive.MANIFEST)), pack.read(archive.DUMP)
    change(facts)
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr(archive.DUMP, dump)
        pack.writestr(archive.MANIFEST, json.dumps(facts))


class TestProof:
    def test_refuses_half_a_file(self, file: Path, elsewhere: str) -> None:
        whole = file.read_bytes()
        for share in (0.1, 0.5, 0.99):
            file.write_bytes(whole[: int(len(whole) * share)])
            with address.standing_in(elsewhere), pytest.raises(archive.BadArchive, match="完整"):
                restore.restore(file)

    def test_refuses_a_file_with_one_changed_byte(self, file: Path, elsewhere: str) -> None:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        with address.standing_in(elsewhere), pytest.raises(archive.BadArchive):
            restore.restore(file)

    @pytest.mark.parametrize(
        "change",
        [
            lambda facts: facts["tables"]["orders_order"].update(rows=3),
            lambda facts: facts["tables"]["orders_photo"].update(sha256="0" * 64),
            lambda facts: facts["chain"].update(head="0" * 64),
        ],
        ids=("rows", "content", "anchor"),
    )
    def test_refuses_what_came_out_other_than_it_went_in(
        self, change: Callable[[dict[str, Any]], object], file: Path, elsewhere: str
    ) -> None:
        rewrite(file, change)
        with address.standing_in(elsewhere), pytest.raises(CannotRestore, match="没有启用"):
            restore.restore(file)
        assert rows_of(elsewhere) == 0
        assert beside(elsewhere) == []

    def test_refuses_a_journal_that_was_changed_before_the_backup(
        self, people: Cast, elsewhere: str, tmp_path: Path
    ) -> None:
        """The hashes of such a backup are right; the chain is not."""
        an_order(people)
        chain.seal()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER core_entry_keep")
            cursor.execute("UPDATE core_entry SET verb = 'close' WHERE id = (SELECT min(id) FROM core_entry)")
            cursor.execute("ALTER TABLE core_entry ENABLE TRIGGER core_entry_keep")
        forged = backup.backup(tmp_path / "forged.zip", at=AT).path
        with address.standing_in(elsewhere), pytest.raises(CannotRestore, match="日志链"):
            restore.restore(forged)
        assert rows_of(elsewhere) == 0


class TestKeys:
    def test_are_asked_for_before_anything_is_done(self, file: Path, elsewhere: str, key: Path) -> None:
        with address.standing_in(elsewhere), pytest.raises(keys.KeyMissing, match="--without-key"):
            restore.restore(file)
        assert not key.exists()

    def test_of_another_installation_do_not_do(self, file: Path, elsewhere: str, key: Path) -> None:
        sealed.make_key(key)
        with address.standing_in(elsewhere), pytest.raises(keys.KeyMissing):
            restore.restore(file)

    def test_that_are_lost_are_named_with_what_they_hid(self, file: Path, elsewhere: str, key: Path) -> None:
        with address.standing_in(elsewhere):
            lost = restore.restore(file, without_key=True).lost
        assert lost["orders.Asker.phone"] == 2
        assert lost["orders.Photo.large"] >= 1
        assert "orders.Asker.phone 2 处" in keys.words_for(lost)
        assert key.exists()  # a new one for what comes

    def test_carried_by_the_backup_are_put_in_their_place(
        self, people: Cast, elsewhere: str, tmp_path: Path, settings: Any
    ) -> None:
        an_order(people)
        old = keys.path().read_text()
        made = backup.backup(tmp_path / "one.zip", at=AT, with_key=True)
        settings.SEAL_KEY_FILE = str(tmp_path / "seal.key")
        with address.standing_in(elsewhere):
            assert not restore.restore(made.path).lost
        assert keys.path().read_text() == old
        assert stat.S_IMODE(keys.path().stat().st_mode) == 0o600

    def test_carried_do_not_push_another_one_away(
        self, people: Cast, elsewhere: str, tmp_path: Path, settings: Any
    ) -> None:
        an_order(people)
        made = backup.backup(tmp_path / "one.zip", at=AT, with_key=True)
        settings.SEAL_KEY_FILE = str(tmp_path / "seal.key")
        sealed.make_key(keys.path())
        mine = keys.path().read_text()
        with address.standing_in(elsewhere), pytest.raises(keys.KeyMissing, match="另一把"):
            restore.restore(made.path)
        assert keys.path().read_text() == mine


class TestKill:
    def test_leaves_the_empty_installation_as_it_was(self, file: Path, elsewhere: str, run: Run) -> None:
        """SIGKILL at random moments: all or nothing; the next try clears the remains away and ends well."""
        chance, wanted = random.Random(20261123), archive.read(file).tables["orders_order"].rows
        for _ in range(ROUNDS):
            process = run(elsewhere, "restore", file)
            _wait_for(lambda: beside(elsewhere), process)
            time.sleep(chance.uniform(0, 0.8))
            process.kill()
            process.wait()
            if rows_of(elsewhere):  # it was as good as done
                break
        _restore_when_free(file, elsewhere)
        assert rows_of(elsewhere) == wanted
        assert beside(elsewhere) == []


def _restore_when_free(file: Path, elsewhere: str) -> None:
    """As an operator does: again, until the killed one's sessions have ended."""
    until = time.monotonic() + 60
    while not rows_of(elsewhere):
        try:
            with address.standing_in(elsewhere):
                restore.restore(file)
        except Refused:
            assert time.monotonic() < until
            time.sleep(0.2)
    with address.standing_in(elsewhere), keeper.keeper() as keeping:
        assert keeping
        keeping.tidy()
