"""What all tests share."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from hypothesis import settings

from sandan.core import guards
from sandan.core.sealed import make_key
from sandan.intake import queries as catalogue

# A busy machine is no fault of the code: properties are judged by what they find, never by how long it took.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

INSTALLED = "SELECT 1 FROM pg_trigger WHERE tgname = 'core_entry_keep'"
# Tests that commit are cleaned up by TRUNCATE, which the journal refuses; its own test arms the triggers again.
ALLOW_CLEANING = """
ALTER TABLE core_entry DISABLE TRIGGER core_entry_keep_all;
ALTER TABLE core_block DISABLE TRIGGER core_block_keep_all;
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database with the journal's guards (also where it was made without migrations), and the key."""
    make_key(Path(configured.SEAL_KEY_FILE))
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(INSTALLED)
        if cursor.fetchone() is None:
            cursor.execute(guards.JOURNAL)
        cursor.execute(ALLOW_CLEANING)


@pytest.fixture(autouse=True)
def _no_copy_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process keeps is asked for again after a while; in a test only by the test of that, never by the clock."""
    for name in ("sandan.core.calendar.FRESH_SECONDS", "sandan.places.queries.copies.FRESH_SECONDS"):
        monkeypatch.setattr(name, 1e9)
    monkeypatch.setattr("sandan.intake.queries.KEEP_SECONDS", 1e9)


@pytest.fixture(autouse=True)
def _no_catalogue_of_another_test() -> None:
    """A process keeps the catalogue for half a minute; each test has its own."""
    catalogue.forget()
