"""Passes that a community gives to a device of its own, or to a neighbour who reports a lot."""

from django.db import models


class Pass(models.Model):
    """A six-figure code (放行码): the first device that types it is free of the limits until its day is over."""

    community = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    code_digest = models.BinaryField(max_length=32)
    type_by = models.DateTimeField()
    until = models.DateTimeField()
    device = models.BinaryField(max_length=32, null=True)  # a keyed digest, from the moment the code is typed
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["device", "-until"], name="pass_device", condition=models.Q(device__isnull=False)),
            models.Index(fields=["code_digest"], name="pass_code", condition=models.Q(device__isnull=True)),
            models.Index(fields=["community", "-at"], name="pass_community"),
        ]
