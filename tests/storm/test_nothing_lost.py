"""The server, then the database, is killed at random moments while orders come in: none is lost, none is double."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from tests.storm.house import COUNTY, House, built
from tests.storm.persistence import Neighbour

AT_ONCE = 8


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with built(tmp_path) as made:
        yield made


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
