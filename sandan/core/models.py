"""What every room stands on: the journal, its chain, who looked at what, and the days of the working calendar."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One line of the journal: ids, codes and digests only. The database refuses to change or delete it.

    `era` and `tx` are filled by a trigger: the cluster's identifier and the transaction's number. All transactions
    below the oldest one still running are finished, so lines are sealed in (era, tx, id) order without any waiting.
    """

    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    subject = models.CharField(max_length=40)  # app label and model: "orders.order"
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=40)
    actor = models.CharField(max_length=20)  # person | asker | clock | system
    actor_id = models.BigIntegerField(null=True)
    scope = models.CharField(max_length=17, db_collation="C")
    facts = models.JSONField(default=dict)
    era = models.BigIntegerField(default=0)
    tx = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "subject_id", "id"], name="entry_subject"),
            models.Index(fields=["era", "tx", "id"], name="entry_chain"),
            models.Index(fields=["actor_id", "at"], name="entry_actor", condition=models.Q(actor="person")),
        ]


class Block(models.Model):
    """A sealed run of journal lines: every line with from_tx <= tx < to_tx of its era, chained to the block before."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    era = models.BigIntegerField()
    from_tx = models.BigIntegerField()
    to_tx = models.BigIntegerField()
    line_count = models.IntegerField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)


class Look(models.Model):
    """Somebody read a contact or sealed field. Residents may ask who."""

    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    why = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id", "at"], name="look_subject")]


class Day(models.Model):
    """A day of the yearly holiday plan that an office loaded itself; it stands above the library's table."""

    on = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=40, blank=True)


class Counter(models.Model):
    """Serial numbers of release 0.1; since then `core.serials` asks the rows themselves. Goes with the next release."""

    key = models.CharField(max_length=40)
    on = models.DateField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "on"], name="counter_key_on")]


class Tally(models.Model):
    """How often something of a kind was done from one source in one stretch of time. The source is a keyed digest."""

    kind = models.CharField(max_length=20)
    source = models.BinaryField(max_length=32)
    since = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source", "since"], name="tally_one")]
        indexes = [models.Index(fields=["since"], name="tally_since")]


class KindFile(models.Model):
    """A file of reference data that was loaded, with its digest, so that `sandan load` can say what changed."""

    name = models.CharField(max_length=80, primary_key=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(db_default=Now())
    tags = ArrayField(models.CharField(max_length=40), default=list)


class Erasure(models.Model):
    """One run of one rule of forgetting: what was past its time, how much was erased, what is left over.

    `digest` grows with every batch: SHA-256 over the one before and the names of the rows erased ("table:id"), so the
    rows that a list names can be proved to be those that went, and no row's content is kept for it.
    """

    rule = models.CharField(max_length=20)
    at = models.DateTimeField()
    cutoff = models.DateTimeField()  # what ended before is past its time
    count = models.IntegerField(default=0)  # rows that lost something
    digest = models.BinaryField(max_length=32, default=bytes(32))
    ended_at = models.DateTimeField(null=True)  # null: the run was cut short, what it erased is counted all the same
    left = models.IntegerField(null=True)  # rows past their time that still hold what should be gone

    class Meta:
        indexes = [models.Index(fields=["rule", "-id"], name="erasure_rule")]


class KeyChange(models.Model):
    """A rotation of the sealing key: since when, and how many rows were sealed anew; the key itself is never here."""

    key_id = models.CharField(max_length=8, unique=True)
    at = models.DateTimeField()
    row_count = models.IntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
