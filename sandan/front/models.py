"""Failed logins, so that guessing a password becomes slow; nothing else of a visitor is kept."""

from datetime import datetime

from django.db import models


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
