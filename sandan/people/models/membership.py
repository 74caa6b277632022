"""The organisations' own space: who belongs to which. No other file of the house reads this one (decision 0019)."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from sandan.people.models.organisation import Organisation
from sandan.people.models.person import Person


class MembershipQuerySet(models.QuerySet["Membership"]):
    def held(self, at: datetime) -> "MembershipQuerySet":
        """Memberships that hold at that moment."""
        return self.filter(Q(from_at__lte=at) & (Q(to_at__isnull=True) | Q(to_at__gt=at)))


class Membership(models.Model):
    """G1, G12: a person in an organisation. Nothing leads here from a person: there is no name to ask or filter by."""

    class Duty(models.TextChoices):
        SECRETARY = "secretary"  # 书记、组长
        DEPUTY = "deputy"  # 副书记、副组长
        MEMBER = "member"  # 党员

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    duty = models.CharField(max_length=9, choices=Duty.choices, default=Duty.MEMBER)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_at__isnull=True) | Q(to_at__gt=F("from_at")), name="membership_term"),
            models.UniqueConstraint(fields=["person"], condition=Q(to_at__isnull=True), name="membership_once"),
        ]
