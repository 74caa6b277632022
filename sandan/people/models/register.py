"""The register of units that report in: whom to call, what they offer; their check-in, links and two-way rating."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sandan.core.sealed import SealedTextField
from sandan.people.models.person import Person
from sandan.people.models.scheme import Scheme
from sandan.people.models.unit import Unit


class Resource(models.TextChoices):
    """What a unit can give and a community can need or have: one closed list for both, so that they can be matched."""

    VENUE = "venue", _("场地")
    VEHICLE = "vehicle", _("车辆")
    GOODS = "goods", _("物资")
    EQUIPMENT = "equipment", _("设备")
    HANDS = "hands", _("人手")
    REPAIR = "repair", _("修理")
    CLEANING = "cleaning", _("环境整治")
    SAFETY = "safety", _("安全排查")
    LAW = "law", _("法律")
    MEDIATION = "mediation", _("调解")
    HEALTH = "health", _("健康")
    CARE = "care", _("照看陪护")
    EDUCATION = "education", _("教育辅导")
    CULTURE = "culture", _("文体活动")
    JOBS = "jobs", _("就业岗位")
    POLICY = "policy", _("政策代办")
    DIGITAL = "digital", _("手机数码")
    PROJECT = "project", _("项目")


def tag_field() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=10, choices=Resource.choices), default=list)


def known(field: str) -> Q:
    return Q(**{f"{field}__contained_by": Resource.values})


class UnitFile(models.Model):
    """R010: the entry of a unit in the register. Name and phone of the contact are those of work.

    `phone` is opened only through core.looks. `agreement` is the text of what was agreed, `agreed_on` its day.
    """

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, primary_key=True, related_name="file")
    contact = models.CharField(max_length=40, blank=True)
    phone = SealedTextField(null=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    address = models.CharField(max_length=120, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    offers = tag_field()
    agreement = models.TextField(blank=True)
    agreed_on = models.DateField(null=True)
    member_count = models.IntegerField(null=True)  # as the unit says; the roster counts for itself
    is_co_building = models.BooleanField(default=False)  # 共驻共建单位
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=known("offers"), name="unitfile_offers_known"),
            models.CheckConstraint(
                condition=Q(member_count__isnull=True) | Q(member_count__gte=0), name="unitfile_members"
            ),
        ]


class UnitCheckinQuerySet(models.QuerySet["UnitCheckin"]):
    def live(self, at: datetime) -> "UnitCheckinQuerySet":
        """Check-ins that hold at that moment."""
        return self.filter(Q(from_at__lte=at) & (Q(to_at__isnull=True) | Q(to_at__gt=at)))


class UnitCheckin(models.Model):
    """R001: a unit reported in to a community under a scheme, for a time; one unit may serve several at once."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="checkins", db_index=False)
    community = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="checkins")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    objects = UnitCheckinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "community"], condition=Q(to_at__isnull=True), name="unitcheckin_one_live"
            ),
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="unitcheckin_term"
            ),
        ]
        indexes = [models.Index(fields=["unit", "-from_at"], name="unitcheckin_unit")]


class UnitLink(models.Model):
    """What a unit took on with its check-in: the service it gives (服务) or the ground it has charge of (包联)."""

    class Kind(models.TextChoices):
        SERVICE = "service"
        CHARGE = "charge"

    checkin = models.ForeignKey(UnitCheckin, on_delete=models.PROTECT, related_name="links", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    scope = models.CharField(max_length=17, db_collation="C")  # the community, or a grid of it
    tags = tag_field()
    text = models.CharField(max_length=200)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="unitlink_term"),
            models.CheckConstraint(condition=Q(scope__regex=r"^[0-9]{12}([0-9]{3})?$"), name="unitlink_of_ground"),
            models.CheckConstraint(condition=known("tags"), name="unitlink_tags_known"),
            models.CheckConstraint(condition=~Q(text=""), name="unitlink_said"),
        ]
        indexes = [models.Index(fields=["checkin"], name="unitlink_checkin")]


class UnitRating(models.Model):
    """R001: what one side says of the other for a year, 1 to 5 with words: the community of the unit, and back."""

    class Side(models.TextChoices):
        COMMUNITY = "community"  # rates the unit
        UNIT = "unit"  # rates what the community arranged

    checkin = models.ForeignKey(UnitCheckin, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    side = models.CharField(max_length=9, choices=Side.choices)
    year = models.SmallIntegerField()
    mark = models.SmallIntegerField()
    text = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkin", "side", "year"], name="unitrating_one_a_year"),
            models.CheckConstraint(condition=Q(mark__range=(1, 5)), name="unitrating_mark"),
            models.CheckConstraint(condition=Q(year__range=(2020, 2200)), name="unitrating_year"),
        ]
