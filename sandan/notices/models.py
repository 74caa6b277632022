"""Messages to people: a row in the transaction of the change that caused it; a worker delivers, a ledger says how."""

from django.db import models
from django.db.models import Q

from sandan.core.sealed import SealedTextField


class Notice(models.Model):
    """One message to one receiver, as a kind and ids; the words are made when it is shown or sent.

    The receiver is a person, or an asker by id (`asker_id`), whose contact stays under seal until sending. The row
    itself is the delivery to the inbox: `at` it lies there, at `read_at` it was read. `is_unplanned` says that it has
    ways out of the house and no line in the ledger for them yet.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="notices")
    asker_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True)
    is_unplanned = models.BooleanField(default=False, db_default=False)

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
            models.Index(fields=["id"], name="notice_unplanned", condition=Q(is_unplanned=True)),
            models.Index(fields=["subject_id"], name="notice_subject"),
        ]


class State(models.TextChoices):
    """How a delivery stands. From WAITING and SENDING it goes on; the others are ends."""

    WAITING = "waiting"
    SENDING = "sending"  # a worker has it until `next_at`; then another may take it
    SENT = "sent"  # the provider or the mail server took it; a receipt may still come
    RECEIVED = "received"
    FAILED = "failed"  # the provider says that it did not arrive
    GIVEN_UP = "given_up"  # we tried and stopped; `error` says why
    UNREACHABLE = "unreachable"  # there was no way to this receiver; `error` says why
    REPLACED = "replaced"  # it waited for the morning, and newer news of the same order went instead


UNDER_WAY = (State.WAITING, State.SENDING)
NOT_ARRIVED = (State.FAILED, State.GIVEN_UP, State.UNREACHABLE)


class Delivery(models.Model):
    """The ledger: one notice on one way out of the house. It holds no address and no words.

    `channel` is sms, email, or none where there was no way. `tries` counts the beginnings, so that a message that
    ends its worker is given up as well; it is also what tells an old claim from the present one.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=5)
    lane = models.SmallIntegerField()
    state = models.CharField(max_length=11, choices=State.choices, default=State.WAITING)
    tries = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=20, blank=True)
    handled_by = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            models.CheckConstraint(condition=Q(channel__in=["sms", "email", "none"]), name="delivery_channel_known"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"], next_at__isnull=False)
                | Q(state__in=["sent", "received", "failed", "given_up", "unreachable", "replaced"], next_at=None),
                name="delivery_goes_on_or_ends",
            ),
            models.CheckConstraint(
                condition=Q(handled_by__isnull=True, handled_at__isnull=True)
                | Q(handled_by__isnull=False, handled_at__isnull=False),
                name="delivery_handled_by_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "next_at"], name="delivery_due", condition=Q(state__in=["waiting", "sending"])
            ),
            models.Index(
                fields=["-made_at"],
                name="delivery_not_arrived",
                condition=Q(state__in=["failed", "given_up", "unreachable"], handled_at__isnull=True),
            ),
        ]

    @property
    def key(self) -> str:
        """What the provider knows it by: the same for every try, another one after a restore gave out an id twice."""
        return f"{self.pk}-{int(self.made_at.timestamp() * 1e6)}"


class Reach(models.Model):
    """How somebody wishes to be reached beside the inbox; without a row: by phone, and no mailbox is known."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, primary_key=True, related_name="reach")
    email = SealedTextField(null=True)
    takes_sms = models.BooleanField(default=True)
    takes_email = models.BooleanField(default=True)
