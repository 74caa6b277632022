"""The erasable rows: who asked, what was said, what was photographed. The journal only points here."""

from django.db import models
from django.db.models import Q

from sandan.core.sealed import SealedBytesField, SealedTextField


class Words(models.Model):
    """Something that was said about an order: the original under seal, the masked text for reading.

    `audience` says who may read the masked text: everyone on the order, the asker and staff, or staff only.
    """

    class Audience(models.TextChoices):
        PUBLIC = "public"
        ASKER = "asker"
        INSIDE = "inside"

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="words")
    kind = models.CharField(max_length=10)  # report | question | answer | reason | work | reply | review | call | note
    audience = models.CharField(max_length=6, choices=Audience.choices)
    masked = models.TextField()
    original = SealedTextField(null=True)  # null once erased
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["order", "id"], name="words_order")]


class Asker(models.Model):
    """Someone who asked: name and phone under seal, a digest to find him by phone, a digest of his secret."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="askers")
    is_first = models.BooleanField(default=True)
    name = SealedTextField(null=True)
    phone = SealedTextField(null=True)
    phone_digest = models.BinaryField(max_length=32, null=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    secret_digest = models.BinaryField(max_length=32)
    may_call = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], name="asker_one_first", condition=Q(is_first=True)),
            models.UniqueConstraint(
                fields=["order", "phone_digest"], name="asker_once", condition=Q(phone_digest__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["phone_digest"], name="asker_phone", condition=Q(phone_digest__isnull=False))]


class Draft(models.Model):
    """An order being written, step by step, found only by its unguessable key; gone after a day."""

    key = models.UUIDField(primary_key=True)
    content = SealedTextField()
    at = models.DateTimeField()


class Photo(models.Model):
    """A picture of a matter, re-encoded and under seal; where and when it was taken is kept apart."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="photos")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, related_name="photos")
    stage = models.CharField(max_length=6)  # report | before | after | check | help
    large = SealedBytesField()
    small = SealedBytesField()
    taken = SealedTextField(null=True)  # JSON: time and WGS-84 position from the file, when it had them
    width = models.IntegerField()
    height = models.IntegerField()
    dhash = models.BigIntegerField()
    is_thinned = models.BooleanField(default=False)  # past its time: `large` holds the small copy
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(order__isnull=False, draft__isnull=True) | Q(order__isnull=True, draft__isnull=False),
                name="photo_of_order_or_draft",
            )
        ]
