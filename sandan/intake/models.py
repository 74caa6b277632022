"""The catalogue: 11 departments, 43 items, 4 codes for what is no request; routes and the gate for new items."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """One item of the catalogue, as in data/categories.csv; departments are the two-digit codes above."""

    class Level(models.IntegerChoices):
        GRID = 1
        COMMUNITY = 2
        STREET = 3
        DISTRICT = 4

    class Grab(models.TextChoices):
        YES = "yes"
        NO = "no"
        REVIEW = "review"  # the desk must say yes first

    class Privacy(models.TextChoices):
        PUBLIC = "public"  # 公开
        INSIDE = "inside"  # 内部
        CONTACT = "contact"  # 敏感: shown after taking
        SEALED = "sealed"  # 高敏: case holder and stand-in only

    class Field(models.TextChoices):
        JOBS = "jobs", _("劳动就业")
        SECURITY = "security", _("社会保障")
        LIVABLE = "livable", _("宜居创建")

    class WorkKind(models.TextChoices):
        APPEAL = "appeal", _("诉求反馈")
        SURVEY = "survey", _("信息收集")
        MEDIATION = "mediation", _("纠纷调解")
        PUBLICITY = "publicity", _("政策宣传")
        EMERGENCY = "emergency", _("应急管理")
        HAZARD = "hazard", _("隐患排查")

    code = models.CharField(max_length=4, primary_key=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="items")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80)
    department = models.CharField(max_length=40)
    is_request = models.BooleanField(default=True)
    level = models.IntegerField(choices=Level.choices, default=Level.COMMUNITY)
    urgency = models.IntegerField(default=1)  # 1 普通, 2 紧急, 3 突发
    accept_minutes = models.IntegerField(default=240)
    finish_value = models.FloatField(default=0)
    finish_unit = models.CharField(max_length=4, default="day")  # day | hour
    clock = models.CharField(max_length=8, default="working")  # working | natural
    urgent_accept_minutes = models.IntegerField(default=60)
    urgent_finish_minutes = models.IntegerField(default=1440)
    burst_accept_minutes = models.IntegerField(null=True)
    burst_feedback_minutes = models.IntegerField(null=True)
    grab = models.CharField(max_length=6, choices=Grab.choices, default=Grab.NO)
    privacy = models.CharField(max_length=8, choices=Privacy.choices, default=Privacy.INSIDE)
    callback = models.CharField(max_length=6, default="full")  # full | silent | none
    evidence = models.CharField(max_length=20, default="none")  # before_after_photo | note | none
    emergency_route = models.CharField(max_length=60, blank=True)
    skills = ArrayField(models.CharField(max_length=10), default=list)
    keywords = ArrayField(models.CharField(max_length=20), default=list)
    note = models.TextField(blank=True)
    duty = models.TextField(blank=True)  # what the grid worker does about it
    rhythm = models.CharField(max_length=20, blank=True)
    field = models.CharField(max_length=10, choices=Field.choices, blank=True)
    work_kind = models.CharField(max_length=10, choices=WorkKind.choices, blank=True)
    office = models.CharField(max_length=40, blank=True)  # of a department: the unit that leads it, as it is called
    deputy = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+"
    )  # department that stands in
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_grabbed(self) -> bool:
        """Whether it may lie in the hall; what is sealed never does."""
        return self.grab != self.Grab.NO and self.privacy != self.Privacy.SEALED


class Route(models.Model):
    """Which unit a matter goes to in an area, and its deputy."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="routes")
    scope = models.CharField(max_length=17, db_collation="C")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "scope"], name="route_category_scope"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=models.F("unit")), name="route_deputy_is_another"
            ),
        ]


class Proposal(models.Model):
    """A department asks to hand a new item to grid workers (准入): nothing enters the catalogue without a yes."""

    code = models.CharField(max_length=4)
    name = models.CharField(max_length=40)
    department = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    duty = models.TextField()
    rhythm = models.CharField(max_length=20)
    finish_days = models.IntegerField(default=5)
    training = models.CharField(max_length=200)
    funding = models.CharField(max_length=200)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(null=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_approved__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_approved__isnull=False),
                name="proposal_decided_together",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(is_approved__isnull=True), name="proposal_one_open_for_a_code"
            ),
            models.CheckConstraint(condition=Q(finish_days__gt=0), name="proposal_finish_days"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("by")), name="proposal_second_person"
            ),
        ]
