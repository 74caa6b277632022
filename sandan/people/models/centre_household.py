"""Centre households (党员中心户): volunteer points in a micro-grid, reached through the platform alone."""

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sandan.people.models.person import Person


class CentreHouseholdQuerySet(models.QuerySet["CentreHousehold"]):
    def held(self, at: datetime) -> "CentreHouseholdQuerySet":
        """Points that stand at that moment."""
        return self.filter(Q(from_at__lte=at) & (Q(to_at__isnull=True) | Q(to_at__gt=at)))

    def within(self, *codes: str) -> "CentreHouseholdQuerySet":
        """Those of these areas."""
        inside = Q(pk__in=[])
        for code in codes:
            inside |= Q(scope__startswith=code)
        return self.filter(inside)


class CentreHousehold(models.Model):
    """R199: what somebody at home in a micro-grid is willing to do for it. No address, no number, no organisation.

    `can` are codes of Help, chosen by the household itself; `paused_until` is the last day it wants to be left alone.
    """

    class Help(models.TextChoices):
        TELL = "tell", _("传话通知")
        LEAD = "lead", _("带邻居参加活动")
        VISIT = "visit", _("看望独居邻居")
        KEEP = "keep", _("代收代管")
        ROOM = "room", _("借出一间屋议事")
        WATCH = "watch", _("看见隐患就报")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    scope = models.CharField(max_length=17, db_collation="C")
    can = ArrayField(models.CharField(max_length=8, choices=Help.choices), default=list)
    paused_until = models.DateField(null=True)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    objects = CentreHouseholdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gt=F("from_at")), name="centrehousehold_term"
            ),
            models.CheckConstraint(condition=Q(scope__regex=r"^[0-9]{17}$"), name="centrehousehold_of_a_micro_grid"),
            models.UniqueConstraint(fields=["person"], condition=Q(to_at__isnull=True), name="centrehousehold_once"),
        ]
        indexes = [models.Index(fields=["scope"], name="centrehousehold_scope", condition=Q(to_at__isnull=True))]

    def is_willing(self, on: date) -> bool:
        """Whether they may be asked on that day."""
        return bool(self.can) and (self.paused_until is None or self.paused_until < on)
