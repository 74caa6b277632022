"""What the tests of this room share."""

from collections.abc import Iterator

import pytest

from sandan.intake import queries
from tests.factories import intake, people


@pytest.fixture(autouse=True)
def fresh_catalogue() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def catalogue(db: None) -> None:
    intake.a_catalogue()


@pytest.fixture
def cast(db: None) -> people.Cast:
    return people.cast()
