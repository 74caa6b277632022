"""How much one may hold and when again: what the house says, and what an office set otherwise (decision 0018)."""

from dataclasses import dataclass, fields, replace

from sandan.people.models import ServicePostRule


@dataclass(frozen=True)
class PostRules:
    """The rules of service posts in one county."""

    most_held: int = 2
    again_days: int = 7
    free_days: int = 3


HOUSE = PostRules()
NAMES = tuple(field.name for field in fields(PostRules))


def post_rules(county: str) -> PostRules:
    """What holds in a county: its own row above the one of all counties, the house below; one statement."""
    rules = HOUSE
    for row in ServicePostRule.objects.filter(county__in=["", county]).order_by("county"):
        rules = replace(rules, **{name: getattr(row, name) for name in NAMES if getattr(row, name) is not None})
    return rules
