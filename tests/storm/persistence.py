"""A neighbour who does not give up: writes an order in three steps and tries again until it is acknowledged."""

import time
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import urllib3

from tests.factories.orders import a_picture
from tests.storm.crowd import TOKEN
from tests.storm.servers import PATIENCE

HEADERS = {"Cookie": f"csrftoken={TOKEN}", "X-CSRFToken": TOKEN}


@dataclass
class Neighbour:
    """One order to be placed in `community`. Who is not patient never repeats a lost sending."""

    base: str
    community: str
    key: UUID
    is_patient: bool
    brings_photo: bool = True
    tries: int = 0
    has_answer: bool = False
    _pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False), repr=False)

    def place(self) -> "Neighbour":
        """All three steps, each until it is answered; gives up after the house's patience, times four."""
        until = time.monotonic() + 4 * PATIENCE
        step = 0
        while step < len(STEPS) and time.monotonic() < until:
            self.tries += 1
            status, where = self._send(step)
            if status == 302:
                step = 0 if where.endswith("/follow/") else step + 1
            elif status == 410:
                step = 0  # the draft never came to be: begin again with the same key
            elif 400 <= status < 500:
                raise AssertionError(f"{STEPS[step][0]} refused with {status}")
            elif step == len(STEPS) - 1 and not self.is_patient:
                return self
            else:
                time.sleep(Random(self.tries).random())
        self.has_answer = step == len(STEPS)
        return self

    def _send(self, step: int) -> tuple[int, str]:
        path, form = STEPS[step]
        fields: dict[str, Any] = {name: self.community if name == "community" else form[name] for name in form}
        if step == 0:
            fields["key"] = str(self.key)
        if step == 0 and self.brings_photo:
            fields["photos"] = ("a.jpg", a_picture(f"#{self.key.hex[:6]}"), "image/jpeg")
        try:
            answer = self._pool.request(
                "POST", self.base + path.format(key=self.key), fields=fields, headers=HEADERS, redirect=False,
                timeout=PATIENCE / 3,
            )  # fmt: skip
        except urllib3.exceptions.HTTPError:
            return 0, ""
        return answer.status, answer.headers.get("Location", "")


STEPS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/order/", {"text": "楼道灯不亮，晚上看不见台阶，请来看看", "community": ""}),
    ("/order/{key}/where/", {"where": "rough", "spot": "东门口", "community": ""}),
    ("/order/{key}/check/", {"category": "none"}),
)
