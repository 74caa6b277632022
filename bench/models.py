"""The base's own table."""

from django.db import models


class Row(models.Model):
    """What the smallest view inserts: a time, a few words, a number."""

    at = models.DateTimeField()
    text = models.CharField(max_length=60)
    number = models.IntegerField()
