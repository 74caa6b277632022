"""What the tests of the order room share."""

import pytest

from tests.factories import people

pytest.register_assert_rewrite("tests.orders.machine_checks")  # its asserts say why, as a test's do


@pytest.fixture
def cast(db: None) -> people.Cast:
    return people.cast()
