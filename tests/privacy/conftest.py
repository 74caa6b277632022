"""What the tests of privacy share: a key file of their own."""

from pathlib import Path
from typing import Any

import pytest

from sandan.core.sealed import make_key


@pytest.fixture
def key_file(tmp_path: Path, settings: Any) -> Path:
    """A fresh key in a folder of this test."""
    path = tmp_path / "keys" / "seal.key"
    make_key(path)
    settings.SEAL_KEY_FILE = str(path)
    return path
