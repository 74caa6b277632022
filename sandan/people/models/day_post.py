"""The one-day post (一日网格员): a day in a grid beside a mentor, with a trace of its own."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sandan.people.models.person import Person
from sandan.people.models.post import Post


class DayPost(models.Model):
    """R119: what belongs to a post of Role.DAY_WORKER; its term is one local day, and so is the life of the account.

    `tasks` are codes of Task: what the mentor lets the day's worker do. `summary` is masked before it is kept.
    """

    class Task(models.TextChoices):
        WALK = "walk", _("跟着走一遍网格")
        REPORT = "report", _("报看到的问题")
        TALK = "talk", _("跟着听居民说事")
        TIDY = "tidy", _("动手清理、劝导")
        TELL = "tell", _("宣传、发通知")

    post = models.OneToOneField(Post, on_delete=models.PROTECT, primary_key=True, related_name="day")
    on = models.DateField()
    mentor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    tasks = ArrayField(models.CharField(max_length=6, choices=Task.choices))
    summary = models.CharField(max_length=1000, blank=True)
    summed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tasks__len__gt=0), name="daypost_has_tasks"),
            models.CheckConstraint(
                condition=Q(summary="", summed_at__isnull=True) | ~Q(summary="") & Q(summed_at__isnull=False),
                name="daypost_summary_has_time",
            ),
        ]

    def is_on(self, at: datetime) -> bool:
        """Whether the day has begun and is not over."""
        return self.post.from_at <= at and self.post.to_at is not None and at < self.post.to_at


class DayAct(models.Model):
    """R120: something the day's worker did in the mentor's name; the mentor looks at it. Words are masked.

    `order_number` is the full number of the order that a report became, for the mentor's eye.
    """

    day = models.ForeignKey(DayPost, on_delete=models.PROTECT, related_name="acts")
    at = models.DateTimeField()
    task = models.CharField(max_length=6, choices=DayPost.Task.choices)
    words = models.CharField(max_length=500, blank=True)
    order_number = models.CharField(max_length=40, blank=True)
    seen_at = models.DateTimeField(null=True)  # the mentor has looked at it
