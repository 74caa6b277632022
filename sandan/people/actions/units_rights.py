"""Who may change what about a unit that reports in; the rows behind it are read here once."""

from datetime import datetime

from django.utils.translation import gettext as _

from sandan.core.errors import NotAllowed
from sandan.people import access
from sandan.people.actions.posts import Actor
from sandan.people.models import Unit
from sandan.people.queries import units_scope
from sandan.people.queries.units_scope import Side


def require(by: Actor, unit: Unit, wanted: set[Side], at: datetime, community: str = "") -> None:
    """Nothing where `by` stands so to the unit (and to that community); raises NotAllowed otherwise."""
    if by == "system":
        return
    held = units_scope.sides(access.posts_of(by, at), unit, [community] if community else [])
    if not held & wanted:
        raise NotAllowed(_("这一步不归您办。请找这个单位的经办人、对接的社区或主管工委。"))
