"""When somebody may serve, and when they are not there."""

from django.db import models
from django.db.models import Q

from sandan.people.models.person import Person


class FreeTime(models.Model):
    """A stretch of the week in which somebody may serve, in minutes of the local day; none at all means the default.

    The default is outside office hours and on rest days (八小时外); grid workers are always on.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="free_times", db_index=False)
    weekday = models.SmallIntegerField()  # 0 Monday .. 6 Sunday
    from_minute = models.SmallIntegerField()
    to_minute = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "weekday", "from_minute"], name="freetime_once"),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6), from_minute__gte=0, to_minute__lte=1440)
                & Q(to_minute__gt=models.F("from_minute")),
                name="freetime_within_a_day",
            ),
        ]


class Away(models.Model):
    """Days on which somebody is not there, both included; nobody asks why."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aways", db_index=False)
    from_on = models.DateField()
    to_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "from_on"], name="away_once"),
            models.CheckConstraint(condition=Q(to_on__gte=models.F("from_on")), name="away_term"),
        ]
