"""A stand-in for the provider of short messages on this machine: checks the signature, sends nothing to anybody.

It can be told to fail, to be slow, to refuse, to lose the answer after taking the message, and to send receipts, also
twice. For tests and for trying an installation out.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_hex
from time import sleep, time
from typing import Any

import urllib3

from sandan.notices.channels.signing import is_right, sign

Message = Mapping[str, Any]


@dataclass
class Manners:
    """How it behaves. `status` answers each try, by the message and the number of this try of its key (from 1)."""

    status: Callable[[Message, int], int] = lambda _message, _nth: 200
    slow_seconds: float = 0.0
    loses_answer: Callable[[Message, int], bool] = lambda _message, _nth: False
    receipts: int = 0  # how often each is told of; to `receipts_to`
    receipts_to: str = ""
    arrives: Callable[[Message], bool] = lambda _message: True


@dataclass
class Provider:
    """The stand-in: `tries` counts the requests of each key, `taken` keeps what would have been sent, once a key."""

    key: str = "standin"
    secret: str = "standin secret"  # noqa: S105 (known to everybody: it opens nothing)
    manners: Manners = field(default_factory=Manners)
    told: Callable[[str], None] = lambda _line: None
    tries: Counter[str] = field(default_factory=Counter)
    taken: dict[str, Message] = field(default_factory=dict)
    unsigned: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer | None = None

    def start(self, port: int = 0) -> str:
        """Listen on the loopback; the address to configure."""
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/messages"

    def stop(self) -> None:
        """Close the port."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def knows(self, head: Mapping[str, str], body: bytes) -> bool:
        """Whether a request bears our key and our signature."""
        signed = [head.get(f"X-Sandan-{name}", "") for name in ("Timestamp", "Nonce", "Signature")]
        right = is_right(self.secret, signed[0], signed[1], body, signed[2], datetime.now(UTC))
        if not right or head.get("X-Sandan-Key") != self.key:
            self.unsigned += 1
            return False
        return True

    def take(self, message: Message) -> tuple[int, bool]:
        """Status and whether the answer gets lost; a key seen before is answered again and not sent again."""
        key = str(message["key"])
        with self._lock:
            self.tries[key] += 1
            nth, is_known = self.tries[key], key in self.taken
        sleep(self.manners.slow_seconds)
        status = 200 if is_known else self.manners.status(message, nth)
        if status == 200 and not is_known:
            with self._lock:
                self.taken[key] = message
            self.told(f"{message['sign']} {key}: {len(str(message['text']))} 字")
            self.send_receipts(message)
        return status, self.manners.loses_answer(message, nth)

    def send_receipts(self, message: Message) -> None:
        """Tell the office what became of it, as often as the manners say."""
        state = "delivered" if self.manners.arrives(message) else "failed"
        body = json.dumps({"receipts": [{"key": message["key"], "state": state, "code": "UNDELIV"}]}).encode()
        for _ in range(self.manners.receipts):
            headers = self.signed(body) | {"Content-Type": "application/json"}
            urllib3.request("POST", self.manners.receipts_to, body=body, headers=headers, timeout=10, retries=False)

    def signed(self, body: bytes, at: float | None = None) -> dict[str, str]:
        """The head of a receipt."""
        stamp, nonce = str(int(at or time())), token_hex(16)
        return {
            "X-Sandan-Timestamp": stamp, "X-Sandan-Nonce": nonce,
            "X-Sandan-Signature": sign(self.secret, stamp, nonce, body),
        }  # fmt: skip


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # the name http.server looks for
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if not provider.knows(dict(self.headers), body):
                self._answer(401, {})
                return
            message = json.loads(body)
            status, is_lost = provider.take(message)
            if is_lost:
                self.close_connection = True
                return
            self._answer(status, {"reference": f"standin-{message['key']}"} if status == 200 else {})

        def _answer(self, status: int, content: dict[str, str]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """No line a request: `told` says what is worth it."""

    return Handler
