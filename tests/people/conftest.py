"""What the tests of this room share."""

from pathlib import Path

import pytest
from django.conf import settings

from sandan.core.sealed import make_key
from tests.factories import people


@pytest.fixture(scope="session", autouse=True)
def seal_key() -> None:
    make_key(Path(settings.SEAL_KEY_FILE))


@pytest.fixture
def cast(db: None) -> people.Cast:
    return people.cast()
