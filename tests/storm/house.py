"""An installation of its own for a storm: a cluster with its durability on, a key, a county, a server."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandan import cluster
from sandan.core.sealed import make_key
from tests.storm.servers import Server

COUNTY = "140106"
ROOT = Path(__file__).parents[2]


@dataclass
class House:
    """Its folder, its database, and the server that is started by whoever needs it."""

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
        """SIGKILL to the database's server and all that it started; it comes up again and replays its log."""
        postmaster = int((self.cluster.places.data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        self.cluster.stop()
        self.cluster = cluster.start(self.home)


@contextmanager
def built(folder: Path) -> Iterator[House]:
    """A house with the demo's county and one person of the district on duty; gone afterwards."""
    home = folder / "home"
    home.mkdir()
    make_key(home / "seal.key")
    running = cluster.start(home)
    environment = {
        "DATABASE_URL": running.ensure_database("sandan"), "SANDAN_HOME": str(home), "SANDAN_LIMIT_FACTOR": "100000",
        "SANDAN_SEAL_KEY_FILE": str(home / "seal.key"), "DJANGO_SETTINGS_MODULE": "sandan.settings",
        "SANDAN_SECOND_FACTOR": "offered",
        "SANDAN_SECRET_KEY": "a key for storms alone, fifty letters long, no more 01",
    }  # fmt: skip
    house = House(
        home, running, Server(environment["DATABASE_URL"], folder / "server.log", True, environment), environment
    )
    try:
        house.run("django", "migrate")
        house.run("django", "init", COUNTY)
        house.run("django", "person", "district", "值班", "--role", "district", "--scope", COUNTY)
        yield house
    finally:
        house.server.stop()
        house.cluster.destroy()
