"""Pictures that have come in part: a file each, beside the database, until they are whole.

A whole picture goes into the database in one transaction; a part is worth nothing but the time to
fetch it again. So a file that was cut off or spoiled by a power cut does no harm: what it leads to
does not have the copy's hash, and is fetched anew.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from core.sync.pictures import COPY_BYTES

FOLDER = "picture-parts"
_HASH_BYTES = 32
_SUFFIX = ".part"


class Part(NamedTuple):
    """The first bytes of a copy, and the whole copy's hash (empty: nothing has come)."""

    copy: bytes = b""
    data: bytes = b""


class Parts:
    """The part files of one data folder."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the counter's data folder."""
        self._folder = folder / FOLDER

    def read(self, name: bytes) -> Part:
        """What has come of a picture; nothing where the file is not there or none of ours."""
        try:
            found = self._file(name).read_bytes()
        except OSError:
            return Part()
        if len(found) <= _HASH_BYTES or len(found) > _HASH_BYTES + COPY_BYTES:
            return Part()
        return Part(found[:_HASH_BYTES], found[_HASH_BYTES:])

    def begin(self, name: bytes, copy: bytes, data: bytes) -> None:
        """Write the first part.

        Raises:
            OSError: no room, or no right to write.
        """
        self._folder.mkdir(exist_ok=True)
        self._file(name).write_bytes(copy + data)

    def add(self, name: bytes, data: bytes) -> None:
        """Write the part that follows.

        Raises:
            OSError: no room, or no right to write.
        """
        with self._file(name).open("ab") as file:
            file.write(data)

    def drop(self, name: bytes) -> None:
        """Forget what has come of a picture."""
        self._file(name).unlink(missing_ok=True)

    def keep_only(self, names: Collection[bytes]) -> None:
        """Remove the files of all other pictures: nobody shows them any more."""
        if not self._folder.is_dir():
            return
        kept = {self._file(name).name for name in names}
        for file in self._folder.glob(f"*{_SUFFIX}"):
            if file.name not in kept:
                file.unlink(missing_ok=True)

    def _file(self, name: bytes) -> Path:
        return self._folder / f"{name.hex()}{_SUFFIX}"
