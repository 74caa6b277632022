"""The guards that tests install by hand and those of the migration are one text."""

from importlib import import_module

from sandan.core import guards


class TestGuards:
    def test_are_those_of_the_migration(self) -> None:
        migration = import_module("sandan.core.migrations.0003_append_only")
        assert (migration.INSTALL, migration.REMOVE) == (guards.JOURNAL, guards.NO_JOURNAL)
