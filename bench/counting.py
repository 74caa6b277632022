"""How many SQL statements a call takes, seen from inside: the same view, run here once more."""

from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.load import HOST
from bench.paths import ROW, Path
from bench.server import Wrong

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK")


@dataclass(frozen=True)
class Statements:
    """Statements without and with what opens and closes transactions; a savepoint is a statement."""

    work: int
    transaction: int
    sql: tuple[str, ...]

    @property
    def all(self) -> int:
        return self.work + self.transaction


def statements(path: Path) -> Statements:
    """Of the second call, when everything that is read once is known; raises Wrong for a wrong answer."""
    calls = path.calls(2)
    for call in (calls[0], calls[-1]):
        client = Client(SERVER_NAME=HOST, HTTP_COOKIE=call.cookies, enforce_csrf_checks=True)
        with CaptureQueriesContext(connection) as captured:
            answer = client.generic(call.method, call.path, call.body, "application/x-www-form-urlencoded")
        if answer.status_code != path.status:
            raise Wrong(f"{path.name}: {answer.status_code} instead of {path.status}\n{answer.content.decode()[:2000]}")
        found = answer.content.count(ROW.encode())
        if path.rows and found != path.rows:
            raise Wrong(f"{path.name}: {found} rows instead of {path.rows}; more --orders give more rows")
    sql = tuple(query["sql"] for query in captured.captured_queries)
    around = sum(text.startswith(TRANSACTION) for text in sql)
    return Statements(len(sql) - around, around, sql)
