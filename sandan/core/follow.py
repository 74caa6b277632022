"""Become another program that ends when the parent does: `python -m sandan.core.follow PARENT_PID program words...`"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask the kernel for the parent's end as SIGTERM (kept over exec), unless the parent is gone already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() == int(sys.argv[1]):
        os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 (words of our own making)


if __name__ == "__main__":
    main()
