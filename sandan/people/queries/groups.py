"""Units and teams that work in an area."""

from django.db.models import Q, QuerySet

from sandan.people.models import Team, Unit


def _touching(code: str) -> Q:
    """Scopes around a place or inside it."""
    around = [code[:n] for n in (2, 4, 6, 9, 12, 15, 17) if n <= len(code)]
    return Q(scope__in=around) | Q(scope__startswith=code)


def teams_of(code: str) -> QuerySet[Team]:
    """Teams that work in an area or in a part of it, with their leaders."""
    return Team.objects.filter(_touching(code), leader__is_active=True).select_related("leader").order_by("name", "pk")


def units_of(code: str, kind: str | None = None) -> QuerySet[Unit]:
    """Units that work in an area or in a part of it, in the order of their names' pinyin."""
    units = Unit.objects.filter(_touching(code))
    return (units.filter(kind=kind) if kind else units).order_by("name_key", "pk")
