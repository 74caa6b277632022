"""CPU time out of /proc: a process and everything below it, also what has ended meanwhile."""

import os
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
PPID, TIMES = 1, slice(11, 15)  # fields after the name: state, ppid, ..., utime, stime, cutime, cstime


class NotHere(RuntimeError):
    """The database's processes are not on this machine."""


def _fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name, which may hold blanks and brackets; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def spent_ms(*roots: int) -> float:
    """User and system milliseconds of these processes and all their descendants, living or waited for."""
    stats = {int(entry.name): _fields(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdecimal()}
    below: dict[int, list[int]] = {}
    for pid, fields in stats.items():
        if fields:
            below.setdefault(int(fields[PPID]), []).append(pid)
    left, ticks = list(roots), 0
    while left:
        pid = left.pop()
        ticks += sum(int(field) for field in stats.get(pid, [])[TIMES])
        left += below.get(pid, [])
    return ticks * TICK_MS


def parent_of(backend: int) -> int:
    """The PostgreSQL server that a backend of ours belongs to; raises NotHere for one on another machine."""
    fields = _fields(backend)
    name = Path(f"/proc/{backend}/comm")
    if not fields or "postgres" not in name.read_text():
        raise NotHere("The database runs on another machine: its CPU time cannot be read here.")
    return int(fields[PPID])
