"""Who someone is and what they may be asked: persons, units, teams, posts, times."""

from sandan.people.models.member_checkin import MemberCharge, MemberCheckin, MemberProfile, MemberRating
from sandan.people.models.person import Person, PersonManager
from sandan.people.models.post import Post, PostQuerySet, scopes_over
from sandan.people.models.roles import HELPING, Role
from sandan.people.models.service_post import ServiceHolding, ServicePost, ServicePostRule
from sandan.people.models.times import Away, FreeTime
from sandan.people.models.unit import Team, Unit

__all__ = [
    "HELPING",
    "Away",
    "FreeTime",
    "MemberCharge",
    "MemberCheckin",
    "MemberProfile",
    "MemberRating",
    "Person",
    "PersonManager",
    "Post",
    "PostQuerySet",
    "Role",
    "ServiceHolding",
    "ServicePost",
    "ServicePostRule",
    "Team",
    "Unit",
    "scopes_over",
]
