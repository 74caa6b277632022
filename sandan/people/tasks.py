"""Due work about people: posts whose term is over, lists that nobody imported."""

from django.utils import timezone

from sandan.core.tasks import due
from sandan.people import actions
from sandan.people.actions import importing, photos, units_upkeep


@due("*/5 * * * *")
def lapse_posts() -> None:
    """What somebody had in hand by a post that has ended goes to who answers now."""
    actions.lapse(at=timezone.now())


@due("45 4 * * *")
def forget_lists() -> None:
    """Lists that an office brought and did not import are not kept."""
    importing.forget_lists(at=timezone.now())


@due("49 3 * * *")
def forget_portraits() -> None:
    """Pictures for contact cards of people who left their grid a month ago."""
    while photos.forget_portraits(at=timezone.now()):
        pass


@due("*/10 * * * *")
def match_rosters() -> None:
    """Who reported in for a unit is found on its roster."""
    units_upkeep.match_all(at=timezone.now())


@due("17 3 * * *")
def forget_left() -> None:
    """Names of those who left a roster two years ago go."""
    while units_upkeep.forget_left(at=timezone.now()):
        pass
