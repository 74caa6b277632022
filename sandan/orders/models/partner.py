"""What was sent to an outside partner: the excerpt of one order, for a time."""

from django.db import models
from django.db.models import F, Q

LIVE = ("sent", "accepted", "done")


class Sending(models.Model):
    """An excerpt of an order for one partner: masked words, a building at most, chosen photos. It ends by itself."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="sendings")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.ForeignKey("orders.Words", on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=100)  # estate and building, or the community; never a door
    photos = models.ManyToManyField("orders.Photo", related_name="+")
    until_at = models.DateTimeField()
    state = models.CharField(max_length=8)  # sent | accepted | done | refused | ended
    answered_at = models.DateTimeField(null=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=20, blank=True)
    note = models.ForeignKey("orders.Words", on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=(*LIVE, "refused", "ended")), name="sending_state_known"),
            models.CheckConstraint(condition=Q(until_at__gt=F("at")), name="sending_ahead"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="sending_no_with_reason"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False, person__isnull=False), name="sending_done_by"
            ),
            models.UniqueConstraint(
                fields=["order", "unit"], name="sending_one_live", condition=Q(state__in=("sent", "accepted"))
            ),
        ]
        indexes = [
            models.Index(fields=["unit"], name="sending_unit", condition=Q(state__in=LIVE)),
            models.Index(fields=["until_at"], name="sending_until", condition=Q(state__in=LIVE)),
        ]
