"""Styles, scripts and pictures gathered for the web server, again only when one of them changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Fill STATIC_ROOT when the files differ from the last time; true when there was work."""
    wanted, stamp = _digest(), Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)
    return True


def _digest() -> str:
    """A digest over name, size and time of every file the finders know, and the way they are stored."""
    facts = [str(settings.STORAGES["staticfiles"]["BACKEND"])]
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            facts.append(f"{name} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(facts)).encode()).hexdigest()
