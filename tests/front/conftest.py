"""People and places that the front's tests are told with."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from sandan.core import sealed
from sandan.people.models import Person, Post, Role
from sandan.places.models import Place

NOON = datetime(2026, 8, 10, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
COMMUNITY = "140106001001"
PASSWORD = "a-quiet-evening-4"
PHONE = "16400990121"


@pytest.fixture(autouse=True)
def seal_key(tmp_path: Path, settings: Any) -> Any:
    settings.SEAL_KEY_FILE = str(tmp_path / "seal.key")
    sealed.make_key(tmp_path / "seal.key")
    sealed._keys.cache_clear()
    yield
    sealed._keys.cache_clear()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A hash that costs nothing: what is tested is who gets in, not how slow guessing is."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clerk(db: None) -> Person:
    """A dispatcher with a login and a work phone."""
    person = Person.objects.create_user(
        "zhoumin", "周敏", PASSWORD, phone=PHONE, phone_digest=sealed.digest(PHONE, "phone"), phone_tail="0121"
    )
    Post.objects.create(
        person=person, role=Role.DISPATCHER, scope=COMMUNITY, from_at=timezone.now() - timedelta(days=9)
    )
    return person


@pytest.fixture
def community(db: None) -> Place:
    return Place.objects.create(
        code=COMMUNITY, kind=Place.Kind.COMMUNITY, name="造纸厂社区", name_key="zaozhichang", phone="03514040110"
    )


@pytest.fixture
def keeper(db: None) -> Person:
    """The keeper of the accounts of the clerk's county."""
    person = Person.objects.create_user("keeper", "管安全", PASSWORD)
    Post.objects.create(person=person, role=Role.SECURITY, scope="140106", from_at=timezone.now() - timedelta(days=9))
    return person
