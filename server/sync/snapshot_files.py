"""Parts of snapshots as files that the processes of one server share.

Whoever deals connections out to processes knows nothing of counters: each request of one may lie
with another process than the one that made the snapshot. A part is what its name says for ever, so
nobody need ask whose it is; those of a snapshot stay a while when the shop goes on.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

MOST_BYTES: Final = 128 * 1024 * 1024
"""Of all shops together, since the folder may lie in memory; those that were made or wanted again
longest ago give way."""

_log = logging.getLogger("huyula.sync")


class _Found(NamedTuple):
    file: Path
    at: float
    size: int


class SnapshotFiles:
    """The parts that any process of this server has made lately."""

    def __init__(self, shared: Path | None) -> None:
        """In a folder within `shared`; None where there is but one process, which needs none."""
        self._folder = None if shared is None else shared / "snapshots"

    def keep(self, shop: bytes, chunks: Mapping[bytes, bytes]) -> None:
        """Put the parts of a snapshot there, by their hashes. Where the disk takes none, this
        process alone has them."""
        if self._folder is None:
            return
        place = self._folder / shop.hex()
        try:
            place.mkdir(parents=True, exist_ok=True)
            for name, body in chunks.items():
                _put(place / name.hex(), body)
            self._sweep()
        except OSError as error:
            _log.warning("parts of a snapshot are not shared: %s", error)

    def find(self, shop: bytes, name: bytes) -> bytes | None:
        """A part of a snapshot of the shop, None where there is none (any more)."""
        if self._folder is None:
            return None
        try:
            return (self._folder / shop.hex() / name.hex()).read_bytes()
        except OSError:
            return None

    def _sweep(self) -> None:
        found = sorted(self._all(), key=lambda one: one.at)
        size = sum(one.size for one in found)
        for one in found:
            if size <= MOST_BYTES:
                return
            one.file.unlink(missing_ok=True)
            size -= one.size

    def _all(self) -> Iterator[_Found]:
        assert self._folder is not None
        for file in self._folder.glob("*/*"):
            with suppress(FileNotFoundError):  # another process sweeps, too
                status = file.stat()
                yield _Found(file, status.st_mtime, status.st_size)


def _put(file: Path, body: bytes) -> None:
    """Under its name only once it is whole; what is there already is as if it were new."""
    with suppress(FileNotFoundError):
        os.utime(file)
        return
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as written:
        written.write(body)
    Path(name).replace(file)
