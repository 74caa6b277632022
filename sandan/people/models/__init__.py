"""Who someone is and what they may be asked: persons, units, teams, posts, times."""

from sandan.people.models import membership as _own_space  # noqa: F401 (a table of its own; decision 0019)
from sandan.people.models.centre_household import CentreHousehold
from sandan.people.models.day_post import DayAct, DayPost
from sandan.people.models.importing import ImportProgress, PeopleImport, PersonMark
from sandan.people.models.member_checkin import MemberCharge, MemberCheckin, MemberProfile, MemberRating
from sandan.people.models.organisation import Organisation
from sandan.people.models.pair import Pair
from sandan.people.models.person import Person, PersonManager
from sandan.people.models.photo import Portrait
from sandan.people.models.post import Post, PostQuerySet, scopes_over
from sandan.people.models.register import Resource, UnitCheckin, UnitFile, UnitLink, UnitRating
from sandan.people.models.roles import HELPING, Role
from sandan.people.models.roster import Reminder, Roster, RosterExcuse, RosterRow
from sandan.people.models.scheme import Scheme
from sandan.people.models.service_post import ServiceHolding, ServicePost, ServicePostRule
from sandan.people.models.survey import CommunitySurvey, UnitStage
from sandan.people.models.times import Away, FreeTime
from sandan.people.models.unit import Team, Unit

__all__ = [
    "HELPING",
    "Away",
    "CentreHousehold",
    "CommunitySurvey",
    "DayAct",
    "DayPost",
    "FreeTime",
    "ImportProgress",
    "MemberCharge",
    "MemberCheckin",
    "MemberProfile",
    "MemberRating",
    "Organisation",
    "Pair",
    "PeopleImport",
    "Person",
    "PersonManager",
    "PersonMark",
    "Portrait",
    "Post",
    "PostQuerySet",
    "Reminder",
    "Resource",
    "Role",
    "Roster",
    "RosterExcuse",
    "RosterRow",
    "Scheme",
    "ServiceHolding",
    "ServicePost",
    "ServicePostRule",
    "Team",
    "Unit",
    "UnitCheckin",
    "UnitFile",
    "UnitLink",
    "UnitRating",
    "UnitStage",
    "scopes_over",
]
