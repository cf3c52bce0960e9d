"""How much memory this process holds, and giving back what it no longer uses."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from functools import cache

_M_MMAP_THRESHOLD = -3  # of malloc.h


def resident_mb() -> float:
    """Memory this process holds now, MiB; its peak where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 2**10)


def return_freed() -> bool:
    """Hands freed memory back to the system; returns False where the C library cannot.

    A process that frees large and small blocks by turns, as one that encodes videos between
    episodes does, otherwise keeps ever more pages that hold little: glibc returns only what lies
    at the top of a heap (``malloc_trim(3)``).
    """
    trim = _glibc("malloc_trim")
    if trim is None:
        return False
    trim(0)
    return True


def map_large_blocks(size: int = 2**20) -> bool:
    """Gives large blocks pages of their own, which go back to the system when they are freed.

    glibc begins like that, but once one was freed it keeps such blocks in its heap, where a
    video encoder's leave holes that other blocks settle in (``mallopt(3)``, M_MMAP_THRESHOLD).

    Args:
        size: From how many bytes on a block is large.

    Returns:
        False where the C library cannot.
    """
    mallopt = _glibc("mallopt")
    return mallopt is not None and mallopt(_M_MMAP_THRESHOLD, size) == 1


@cache
def _glibc(name: str) -> Callable[..., int] | None:
    """A function of glibc's own; musl has none of them, and needs none."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), name, None)
