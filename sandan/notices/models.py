"""Messages to people: a row in the transaction of the change that caused it; a worker delivers."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One message to one receiver, as a kind and ids; the words are made when it is shown or sent.

    The receiver is a person, or an asker by id (`asker_id`), whose contact stays under seal until sending.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="notices")
    asker_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, asker_id__isnull=True)
                | Q(person__isnull=True, asker_id__isnull=False),
                name="notice_one_receiver",
            )
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["asker_id", "-at"], name="notice_asker"),
        ]
