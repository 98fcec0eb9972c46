"""A disk of memory for what tests write: no test waits until a disk has it.

What a killed process left is there all the same; only a power cut would tell the difference, and
those are played, not had.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")
_NAME: Final = "huyula-tests-"
ROOM: Final = 4 << 30
"""Bytes that must be free: a whole run needs some hundred megabytes for each worker at most."""


def memory_disk() -> Path | None:
    """The folder in memory, None where there is none or not enough of it."""
    if not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK):
        return None
    return _MEMORY if shutil.disk_usage(_MEMORY).free > ROOM else None


def temporary_folder() -> Path | None:
    """A folder there for the temporary files of this process and its children; what runs that are
    over have left is removed."""
    memory = memory_disk()
    if memory is None:
        return None
    for left in memory.glob(f"{_NAME}*"):
        if not _runs(left.name.removeprefix(_NAME)):
            shutil.rmtree(left, ignore_errors=True)
    folder = memory / f"{_NAME}{os.getpid()}"
    # Others must get through: PostgreSQL's programs run as somebody else.
    folder.mkdir(mode=0o755)
    return folder


def _runs(number: str) -> bool:
    # One of this process's own number was another's, long ago.
    return number != str(os.getpid()) and Path(f"/proc/{number}").exists()
