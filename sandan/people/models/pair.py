"""Pairs of a unit and a community (认亲), with a name to call on both sides."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from sandan.people.models.person import Person
from sandan.people.models.unit import Unit


class PairQuerySet(models.QuerySet["Pair"]):
    def live(self, on: date) -> "PairQuerySet":
        """Pairs that hold on that day."""
        return self.filter(Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gt=on)))


class Pair(models.Model):
    """R019, R020: several units may care for one community and one unit for several; each pair has its term."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="pairs", db_index=False)
    community = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField(null=True)  # the first day on which it holds no longer
    unit_contact = models.CharField(max_length=40)
    community_contact = models.CharField(max_length=40)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "community"], condition=Q(to_on__isnull=True), name="pair_one_live"
            ),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="pair_term"),
            models.CheckConstraint(condition=~Q(unit_contact="") & ~Q(community_contact=""), name="pair_contacts"),
        ]
        indexes = [models.Index(fields=["unit", "-from_on"], name="pair_unit")]
