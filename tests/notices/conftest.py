"""What the tests of this room share."""

import pytest

from tests.factories import people


@pytest.fixture
def cast(db: None) -> people.Cast:
    return people.cast()
