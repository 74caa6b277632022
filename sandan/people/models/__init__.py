"""Who someone is and what they may be asked: persons, units, teams, posts, times."""

from sandan.people.models.person import Person, PersonManager
from sandan.people.models.post import Post, PostQuerySet, scopes_over
from sandan.people.models.roles import HELPING, Role
from sandan.people.models.times import Away, FreeTime
from sandan.people.models.unit import Team, Unit

__all__ = [
    "HELPING", "Away", "FreeTime", "Person", "PersonManager", "Post", "PostQuerySet", "Role", "Team", "Unit",
    "scopes_over",
]  # fmt: skip
