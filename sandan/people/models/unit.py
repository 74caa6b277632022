"""What several people act for: units and teams."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sandan.people.models.person import Person


class Unit(models.Model):
    """A work unit, a department or a partner (物业, 派出所): what several people act for."""

    class Kind(models.TextChoices):
        WORK_UNIT = "unit"
        DEPARTMENT = "department"
        PARTNER = "partner"

    class Branch(models.TextChoices):
        """Which of the five kinds of partner (R117)."""

        ESTATE = "estate"  # 社区物业
        POLICE = "police"  # 派出所
        RESIDENT = "resident"  # 驻地单位
        OWNERS = "owners"  # 业委会
        NEW = "new"  # 两新组织

    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=200, db_collation="C", default="")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.WORK_UNIT)
    branch = models.CharField(max_length=10, choices=Branch.choices, blank=True, default="", db_default="")
    scope = models.CharField(max_length=17, db_collation="C")

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A volunteer team with a leader; skills are what the team can do together."""

    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=17, db_collation="C")
    leader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    members = models.ManyToManyField(Person, related_name="teams")
    skills = ArrayField(models.CharField(max_length=10), default=list)

    def __str__(self) -> str:
        return self.name
