"""Who someone is and what they may be asked: persons, units, teams, posts."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Now

from sandan.core.sealed import SealedTextField


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, login: str, name: str, password: str | None = None, **extra: Any) -> "Person":
        person = self.model(login=login, name=name, **extra)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """The login user: a member, a grid worker or one of the staff. Residents need no account.

    `phone` is the work number under seal; `phone_tail` its last four digits for a colleague's eye.
    """

    login = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    name_key = models.CharField(max_length=120, db_collation="C", default="")
    phone = SealedTextField(null=True)
    phone_digest = models.BinaryField(max_length=32, null=True, unique=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    skills = ArrayField(models.CharField(max_length=10), default=list)
    home = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")  # a grid
    lon = models.FloatField(null=True)  # the centre of the home grid, never a flat
    lat = models.FloatField(null=True)
    reach_metres = models.IntegerField(default=1000)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = PersonManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_outside(self) -> bool:
        """Whether all posts ever held are those of an outside partner; rooms below this one ask it of the user."""
        roles = set(self.posts.values_list("role", flat=True))
        return bool(roles) and roles == {Role.PARTNER.value}


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


class Role(models.TextChoices):
    """What a post lets somebody do; the rights behind each stand in people.access."""

    MEMBER = "member"  # 在职党员, takes and grabs orders
    GRID_WORKER = "grid_worker"  # 网格员
    GRID_LEADER = "grid_leader"  # 网格长
    DISPATCHER = "dispatcher"  # 社区派单员
    LIAISON = "liaison"  # 街道联络员
    DISTRICT = "district"  # 区级值班
    UNIT_CLERK = "unit_clerk"  # 单位经办人
    PARTNER = "partner"  # 外联单位经办人: sees what was sent to them and nothing else
    AUDITOR = "auditor"  # 审计员: logs only
    ADMIN = "admin"  # 系统管理员: no residents' data


HELPING = (Role.MEMBER, Role.GRID_WORKER, Role.GRID_LEADER)  # those who may grab and are asked


def _street_as_range() -> models.Func:
    """A street's code as a range of one number: equality here would need an extension not every PostgreSQL has."""
    number = Cast("scope", models.BigIntegerField())
    return models.Func(number, number, models.Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def _term() -> models.Func:
    """The start inside, the end outside, nothing for no end."""
    return models.Func("from_at", "to_at", function="tstzrange", output_field=DateTimeRangeField())


def scopes_over(code: str) -> list[str]:
    """A place code and those of the areas around it: province, city, county, street, community, grid, micro-grid."""
    return [code[:n] for n in (2, 4, 6, 9, 12, 15, 17) if n <= len(code)]


class PostQuerySet(models.QuerySet["Post"]):
    def held(self, at: datetime) -> "PostQuerySet":
        """Posts whose term covers `at`."""
        return self.filter(Q(from_at__lte=at) & (Q(to_at__isnull=True) | Q(to_at__gt=at)))

    def over(self, code: str) -> "PostQuerySet":
        """Posts whose scope is `code` or an area around it: a permission is a prefix test."""
        return self.filter(scope__in=scopes_over(code))


class Post(models.Model):
    """A person, a role, a place-code prefix or unit, for a term. A post is never a person."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=12, choices=Role.choices)
    grade = models.CharField(max_length=10, blank=True)  # 专职 full | 兼职 part | 辅助员 helper | a liaison's deputy
    scope = models.CharField(max_length=17, db_collation="C")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="posts")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gt=models.F("from_at")), name="post_term"
            ),
            models.CheckConstraint(
                condition=~Q(role="liaison") | Q(scope__regex=r"^[0-9]{9}$"), name="post_liaison_of_a_street"
            ),
            # A street has one liaison at any moment; deputies may stand beside.
            ExclusionConstraint(
                name="post_one_liaison",
                expressions=[(_street_as_range(), "&&"), (_term(), "&&")],
                condition=Q(role="liaison") & ~Q(grade="deputy"),
            ),
        ]
        indexes = [
            models.Index(fields=["scope", "role"], name="post_scope_role"),
            models.Index(fields=["person"], name="post_person"),
        ]


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
