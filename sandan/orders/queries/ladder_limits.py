"""The office's own limits of the ladder for their page: those in force, what was changed when and by whom."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sandan.core.models import Entry
from sandan.intake.models import Category
from sandan.orders.models import LevelLimit
from sandan.people.models import Person

VERBS = ("level_limit", "level_limit_off")
MOST = 50
LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class Change:
    """One line of the history: `minutes` None where the usual time holds again; `name` empty for a loaded file."""

    at: datetime
    name: str
    item: str
    level: int
    minutes: int | None
    is_step: bool


def level_word(level: int) -> str:
    """What a level is called."""
    return {1: _("网格"), 2: _("社区"), 3: _("街道")}[level]


def in_force() -> list[LevelLimit]:
    """All own limits, by item and level."""
    return list(LevelLimit.objects.select_related("category").order_by("category__code", "level"))


def items() -> list[Category]:
    """The items an own limit can be set for."""
    return list(Category.objects.filter(is_active=True, parent__isnull=False).order_by("code"))


def history() -> list[Change]:
    """The latest changes first; three statements."""
    lines = list(Entry.objects.filter(subject=LevelLimit._meta.label_lower, verb__in=VERBS).order_by("-id")[:MOST])
    people = dict(Person.objects.filter(pk__in={line.actor_id for line in lines}).values_list("pk", "name"))
    names = dict(Category.objects.filter(pk__in={line.facts["category"] for line in lines}).values_list("pk", "name"))
    return [
        Change(
            line.at, people.get(line.actor_id or 0, ""), names.get(line.facts["category"], ""), line.facts["level"],
            line.facts.get("minutes"), bool(line.facts.get("is_step")),
        )
        for line in lines
    ]  # fmt: skip
