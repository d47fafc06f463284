"""A child process that outlives its parent would hold ports, models and jobs: on Linux the kernel ends it."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1
# Found before a fork: a child that is about to start its program may not import anything.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Called in the child. The kernel means the *thread* that started it, not the parent's whole process."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
