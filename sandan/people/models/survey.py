"""Before units are given to communities: what a community is and lacks; how far each unit has come."""

from django.db import models
from django.db.models import F, Q

from sandan.people.models.person import Person
from sandan.people.models.register import known, tag_field
from sandan.people.models.scheme import Scheme
from sandan.people.models.unit import Unit


class CommunitySurvey(models.Model):
    """R200: what was found in a community on a day; a later survey stands beside it, the latest counts."""

    community = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    households = models.IntegerField()
    staff_count = models.IntegerField(null=True)  # who works there now
    capacity = models.IntegerField(null=True)  # how many members it can give something to do
    needs = tag_field()
    resources = tag_field()
    gaps = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "on"], name="survey_one_a_day"),
            models.CheckConstraint(
                condition=Q(households__gte=0)
                & (Q(staff_count__isnull=True) | Q(staff_count__gte=0))
                & (Q(capacity__isnull=True) | Q(capacity__gte=0)),
                name="survey_counts",
            ),
            models.CheckConstraint(condition=known("needs") & known("resources"), name="survey_tags_known"),
        ]


class UnitStage(models.Model):
    """R007: one of the three steps of a unit under a scheme: when it is due, began, ended, and what is in its way."""

    class Step(models.TextChoices):
        SURVEY = "survey"  # 摸排
        MATCH = "match"  # 对接
        CHECKIN = "checkin"  # 报到

    class Blocker(models.TextChoices):
        ROSTER = "roster"
        CONTACT = "contact"
        NO_FIT = "no_fit"
        ANSWER = "answer"
        HANDS = "hands"
        OTHER = "other"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="stages", db_index=False)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.CharField(max_length=7, choices=Step.choices)
    due_on = models.DateField(null=True)
    from_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    blocker = models.CharField(max_length=7, choices=Blocker.choices, blank=True)
    note = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "scheme", "step"], name="unitstage_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(from_on__isnull=False, done_on__gte=F("from_on")),
                name="unitstage_began_before_it_ended",
            ),
            models.CheckConstraint(condition=Q(done_on__isnull=True) | Q(blocker=""), name="unitstage_done_unblocked"),
        ]
        indexes = [models.Index(fields=["scheme", "unit"], name="unitstage_scheme")]
