"""Who is on duty when, and who was paged for an order of urgency 突发 until somebody answered."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

MOST_DEPUTIES = 9


def _as_range(name: str) -> models.Func:
    """A column as a range of one number: equality here would need an extension not every PostgreSQL has."""
    number = Cast(name, models.BigIntegerField())
    return models.Func(number, number, models.Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def _term() -> models.Func:
    return models.Func("from_at", "to_at", function="tstzrange", output_field=DateTimeRangeField())


class DutyQuerySet(models.QuerySet["Duty"]):
    def on(self, at: object) -> "DutyQuerySet":
        """Who is on duty at that moment, the first before the deputies."""
        return self.filter(from_at__lte=at, to_at__gt=at).order_by("rank", "pk")


class Duty(models.Model):
    """Somebody is on duty for a county, a street or a community: rank 1 is paged first, then the deputies in turn."""

    scope = models.CharField(max_length=12, db_collation="C")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    rank = models.SmallIntegerField(default=1)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")  # handed over by

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_at__gt=models.F("from_at")), name="duty_term"),
            models.CheckConstraint(condition=Q(rank__range=(1, MOST_DEPUTIES)), name="duty_rank"),
            models.CheckConstraint(
                condition=Q(scope__regex=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$"), name="duty_of_an_area"
            ),
            ExclusionConstraint(
                name="duty_one_of_a_rank",
                expressions=[(_as_range("scope"), "&&"), (_as_range("rank"), "&&"), (_term(), "&&")],
            ),
        ]
        indexes = [models.Index(fields=["scope", "to_at"], name="duty_scope")]


class Paging(models.Model):
    """The search for somebody who answers for one order of urgency 突发; it ends with an answer or with the danger."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="pagings")
    at = models.DateTimeField()
    round = models.SmallIntegerField(default=1)
    next_at = models.DateTimeField(null=True)  # when the next one is paged
    alarmed_at = models.DateTimeField(null=True)  # when the list was first used up and the district was told
    answered_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], name="paging_one_open", condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, next_at__isnull=False, answered_by__isnull=True)
                | Q(ended_at__isnull=False, next_at__isnull=True),
                name="paging_open_has_clock",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="paging_next", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["order"], name="paging_order"),
        ]


class Page(models.Model):
    """One person paged in one round: through which duty or desk, and what came of it."""

    paging = models.ForeignKey(Paging, on_delete=models.PROTECT, related_name="pages")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="pages")
    round = models.SmallIntegerField()
    scope = models.CharField(max_length=12, db_collation="C")
    rank = models.SmallIntegerField(null=True)  # null: not on the duty list, paged as owner or through a desk
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default="sent")  # sent | missed | passed | answered | stood
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paging", "round", "person"], name="page_once_a_round"),
            models.UniqueConstraint(fields=["paging"], name="page_one_answer", condition=Q(state="answered")),
        ]
        indexes = [models.Index(fields=["person", "-at"], name="page_person")]
