"""Lists that an office brings: a sealed draft, what became of it and the way back; and what tells two persons apart."""

from django.db import models
from django.db.models import Q

from sandan.core.sealed import SealedBytesField
from sandan.people.models.person import Person


class PeopleImport(models.Model):
    """A list of units, members or posts: a draft until it is applied as a whole, then perhaps undone.

    `file` (the workbook, gone once applied) and `before` (JSON: what was made, what stood there) lie under seal.
    `answers` say for a row ("sheet!row") whether it is somebody already known: "new" or "p" and a person's id.
    `counts` are figures by thing: new, changed, same.
    """

    class Kind(models.TextChoices):
        UNITS = "units"
        MEMBERS = "members"
        POSTS = "posts"

    class State(models.TextChoices):
        DRAFT = "draft"
        APPLIED = "applied"
        UNDONE = "undone"

    kind = models.CharField(max_length=7, choices=Kind.choices)
    county = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=120)  # of the file
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    size = models.IntegerField()
    file = SealedBytesField(null=True)
    answers = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    counts = models.JSONField(default=dict)
    before = SealedBytesField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", applied_at__isnull=True, file__isnull=False)
                | ~Q(state="draft") & Q(applied_at__isnull=False, file__isnull=True),
                name="peopleimport_applied_once",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False) | ~Q(state="undone") & Q(undone_at__isnull=True),
                name="peopleimport_undone",
            ),
        ]
        indexes = [models.Index(fields=["county", "-id"], name="peopleimport_county")]

    def __str__(self) -> str:
        return self.name


class ImportProgress(models.Model):
    """How far an import is: a row of its own, written beside the transaction that does the work."""

    work = models.OneToOneField(PeopleImport, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)


class PersonMark(models.Model):
    """The keyed digest of an identity number that a list had: tells two persons of one name apart, and no more."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="mark")
    digest = models.BinaryField(max_length=32, unique=True)
