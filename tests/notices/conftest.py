"""What the tests of this room share."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandan.notices.channels.standin import Provider
from tests.factories import people


@pytest.fixture
def cast(db: None) -> people.Cast:
    return people.cast()


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A provider on the loopback, and the settings that lead to it."""
    standin = Provider()
    settings.SMS_URL, settings.SMS_KEY, settings.SMS_SECRET = standin.start(), standin.key, standin.secret
    yield standin
    standin.stop()
