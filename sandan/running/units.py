"""`sandan unit`: files for systemd, filled in for this machine; it needs no database."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "data"
FIRST_FREE_PORT = 1024  # below it a port asks for a capability
KINDS = {"serve": "sandan.service", "backup": "sandan-backup.service", "timer": "sandan-backup.timer"}
HARDENING = """NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM"""


@dataclass(frozen=True)
class Site:
    """Where things are on this machine, and where the pages are to be found."""

    program: Path = Path("/opt/sandan/.venv/bin/sandan")
    home: Path = Path("/var/lib/sandan")
    user: str = "sandan"
    settings: Path = Path("/etc/sandan.env")
    host: str = "0.0.0.0"  # noqa: S104 (serve refuses it without HTTPS)
    port: int = 443


def unit(kind: str, site: Site) -> str:
    """The text of one file: "serve", "backup" or "timer"."""
    home = site.home
    in_homes = any(path.is_relative_to(top) for path in (site.program, home) for top in ("/home", "/root"))
    state = home.relative_to("/var/lib") if home.is_relative_to("/var/lib") else None
    facts = {name: str(value) for name, value in asdict(site).items()}
    capability = "CAP_NET_BIND_SERVICE" if site.port < FIRST_FREE_PORT else ""
    facts |= {"capability": f"AmbientCapabilities={capability}\nCapabilityBoundingSet={capability}"}
    facts |= {"writable": f"StateDirectory={state}\nStateDirectoryMode=0700" if state else f"ReadWritePaths={home}"}
    facts |= {"hardening": HARDENING.format(home="read-only" if in_homes else "yes")}
    return Template((FOLDER / KINDS[kind]).read_text(encoding="utf-8")).substitute(facts)


def _asked(words: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="sandan unit", description="显示 systemd 的单元文件，填好了本机的路径")
    parser.add_argument("kind", choices=KINDS, nargs="?", default="serve", help="服务、备份、每晚的定时（默认 serve）")
    here = Site(program=Path(sys.executable).parent / "sandan", home=Path(os.environ.get("SANDAN_HOME", Site.home)))
    parser.add_argument("--program", type=Path, default=here.program)
    parser.add_argument("--home", type=Path, default=here.home)
    parser.add_argument("--user", default=here.user, help="运行它的系统账户（默认 sandan）")
    parser.add_argument("--settings", type=Path, default=here.settings, help="环境变量文件")
    parser.add_argument("--host", default=here.host, help="监听地址；放在代理后面用 127.0.0.1")
    parser.add_argument("--port", type=int, default=here.port, help="端口；放在代理后面用 8000")
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Print one file."""
    asked = vars(_asked(words))
    kind = asked.pop("kind")
    print(unit(kind, Site(**asked | {name: asked[name].absolute() for name in ("program", "home")})), end="")
    return 0
