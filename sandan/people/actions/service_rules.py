"""The rules of service posts that an office sets for a county, or for all of them (decision 0018)."""

from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.people.models import ServicePostRule

BOUNDS = {"most_held": (1, 20), "again_days": (0, 365), "free_days": (0, 60)}


class BadRule(Refused):
    """A number outside what makes sense."""


@transaction.atomic
def set_rules(
    *, county: str, most_held: int | None, again_days: int | None, free_days: int | None, by: Literal["system"],
    at: datetime,
) -> ServicePostRule:  # fmt: skip
    """Replace a county's rules ("" for all counties); None leaves the house's. Raises BadRule."""
    facts = {"most_held": most_held, "again_days": again_days, "free_days": free_days}
    for name, number in facts.items():
        least, most = BOUNDS[name]
        if number is not None and not least <= number <= most:
            raise BadRule(
                _("%(name)s 要在 %(least)d 到 %(most)d 之间。") % {"name": name, "least": least, "most": most}
            )
    rule, _new = ServicePostRule.objects.update_or_create(county=county, defaults=facts)
    journal.write(rule, "set_rules", by=by, at=at, scope=county, **facts)
    return rule
