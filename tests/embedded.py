"""A plugin of pytest: the tests' own embedded PostgreSQL, key and home folder; nothing is written into var/."""

import atexit
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from sandan import cluster
from sandan.core.sealed import make_key

_home: Path | None = None
_cluster: cluster.Cluster | None = None


def pytest_addoption() -> None:
    """Prepare the environment: the one hook that runs before pytest-django reads the settings."""
    global _home, _cluster
    if "SANDAN_TEST_HOME" in os.environ:  # a worker of xdist: it inherits what the first process made
        return
    atexit.register(leave)  # also where the tests cannot even be collected
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    _home = Path(tempfile.mkdtemp(prefix="sandan-test-"))
    os.environ["SANDAN_TEST_HOME"] = os.environ["SANDAN_HOME"] = str(_home)
    os.environ["SANDAN_SEAL_KEY_FILE"] = str(_home / "seal.key")
    make_key(_home / "seal.key")
    (_home / "static").mkdir()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "sandan.settings",
        "SANDAN_SECRET_KEY": "a key for tests alone, fifty letters long, no more 0123",
        "SANDAN_POOL": "0",
        "SANDAN_SECOND_FACTOR": "offered",  # what it asks for where it is required has tests of its own
        "SANDAN_PLAIN_STATIC": "1",
    }
    for name in ("SANDAN_DEBUG", "SANDAN_DEMO", "SANDAN_HTTPS", "SANDAN_CERT", "SANDAN_KEY", "SANDAN_PROXIES"):
        os.environ.pop(name, None)
    if not os.environ.get("DATABASE_URL"):
        try:
            _cluster = cluster.start(_home, for_tests=True)
        except cluster.ClusterError as error:
            raise pytest.UsageError(str(error)) from error
        os.environ["DATABASE_URL"] = _cluster.ensure_database("sandan")


def leave() -> None:
    """Stop and delete what this process started; a worker of xdist started nothing."""
    if _cluster is not None:
        _cluster.destroy()
    if _home is not None:
        shutil.rmtree(_home, ignore_errors=True)
