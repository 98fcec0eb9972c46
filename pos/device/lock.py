"""One writer a data folder: a file lock that dies with its process."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from core.errors import Refused


class FolderInUse(Refused):
    """Another program has this data folder open for writing."""

    code = "folder_in_use"


class FolderLock:
    """Holds `counter.lock` in the data folder until closed or the process ends."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            FolderInUse: another process holds it; `pid` names it where known.
        """
        self.path = folder / "counter.lock"
        handle = self.path.open("a+", encoding="ascii")
        if not _try_lock(handle):
            handle.seek(0)
            pid = handle.read(20).strip()
            handle.close()
            raise FolderInUse(folder=str(folder), pid=pid or "?")
        self._handle: IO[str] = handle
        handle.seek(0)
        handle.truncate()
        handle.write(str(os.getpid()))
        handle.flush()

    def release(self) -> None:
        """Give the folder free."""
        self._handle.close()


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: IO[str]) -> bool:
        # One byte far behind the pid, so that others can still read who holds the folder.
        handle.seek(1000)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(handle: IO[str]) -> bool:
        try:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
