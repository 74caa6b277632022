"""How an asker comes back without an account: codes sent to a phone, and the tries that were made at a door."""

from django.db import models

from sandan.core.sealed import SealedTextField


class PhoneCode(models.Model):
    """A one-time code for one phone number: found by the number's digest, checked against the code's digest.

    `code` itself is under seal for as long as the outbox may have to send it, and null once it was used.
    """

    phone_digest = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    code = SealedTextField(null=True)
    tries = models.SmallIntegerField(default=0)
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone_digest", "-at"], name="phonecode_phone")]


class Knock(models.Model):
    """A try with a wrong secret: at which order (null where no such order is) and from which browser, as a digest."""

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, null=True, related_name="+")
    source = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["order", "-at"], name="knock_order"),
            models.Index(fields=["source", "-at"], name="knock_source"),
        ]
