"""How long 500 people wait who all sign in by password at the same moment: seven in the evening."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from bench.bounds import EVENING
from bench.cost import spent_ms
from bench.crowd import at_once
from bench.ground import Town
from bench.load import Call
from bench.paths import TOKEN, body
from bench.server import Server, Wrong
from sandan.people.models import Person, Post, Role

WORD = "seven-in-the-evening-26"


@dataclass(frozen=True)
class Logins:
    """Wall seconds until all 500 were in: the median, the shortest and the longest; milliseconds of CPU a login."""

    callers: int
    seconds: float
    lowest: float
    highest: float
    web_ms: float
    database_ms: float

    def line(self) -> dict[str, object]:
        """As the bounds read it."""
        return {
            "path": "logins", "concurrency": self.callers, "seconds": self.seconds, "lowest": self.lowest,
            "highest": self.highest, "web_ms": self.web_ms, "database_ms": self.database_ms,
        }  # fmt: skip

    def __str__(self) -> str:
        return (
            f"{self.callers} people sign in by password at once: {self.seconds:.2f} s until all are in "
            f"({self.lowest:.2f} to {self.highest:.2f}); "
            f"CPU a login {self.web_ms:.1f} ms web, {self.database_ms:.1f} ms db; {settings.PASSWORD_HASHERS[0]}"
        )


def measure(server: Server, town: Town, repeat: int) -> Logins:
    """Everybody at once, `repeat` times; raises Wrong unless each of them is let in."""
    logins = _members(town)
    web, database = spent_ms(server.web), spent_ms(server.database)
    taken = sorted(_evening(server.port, logins) for _ in range(repeat))
    web, database = spent_ms(server.web) - web, spent_ms(server.database) - database
    count = repeat * len(logins)
    return Logins(len(logins), median(taken), taken[0], taken[-1], web / count, database / count)


def _members(town: Town) -> list[str]:
    """So many members with a password; one hash serves all, for checking it costs each of them the same."""
    word = make_password(WORD)
    names = [f"bench.evening{n}" for n in range(EVENING)]
    persons = Person.objects.bulk_create(Person(login=name, name=name, password=word) for name in names)
    since = timezone.now() - timedelta(days=365)
    scope = town.building.estate.community_id
    Post.objects.bulk_create(Post(person=one, role=Role.MEMBER, scope=scope, from_at=since) for one in persons)
    return names


def _evening(port: int, logins: list[str]) -> float:
    way, cookie = reverse("front:login"), f"{settings.CSRF_COOKIE_NAME}={TOKEN}"
    calls = [Call("POST", way, cookie, body(login=name, password=WORD)) for name in logins]
    answers, seconds = at_once(port, calls)
    told = Counter((answer.status, answer.where) for answer in answers)
    if told != {(302, reverse("front:start")): len(logins)}:
        raise Wrong(f"logins: {told.most_common(5)}")
    return seconds
