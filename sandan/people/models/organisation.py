"""The organisation tree along the grid tree: one organisation a place at most, and a place may lack one."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def held(self, at: datetime) -> "OrganisationQuerySet":
        """Organisations that stand at that moment."""
        return self.filter(Q(from_at__lte=at) & (Q(to_at__isnull=True) | Q(to_at__gt=at)))

    def within(self, *codes: str) -> "OrganisationQuerySet":
        """Those of these areas and of what lies inside them."""
        inside = Q(pk__in=[])
        for code in codes:
            inside |= Q(scope__startswith=code)
        return self.filter(inside)


class Organisation(models.Model):
    """R115: a committee of a community, a branch of a grid or a group of a micro-grid. Who belongs to it is not here.

    The tree is that of the place codes: it stands below the nearest one whose scope is a prefix of its own.
    """

    class Level(models.TextChoices):
        COMMITTEE = "committee"  # 社区党委
        BRANCH = "branch"  # 网格党支部
        GROUP = "group"  # 微网格党小组

    name = models.CharField(max_length=80)
    level = models.CharField(max_length=9, choices=Level.choices)
    scope = models.CharField(max_length=17, db_collation="C")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gt=F("from_at")), name="organisation_term"
            ),
            models.CheckConstraint(
                condition=Q(level="committee", scope__regex=r"^[0-9]{12}$")
                | Q(level="branch", scope__regex=r"^[0-9]{15}$")
                | Q(level="group", scope__regex=r"^[0-9]{17}$"),
                name="organisation_level_of_its_place",
            ),
            models.UniqueConstraint(fields=["scope"], condition=Q(to_at__isnull=True), name="organisation_one_a_place"),
        ]

    def __str__(self) -> str:
        return self.name
