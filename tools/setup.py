"""Make .venv with exactly the locked packages. Standard library only; needs neither pip nor ensurepip nor venv.

Where uv is missing, its wheel is fetched from the configured package index and must have the digest written here.
uv is told never to download a Python. A second run finds the stamp of the first and ends at once.
"""

import base64
import hashlib
import html
import os
import platform
import re
import shutil
import ssl
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from configparser import ConfigParser, Error
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import NoReturn

TOP = Path(__file__).resolve().parent.parent
VENV = TOP / ".venv"
TOOLS = TOP / ".venv-tools"
STAMP = VENV / "sandan.stamp"
UV = "0.13.9"
WHEELS = {
    "x86_64": (
        f"uv-{UV}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "aarch64": (
        f"uv-{UV}-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
}
PUBLIC_INDEX = "https://pypi.org/simple"  # pip's own default; every setting below stands above it
PIP_FILES = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")


def say(text: str) -> None:
    """One line about progress."""
    print(text, file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    """End with one clear sentence."""
    sys.exit(f"make setup: {text}")


class Links(HTMLParser):
    """The addresses on a page of a package index."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what an <a> points to."""
        self.found += [html.unescape(value or "") for name, value in attrs if tag == "a" and name == "href"]


def pip_settings() -> dict[str, str]:
    """The [global] part of pip's own files, the later file above the earlier."""
    found: dict[str, str] = {}
    for name in (*PIP_FILES, os.environ.get("PIP_CONFIG_FILE", "")):
        parser = ConfigParser(interpolation=None)
        try:
            if name and parser.read(Path(name).expanduser(), encoding="utf-8") and parser.has_section("global"):
                found |= dict(parser["global"])
        except Error:
            say(f"{name} is not readable as a pip configuration; going on without it")
    return found


def indexes() -> list[str]:
    """The package indexes to ask, as the machine's owner set them, the chosen one first."""
    env, pip = os.environ, pip_settings()
    main = env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL") or env.get("PIP_INDEX_URL") or pip.get("index-url")
    extra = f"{env.get('UV_INDEX', '')} {env.get('PIP_EXTRA_INDEX_URL', '')} {pip.get('extra-index-url', '')}"
    return [
        index.split("=", 1)[-1] if "=" in index.split("://")[0] else index
        for index in (main or PUBLIC_INDEX, *extra.split())
    ]


def context() -> ssl.SSLContext:
    """Certificates of the system, or the file that pip or the system was told to use."""
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("PIP_CERT") or pip_settings().get("cert")
    return ssl.create_default_context(cafile=named or None)


def fetch(address: str) -> bytes:
    """The bytes at an address; a name and password inside it are sent as basic authorisation."""
    parts = urllib.parse.urlsplit(address)
    headers = {"User-Agent": f"sandan-setup uv/{UV}", "Accept": "text/html, */*;q=0.1"}
    if parts.username:
        login = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=120, context=context()) as answer:
        return answer.read()


def keep_login(address: str, index: str) -> str:
    """A link on the index's own host gets the name and password that the index's address bears."""
    link, home = urllib.parse.urlsplit(address), urllib.parse.urlsplit(index)
    same = link.hostname == home.hostname and home.username and not link.username
    return link._replace(netloc=home.netloc).geturl() if same else address


def wheel_from(index: str, name: str) -> bytes:
    """The wheel's bytes from one index, found on its simple page."""
    page = f"{index.rstrip('/')}/uv/"
    links = Links()
    links.feed(fetch(page).decode("utf-8", "replace"))
    for link in links.found:
        address = urllib.parse.urljoin(page, link.split("#")[0])
        if urllib.parse.unquote(address.rsplit("/", 1)[-1]) == name:
            return fetch(keep_login(address, page))
    raise LookupError(name)


def wheel() -> bytes:
    """uv's wheel for this machine with the pinned digest."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform != "linux" or machine not in WHEELS:
        stop(f"no pinned uv for {sys.platform} {machine}; install uv {UV} yourself and run this again")
    name, digest = WHEELS[machine]
    for index in indexes():
        for pause in (0, 2, 5):
            time.sleep(pause)
            try:
                content = wheel_from(index, name)
            except (urllib.error.HTTPError, LookupError):
                break
            except (OSError, ValueError):
                continue
            if hashlib.sha256(content).hexdigest() == digest:
                return content
            stop(f"{name} from the configured package index has another digest than the pinned one: not used")
    stop(f"the configured package index did not give {name}; set PIP_INDEX_URL to one that does")


def version_of(program: Path | str) -> str:
    """What a uv says its version is; empty when it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    except OSError:
        return ""
    found = re.match(r"uv (\S+)", said)
    return found[1] if found else ""


def uv() -> str:
    """A uv of the pinned version: the one on the path, ours of an earlier run, or a freshly fetched one."""
    ours = TOOLS / "uv"
    for known in (shutil.which("uv"), ours):
        if known and version_of(known) == UV:
            return str(known)
    say(f"fetching uv {UV}")
    TOOLS.mkdir(exist_ok=True)
    with zipfile.ZipFile(BytesIO(wheel())) as archive:
        half = TOOLS / "uv.half"
        half.write_bytes(archive.read(f"uv-{UV}.data/scripts/uv"))
    half.chmod(half.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    half.replace(ours)
    return str(ours)


def environment() -> dict[str, str]:
    """The settings for uv: never another Python, and the index that pip was told to use when uv was told none."""
    env = dict(os.environ) | {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "UV_LINK_MODE": "copy"}
    env.pop("VIRTUAL_ENV", None)
    if not env.get("UV_DEFAULT_INDEX") and not env.get("UV_INDEX_URL"):
        main, *extra = indexes()
        env |= {"UV_DEFAULT_INDEX": main} | ({"UV_INDEX": " ".join(extra)} if extra else {})
    cert = env.get("PIP_CERT") or pip_settings().get("cert")
    if cert and not env.get("SSL_CERT_FILE"):
        env["SSL_CERT_FILE"] = cert
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")  # the digests decide, not the order of the indexes
    return env


def wish() -> str:
    """What the stamp must say: the lock, the project file, this script, the Python and the place."""
    parts = [(TOP / name).read_bytes() for name in ("requirements.lock", "pyproject.toml", "tools/setup.py")]
    return hashlib.sha256(b"\0".join([*parts, sys.version.encode(), str(TOP).encode()])).hexdigest()


def base_python() -> str:
    """The Python that runs this script, without the virtual environment it may stand in."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def main() -> None:
    """Do what is missing."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an older system Python may well be the one that runs this)
        stop(f"Python 3.11 or newer is needed, this is {platform.python_version()}; try make PYTHON=python3.12 setup")
    if STAMP.exists() and STAMP.read_text() == wish() and (VENV / "bin" / "python").exists():
        return
    program, env = uv(), environment()
    python = str(VENV / "bin" / "python")
    steps: list[list[str]] = []
    if version_in(VENV) != platform.python_version():
        steps.append(["venv", "--quiet", "--clear", "--no-python-downloads", "--python", base_python(), str(VENV)])
    say("installing the locked packages into .venv")
    install = ["pip", "install", "--python", python]
    steps.append([*install, "--require-hashes", "--only-binary", ":all:", "-r", str(TOP / "requirements.lock")])
    steps.append([*install, "--no-deps", "--no-build-isolation", "-e", str(TOP)])
    for step in steps:
        if subprocess.run([program, *step], env=env, cwd=TOP, check=False).returncode:
            stop(f"uv {step[0]} did not succeed; what it said stands above")
    STAMP.write_text(wish())


def version_in(venv: Path) -> str:
    """The full version of the Python an environment was made with; empty when there is none that runs."""
    config = venv / "pyvenv.cfg"
    if not config.exists() or not (venv / "bin" / "python").exists():
        return ""
    found = re.search(r"^version(?:_info)? *= *([\d.]+)", config.read_text(), re.MULTILINE)
    return found[1] if found else ""


if __name__ == "__main__":
    main()
