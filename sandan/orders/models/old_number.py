"""The number an order was given before its community got another official code."""

from django.db import models


class OldNumber(models.Model):
    """What is printed on paper and in links: community, day and serial as they were; it opens the order for ever."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="old_numbers")
    community = models.CharField(max_length=12, db_collation="C")
    on = models.DateField()
    serial = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "on", "serial"], name="old_number_once")]

    def __str__(self) -> str:
        return f"{self.community}-{self.on:%Y-%m%d}-{self.serial:03d}"
