"""How much a process keeps of what it has given back."""

from __future__ import annotations

import ctypes
from typing import Final

ARENAS: Final = 2
_M_ARENA_MAX: Final = -8
"""`malloc.h` of glibc."""


def keep_little() -> bool:
    """Have all threads take memory from a few places: glibc gives each thread one of its own, up to
    eight a core, and each keeps what a page once needed. Python lets one thread work at a time, so
    that they seldom wait for each other. Before threads are started; False where the system's
    library is another one, which has no such places.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS))
    except (AttributeError, OSError, TypeError):
        return False
