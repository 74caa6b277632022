"""What the browser tests need: Chromium and Chinese fonts. Installed on Debian 12 as root, named plainly elsewhere."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")
DATABASE = ("postgresql-15",)
POLICY = Path("/usr/sbin/policy-rc.d")
OLD_SERVER = "/usr/lib/postgresql/15/bin/postgres"


def missing() -> list[str]:
    """The packages that are not there, by what they bring."""
    named = os.environ.get("SANDAN_CHROMIUM", "")
    browser = any(shutil.which(name) for name in (named, *PROGRAMS) if name)
    return [name for name, there in zip(PACKAGES, (browser, has_chinese_font()), strict=True) if not there]


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font with Chinese letters."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False).stdout.strip())


def is_debian_12() -> bool:
    """Whether this is the one system whose package names we know by heart."""
    try:
        facts = platform.freedesktop_os_release()
    except OSError:
        return False
    return facts.get("ID") == "debian" and facts.get("VERSION_ID") == "12"


def may_install() -> bool:
    """Whether packages can be installed here without asking anybody."""
    return is_debian_12() and os.geteuid() == 0


def install(packages: Sequence[str]) -> bool:
    """Install packages without questions; postgresql's own cluster is not started, we use the programs alone."""
    print(f"installing {' '.join(packages)} with apt-get", file=sys.stderr, flush=True)
    env = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["apt-get", "-qq", "-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"]
    with no_services():
        for command in (["apt-get", "-qq", "update"], [*quiet, "install", *packages]):
            done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    return done.returncode == 0


@contextmanager
def no_services() -> Iterator[None]:
    """While it holds, package scripts start no service (Debian's policy-rc.d); one that is there is respected."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def old_server() -> None:
    """PostgreSQL 15's programs for the second run of the database tests, where they can be had."""
    if not os.path.exists(OLD_SERVER) and may_install():
        install(DATABASE)


def main() -> None:
    """Install or name what is missing."""
    if "--postgresql-15" in sys.argv:
        old_server()
        return
    wanted = missing()
    if wanted and may_install():
        install(wanted)
        wanted = missing()
    if wanted:
        sys.exit(
            f"the browser tests need {' and '.join(wanted)} (Debian's names). Install them with the system's own tool; "
            "another Chromium or Chrome may be named in SANDAN_CHROMIUM"
        )


if __name__ == "__main__":
    main()
