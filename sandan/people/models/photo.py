"""The picture of somebody on the contact card of a grid, given and taken back by himself."""

from django.db import models

from sandan.core.sealed import SealedBytesField


class Portrait(models.Model):
    """One small JPEG under seal, without anything a camera wrote into it; only with the consent of who it shows."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, primary_key=True, related_name="portrait")
    picture = SealedBytesField()
    version = models.CharField(max_length=10)  # of the words that were agreed to
    at = models.DateTimeField()
