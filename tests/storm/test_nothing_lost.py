"""The server, then the database, is killed at random moments while orders come in: none is lost, none is double."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from sandan import cluster
from sandan.core.sealed import make_key
from tests.storm.persistence import Neighbour
from tests.storm.servers import Server

COUNTY = "140106"
AT_ONCE = 8
ROOT = Path(__file__).parents[2]


@dataclass
class House:
    """An installation of its own: a cluster with its durability on, a key, a county, a server with its worker."""

    home: Path
    cluster: cluster.Cluster
    server: Server
    environment: dict[str, str]

    def run(self, *words: str) -> str:
        """One command of the product in this house; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *words], env=os.environ | self.environment, capture_output=True, text=True, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def lose_database(self) -> None:
        """SIGKILL to the server of the database and all that it started; it comes up again and replays its log."""
        postmaster = int((self.cluster.places.data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        self.cluster.stop()
        self.cluster = cluster.start(self.home)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    home = tmp_path / "home"
    home.mkdir()
    make_key(home / "seal.key")
    running = cluster.start(home)
    environment = {
        "DATABASE_URL": running.ensure_database("sandan"), "SANDAN_HOME": str(home), "SANDAN_LIMIT_FACTOR": "100000",
        "SANDAN_SEAL_KEY_FILE": str(home / "seal.key"), "DJANGO_SETTINGS_MODULE": "sandan.settings",
        "SANDAN_SECRET_KEY": "a key for storms alone, fifty letters long, no more 01",
    }  # fmt: skip
    server = Server(environment["DATABASE_URL"], tmp_path / "server.log", True, environment)
    house = House(home, running, server, environment)
    try:
        house.run("django", "migrate")
        house.run("django", "init", COUNTY)
        house.run("django", "person", "district", "值班", "--role", "district", "--scope", COUNTY)
        yield house
    finally:
        house.server.stop()
        house.cluster.destroy()


class TestNothingLost:
    def test_each_acknowledged_order_is_there_once_after_the_kills(self, house: House, is_full: bool) -> None:
        """R036, R041: nothing that was acknowledged is gone, the journal verifies, photos are whole or absent."""
        chance, orders, kills = Random(4711), 1000 if is_full else 48, 24 if is_full else 4
        communities = json.loads(house.run("tests.storm.communities", COUNTY))
        house.server.start()
        neighbours = [
            Neighbour(
                house.server.base, chance.choice(communities), UUID(int=chance.getrandbits(128), version=4),
                is_patient=chance.random() < 0.9,
            )
            for _ in range(orders)
        ]  # fmt: skip
        with ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [pool.submit(neighbour.place) for neighbour in neighbours]
            for turn in range(kills):
                self._until(waiting, orders * (turn + 1) // (kills + 2))
                time.sleep(chance.random() / 4)
                self._kill(house, turn)
            told = [one.result() for one in waiting]
        house.server.restart()
        found = json.loads(house.run("tests.storm.counted", *(str(one.key) for one in told)))
        acknowledged = {str(one.key) for one in told if one.has_answer}
        assert found["faults"] == []
        assert acknowledged <= set(found["keys"])
        assert all(one.has_answer for one in told if one.is_patient)
        assert found["all"] == len(found["keys"])
        house.run("django", "audit")

    @staticmethod
    def _until(waiting: list, done: int) -> None:
        while sum(one.done() for one in waiting) < done:
            time.sleep(0.02)

    @staticmethod
    def _kill(house: House, turn: int) -> None:
        """The web server and its worker, or the database under a running web server, in turns."""
        if turn % 2 == 0:
            house.server.kill()
            house.server.start()
        else:
            house.lose_database()
            house.server.restart()
