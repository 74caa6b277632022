"""R016: what a member can and wants to do: skills of the closed list, own words, distance; changed at any time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.people.models import MemberProfile, Person
from sandan.people.queries import member_lists

REACHES = (300, 500, 1000, 2000, 3000, 5000, 20000)  # metres; the last is the whole county
MOST_SKILLS = 8
MOST_WORDS = 300


class UnknownSkill(Refused):
    """A skill that the list does not have: free words belong into the interests."""


class TooManySkills(Refused):
    """Who can do everything is found by nobody."""


class TooManyWords(Refused):
    """More words than are kept."""


@transaction.atomic
def set_profile(*, skills: Sequence[str], interests: str, reach_metres: int, by: Person, at: datetime) -> Person:
    """Replace one's own skills, words and distance. Raises UnknownSkill, TooManySkills or TooManyWords."""
    known = [name for name in member_lists.skills() if name in set(skills)]
    if set(skills) - set(known) or reach_metres not in REACHES:
        raise UnknownSkill(_("单子上没有这一项。请从列出来的里面选，别的写在下面的话里。"))
    if len(known) > MOST_SKILLS:
        raise TooManySkills(_("最多选 %(most)s 项。留下您最拿手的。") % {"most": MOST_SKILLS})
    if len(interests) > MOST_WORDS:
        raise TooManyWords(_("最多写 %(most)s 个字，请短一点。") % {"most": MOST_WORDS})
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    by.skills, by.reach_metres = known, reach_metres
    by.save(update_fields=["skills", "reach_metres"])
    words = interests.strip()
    MemberProfile.objects.update_or_create(person=by, defaults={"interests": words, "touched_at": at})
    journal.write(
        by,
        "set_profile",
        by=by,
        at=at,
        scope=by.home_id or "",
        skills=len(known),
        words=bool(words),
        reach=reach_metres,
    )
    return by
