"""Joint handling: who helps the holder of an order, and what each did."""

from django.db import models
from django.db.models import Q


class Share(models.Model):
    """One helper beside the lead: a person, a team or a unit, with an own part of the record."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="shares")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="shares")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8)  # asked | joined | declined | dropped
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ask = models.ForeignKey("orders.Words", on_delete=models.PROTECT, null=True, related_name="+")
    goes_there = models.BooleanField(default=False)  # to the asker: only then the contact is shown (G3)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=20, blank=True)
    work = models.ForeignKey("orders.Words", on_delete=models.PROTECT, null=True, related_name="+")
    worked_at = models.DateTimeField(null=True)
    # what the lead agreed to, and the helper's no to it
    per_cent = models.SmallIntegerField(null=True)
    minutes = models.IntegerField(null=True)
    agreed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    dissent = models.ForeignKey("orders.Words", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True, unit__isnull=True)
                | Q(person__isnull=True, team__isnull=False, unit__isnull=True)
                | Q(person__isnull=True, team__isnull=True, unit__isnull=False),
                name="share_of_one",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "joined", "declined", "dropped")), name="share_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("joined", "declined"))
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="share_answered",
            ),
            models.CheckConstraint(
                condition=(Q(per_cent__isnull=True) | Q(per_cent__range=(0, 100)))
                & (Q(minutes__isnull=True) | Q(minutes__range=(0, 6000))),
                name="share_of_the_work",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True, per_cent__isnull=True, minutes__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="share_agreed_whole",
            ),
            *(
                models.UniqueConstraint(
                    fields=["order", who],
                    name=f"share_one_{who}",
                    condition=Q(state__in=("asked", "joined")) & Q(**{f"{who}__isnull": False}),
                )
                for who in ("person", "team", "unit")
            ),
        ]

    @property
    def name(self) -> str:
        """The helper, as it is written on a page; person, team and unit must be loaded."""
        return str(self.person or self.team or self.unit)
