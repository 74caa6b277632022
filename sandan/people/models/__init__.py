"""Who someone is and what they may be asked: persons, units, teams, posts, times."""

from sandan.people.models import membership as _own_space  # noqa: F401 (a table of its own; decision 0019)
from sandan.people.models.centre_household import CentreHousehold
from sandan.people.models.day_post import DayAct, DayPost
from sandan.people.models.member_checkin import MemberCharge, MemberCheckin, MemberProfile, MemberRating
from sandan.people.models.organisation import Organisation
from sandan.people.models.person import Person, PersonManager
from sandan.people.models.post import Post, PostQuerySet, scopes_over
from sandan.people.models.roles import HELPING, Role
from sandan.people.models.service_post import ServiceHolding, ServicePost, ServicePostRule
from sandan.people.models.times import Away, FreeTime
from sandan.people.models.unit import Team, Unit

__all__ = [
    "HELPING",
    "Away",
    "CentreHousehold",
    "DayAct",
    "DayPost",
    "FreeTime",
    "MemberCharge",
    "MemberCheckin",
    "MemberProfile",
    "MemberRating",
    "Organisation",
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
