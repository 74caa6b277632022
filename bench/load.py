"""The load, in a process of its own: kept connections to 127.0.0.1, until the time or the requests are used up.

Talks by lines of JSON: a Plan comes in, "ready" goes out, an empty line starts it, what happened goes out.
"""

import http.client
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from itertools import count
from threading import Thread
from typing import Any

HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds for one answer
MOST_TIMES = 8


@dataclass(frozen=True)
class Call:
    """One request as it goes over the wire, form-encoded."""

    method: str
    path: str
    cookies: str = ""
    body: str = ""

    def headers(self) -> dict[str, str]:
        kept = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded" if self.body else ""}
        return {name: value for name, value in kept.items() if value}


@dataclass(frozen=True)
class Plan:
    """What to send: every call once, or in turn again and again; `status` and `mark` are what a right answer has."""

    port: int
    concurrency: int
    seconds: float
    calls: list[Call]
    status: int
    mark: str
    is_cycle: bool
    least: int = 0  # a slow path gets more time, up to MOST_TIMES the seconds, until it has answered so often


@dataclass
class Done:
    """How many answers came in how many seconds, and the first that was wrong."""

    requests: int = 0
    seconds: float = 0.0
    wrong: str = ""
    lost: int = 0  # connections that the server closed
    times: list[float] = field(default_factory=list)


class Runner:
    """Sends a plan from several threads, each over its own kept connection."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.done, self.turn = plan, Done(), count()
        self.connections = [
            http.client.HTTPConnection(HOST, plan.port, timeout=PATIENCE) for _ in range(plan.concurrency)
        ]
        for connection in self.connections:
            connection.connect()

    def run(self) -> Done:
        """Everything, and how long it took."""
        started = time.perf_counter()
        self.until, self.last = started + self.plan.seconds, started + self.plan.seconds * MOST_TIMES
        threads = [Thread(target=self._send_all, args=(connection,)) for connection in self.connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.done.seconds, self.done.requests = time.perf_counter() - started, len(self.done.times)
        return self.done

    def _send_all(self, connection: http.client.HTTPConnection) -> None:
        socket = connection.sock
        while self._goes_on():
            call = self._next()
            if call is None:
                break
            try:
                self._send(connection, call)
            except OSError as error:
                self.done.wrong = f"{call.method} {call.path}: {type(error).__name__} {error}"
        self.done.lost += connection.sock is not socket
        connection.close()

    def _goes_on(self) -> bool:
        now = time.perf_counter()
        return not self.done.wrong and now < (self.last if len(self.done.times) < self.plan.least else self.until)

    def _next(self) -> Call | None:
        turn = next(self.turn)
        if not self.plan.is_cycle and turn >= len(self.plan.calls):
            return None
        return self.plan.calls[turn % len(self.plan.calls)]

    def _send(self, connection: http.client.HTTPConnection, call: Call) -> None:
        started = time.perf_counter()
        connection.request(call.method, call.path, call.body or None, call.headers())
        answer = connection.getresponse()
        body = answer.read()
        self.done.times.append(time.perf_counter() - started)
        where = answer.headers.get("Location", "")
        if answer.status != self.plan.status or not (self.plan.mark in where or self.plan.mark.encode() in body):
            words = f"{call.method} {call.path}: {answer.status} {where} instead of {self.plan.status} {self.plan.mark}"
            self.done.wrong = f"{words}\n{body.decode(errors='replace')[:2000]}"


def plan_from(facts: dict[str, Any]) -> Plan:
    """A plan as it was sent by the bench."""
    return Plan(**facts | {"calls": [Call(**call) for call in facts["calls"]]})


def main() -> None:
    """One plan, one answer."""
    runner = Runner(plan_from(json.loads(sys.stdin.readline())))
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(asdict(runner.run())), flush=True)


if __name__ == "__main__":
    main()
