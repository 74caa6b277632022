"""The login user."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from sandan.core.sealed import SealedTextField
from sandan.people.models.roles import Role


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, login: str, name: str, password: str | None = None, **extra: Any) -> "Person":
        person = self.model(login=login, name=name, **extra)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """The login user: a member, a grid worker or one of the staff. Residents need no account.

    `phone` is the work number under seal; `phone_tail` its last four digits for a colleague's eye.
    """

    login = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    name_key = models.CharField(max_length=120, db_collation="C", default="")
    phone = SealedTextField(null=True)
    phone_digest = models.BinaryField(max_length=32, null=True, unique=True)
    phone_tail = models.CharField(max_length=4, blank=True)
    skills = ArrayField(models.CharField(max_length=10), default=list)
    home = models.ForeignKey("places.Place", on_delete=models.PROTECT, null=True, related_name="+")  # a grid
    lon = models.FloatField(null=True)  # the centre of the home grid, never a flat
    lat = models.FloatField(null=True)
    reach_metres = models.IntegerField(default=1000)
    is_active = models.BooleanField(default=True)
    ends_at = models.DateTimeField(null=True)  # an account for a day or a term: from then on nobody signs in by it
    created_at = models.DateTimeField(db_default=Now())

    objects = PersonManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_outside(self) -> bool:
        """Whether the posts held now (where there is none, the last ones held) are all an outside partner's or a day's.

        Rooms below this one ask it of the user at their doors.
        """
        at = timezone.now()
        begun = [post for post in self.posts.values_list("role", "from_at", "to_at") if post[1] <= at]
        ends = {to_at for _role, _from_at, to_at in begun}
        last = max((end for end in ends if end), default=None)
        running = {role for role, _from_at, to_at in begun if to_at is None or to_at > at}
        roles = running or {role for role, _from_at, to_at in begun if to_at == last}
        return bool(roles) and roles <= {Role.PARTNER.value, Role.DAY_WORKER.value}

    def has_ended(self, at: datetime) -> bool:
        """Whether the account's own time is over: no login, no session, no post counts."""
        return self.ends_at is not None and self.ends_at <= at
