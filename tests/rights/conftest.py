"""One world for all tests of this folder: made once, and every request is rolled back to a savepoint."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.rights.cast import World
from tests.rights.world import a_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of the battery; nothing of it outlives the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield a_world()
        transaction.set_rollback(True)
    connection.close()


@pytest.fixture(autouse=True)
def _nobody_grows_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the battery takes longer than a desk may sit idle."""
    for name in ("DESK_IDLE", "SEALED_IDLE"):
        monkeypatch.setattr(f"sandan.front.views.guarding.{name}", timedelta(days=1))
