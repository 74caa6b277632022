"""What signing in keeps: wrong tries, locks, codes, second factors, sessions and links to outside logins.

Of a visitor nothing is kept that reads back as a name, a number or an address.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q

from sandan.core.sealed import SealedTextField
from sandan.people.models import Person


class LoginFailureQuerySet(models.QuerySet["LoginFailure"]):
    def since(self, at: datetime) -> "LoginFailureQuerySet":
        return self.filter(at__gte=at)


class LoginFailure(models.Model):
    """One wrong password. `account` and `source` are keyed digests: neither a name nor an address can be read back."""

    at = models.DateTimeField()
    account = models.BinaryField(max_length=32)
    source = models.BinaryField(max_length=32)

    objects = LoginFailureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="login_failure_account"),
            models.Index(fields=["source", "at"], name="login_failure_source"),
        ]


class Account(models.Model):
    """What the keeper of accounts set for somebody: a lock, or a password that must be changed first."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="account")
    locked_at = models.DateTimeField(null=True)
    must_change = models.BooleanField(default=False)


class LoginCode(models.Model):
    """Six figures for one phone, asked for by one device; rows are alike whether the number is anybody's.

    `code` is there until it was sent, then only its digest.
    """

    phone_digest = models.BinaryField(max_length=32)
    device = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    code = SealedTextField(null=True)
    at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_digest", "device", "-at"], name="logincode_phone"),
            models.Index(fields=["at"], name="logincode_unsent", condition=Q(sent_at__isnull=True)),
            models.Index(fields=["at"], name="logincode_at"),
        ]


class Factor(models.Model):
    """A second proof of who one is: an app that counts time, or a passkey. One without `confirmed_at` proves nothing.

    `secret` is the app's key (base32) or the passkey's public half (base64); `handle` finds a passkey; `counter` is the
    last step or signature counter seen: nothing at or below it is taken again.
    """

    class Kind(models.TextChoices):
        TOTP = "totp"
        PASSKEY = "passkey"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="factors", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    secret = SealedTextField()
    handle = models.BinaryField(max_length=32, null=True)
    device = models.CharField(max_length=40, blank=True)
    counter = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(kind="totp"), name="factor_one_app"),
            models.UniqueConstraint(fields=["handle"], name="factor_handle"),
            models.CheckConstraint(
                condition=Q(kind="totp", handle__isnull=True) | Q(kind="passkey", handle__isnull=False),
                name="factor_handle_of_a_passkey",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="factor_person")]


class RecoveryCode(models.Model):
    """One of ten codes on paper, each good once; a keyed digest of person and code."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField(null=True)


class Visit(models.Model):
    """One sign-in that may still last: which device, when, from roughly where. `key` is a digest of the session's key.

    `device` is a code of two words ("phone wechat"); `prefix` the front part of an address.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="visits", db_index=False)
    key = models.BinaryField(max_length=32, unique=True)
    how = models.CharField(max_length=20)
    device = models.CharField(max_length=20, blank=True)
    prefix = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], name="visit_person"),
            models.Index(fields=["seen_at"], name="visit_seen"),
        ]


class Link(models.Model):
    """A login elsewhere that stands for one of our people; `subject` is a keyed digest of who they are there."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links", db_index=False)
    provider = models.CharField(max_length=40)
    subject = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="link_subject"),
            models.UniqueConstraint(fields=["person", "provider"], name="link_once"),
        ]
