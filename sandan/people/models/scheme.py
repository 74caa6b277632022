"""The scheme of reporting in (双报到): whom it is for, how it goes, what is to be done, how it is judged; dated."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from sandan.people.models.person import Person
from sandan.people.models.post import scopes_over


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def over(self, code: str) -> "SchemeQuerySet":
        """Schemes of the areas around a place: its county's, its city's."""
        return self.filter(scope__in=scopes_over(code))

    def in_force(self, on: date) -> "SchemeQuerySet":
        """Versions that hold on that day."""
        return self.filter(Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gt=on)))


class Scheme(models.Model):
    """R002, R003: one dated version of the mechanism in a city (4 digits) or a county (6); what it said stays.

    `name` is what the mechanism is called there (双报到双服务双包联双评价, 双报到双评议). The four words name its
    pairs; an empty word means that the mechanism has no such pair.
    """

    scope = models.CharField(max_length=6, db_collation="C")
    version = models.SmallIntegerField()
    name = models.CharField(max_length=40)
    word_checkin = models.CharField(max_length=8, default="报到")
    word_service = models.CharField(max_length=8, blank=True)
    word_charge = models.CharField(max_length=8, blank=True)
    word_rating = models.CharField(max_length=8, blank=True)
    audience = models.TextField()  # 对象
    procedure = models.TextField()  # 程序
    tasks = models.TextField()  # 主要任务
    review = models.TextField()  # 评议方式
    from_on = models.DateField()
    to_on = models.DateField(null=True)  # the first day on which it holds no longer
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = SchemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "version"], name="scheme_version"),
            models.UniqueConstraint(fields=["scope"], condition=Q(to_on__isnull=True), name="scheme_one_open"),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="scheme_term"),
            models.CheckConstraint(condition=Q(scope__regex=r"^[0-9]{4}([0-9]{2})?$"), name="scheme_of_city_or_county"),
            models.CheckConstraint(
                condition=~Q(audience="") & ~Q(procedure="") & ~Q(tasks="") & ~Q(review="") & ~Q(word_checkin=""),
                name="scheme_four_parts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def pairs(self) -> tuple[str, ...]:
        """The words of its pairs, each side doing the same: 报到, 服务, 包联, 评价."""
        words = (self.word_checkin, self.word_service, self.word_charge, self.word_rating)
        return tuple(word for word in words if word)
