"""The ladder 网格-社区-街道-区: every step of an order as a row, and how long an item may stay on a level."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

NO_RIGHT, NO_MEANS, OVER_TIME, DANGER, SEVERAL_AREAS = "no_right", "no_means", "over_time", "danger", "several_areas"
UP_REASONS = (NO_RIGHT, NO_MEANS, OVER_TIME, DANGER, SEVERAL_AREAS)  # codes 1 to 5 of practice 16.3
TOP_LEVEL = 4


class Step(models.Model):
    """One step between levels (1 grid, 2 community, 3 street, 4 district), or the clock's proposal of one.

    `escalate` and `hand_down` are said by a person, or by the clock where the rule says so; `take` goes down to the
    grid whose own worker took it, `back` out of its hands again. `from_person` answered before, `to_person` does now.
    """

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10)  # escalate | hand_down | take | back | propose
    from_level = models.SmallIntegerField()
    to_level = models.SmallIntegerField()
    reason = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")  # null: the clock
    from_person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    areas = ArrayField(models.CharField(max_length=12, db_collation="C"), null=True)
    words = models.ForeignKey("orders.Words", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_level__range=(1, TOP_LEVEL), to_level__range=(1, TOP_LEVEL))
                & ~Q(from_level=F("to_level")),
                name="step_between_levels",
            ),
            models.CheckConstraint(
                condition=~Q(verb__in=("escalate", "propose")) | Q(reason__in=UP_REASONS, to_level__gt=F("from_level")),
                name="step_up_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(verb="hand_down") | ~Q(reason="") & Q(to_level__lt=F("from_level")),
                name="step_down_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["order", "id"], name="step_order")]


class LevelLimit(models.Model):
    """How long an item may stay on a level, where the office decided otherwise than the usual share of its limit.

    Minutes run on the order's own clock. `is_step`: the clock steps up by itself; else it proposes to.
    """

    category = models.ForeignKey("intake.Category", on_delete=models.PROTECT, related_name="+")
    level = models.SmallIntegerField()
    minutes = models.IntegerField()
    is_step = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "level"], name="level_limit_once"),
            models.CheckConstraint(
                condition=Q(level__range=(1, TOP_LEVEL - 1), minutes__gt=0), name="level_limit_below_the_top"
            ),
        ]
