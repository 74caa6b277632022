"""In which order changed codes take effect: by day, within a day whoever frees a code before whoever takes it."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from sandan.core.errors import Refused
from sandan.places.models import AreaChange, PlaceChange

County = str
Step = tuple[date, County, list[AreaChange]]


class Circle(Refused):
    """Codes of one day go in a circle: each would have to be free before the other."""


def steps(changes: Iterable[AreaChange]) -> list[Step]:
    """What is renumbered at a time, in its order: one county, one day, rules that do not wait for one another.

    Raises Circle, naming one of the codes.
    """
    groups: dict[tuple[date, County], list[AreaChange]] = {}
    for change in sorted(changes, key=lambda row: (row.from_on, row.pk)):
        groups.setdefault((change.from_on, change.old[:6]), []).append(change)
    days: dict[date, list[tuple[County, list[AreaChange]]]] = {}
    for (on, county), rules in groups.items():
        days.setdefault(on, []).extend((county, cluster) for cluster in _clusters(rules))
    return [
        (on, county, rules) for on, clusters in sorted(days.items()) for wave in _waves(clusters)
        for county, rules in _by_county(wave)
    ]  # fmt: skip


def _clusters(rules: Sequence[AreaChange]) -> list[list[AreaChange]]:
    """Rules about one area and what lies in it stay together; so do those that make one area of several."""
    found: list[list[AreaChange]] = []
    for rule in sorted(rules, key=lambda row: (len(row.old), row.pk)):
        near = [c for c in found if any(rule.old.startswith(o.old) or rule.new == o.new for o in c)]
        joined = [*(row for cluster in near for row in cluster), rule]
        found = [*(cluster for cluster in found if cluster not in near), joined]
    return found


def _waves(clusters: Sequence[tuple[County, list[AreaChange]]]) -> list[list[tuple[County, list[AreaChange]]]]:
    left, waves = list(clusters), []
    while left:
        free = [one for one in left if not any(takes_from(one[1], other[1]) for other in left if other is not one)]
        if not free:
            raise Circle(
                _("编码 %(code)s 和别的编码互相调换，一天里做不了。请分两天写，中间用一个没用过的编码。")
                % {"code": min(rule.new for _county, rules in left for rule in rules)}
            )
        waves.append(free)
        left = [one for one in left if one not in free]
    return waves


def takes_from(rules: Sequence[AreaChange], others: Sequence[AreaChange]) -> bool:
    """Whether some of these rules give anew a code that the others end."""
    ended = {rule.old for rule in others} - {rule.new for rule in others}
    return any(rule.new in ended for rule in rules if rule.new != rule.old)


def _by_county(wave: Sequence[tuple[County, list[AreaChange]]]) -> list[tuple[County, list[AreaChange]]]:
    counties: dict[County, list[AreaChange]] = {}
    for county, rules in wave:
        counties.setdefault(county, []).extend(rules)
    return [(county, sorted(rules, key=lambda row: row.pk)) for county, rules in counties.items()]


def must_wait(rules: Sequence[AreaChange]) -> bool:
    """Whether a code they give anew ended in a change that not everything has followed yet: what is still on its way
    from there would be mixed with what comes."""
    open_changes = PlaceChange.objects.filter(kind="area", settled_at__isnull=True)
    ended = {code for old, new in open_changes.values_list("old_codes", "new_codes") for code in set(old) - set(new)}
    return any(
        rule.new.startswith(code) or code.startswith(rule.new) for rule in rules for code in ended
        if rule.new != rule.old
    )  # fmt: skip
