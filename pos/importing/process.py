"""Reading in a process of its own, so that no file can stop or end the counter.

The rows come back in small blocks: unpacking one holds the interpreter lock for a few
milliseconds, never for as long as the window would show.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import msgspec

from core.errors import Refused
from pos.importing.errors import FileTooLarge, FileUnreadable, ImportCancelled
from pos.importing.limits import MAX_READER_BYTES, MAX_READING_SECONDS
from pos.importing.model import Row, Sheet, Table
from pos.importing.reading import read_table

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

_BLOCK = 1_000
_POLL_SECONDS = 0.05


def read_in_process(
    path: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> Table:
    """Read a table as `reading.read_table` does, in another process; blocks the calling thread.

    `progress` hears (rows received, rows in all). `cancelled` is asked some twenty times a second.

    Raises:
        ImportCancelled: `cancelled` said so; the reading process is gone.
        FileUnreadable, FileTooLarge: the file ended the reading process.
        Refused: whatever `read_table` refuses.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_serve, args=(str(path), theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        return _receive(_Incoming(path, ours, child, cancelled or _never), progress or _unheard)
    finally:
        ours.close()
        child.kill()
        child.join()


def _never() -> bool:
    return False


def _unheard(_done: int, _total: int) -> None:
    return None


class _Incoming:
    """The messages of the reading process, or the reason why there are no more."""

    def __init__(
        self, path: Path, source: Connection, child: BaseProcess, cancelled: Cancelled
    ) -> None:
        self._path = path
        self._source = source
        self._child = child
        self._cancelled = cancelled
        self._ends = time.monotonic() + MAX_READING_SECONDS

    def next(self) -> Any:
        """Wait for the next message."""
        try:
            while not self._source.poll(_POLL_SECONDS):
                self._look_around()
            self._look_around()
            return self._source.recv()
        except (EOFError, OSError):
            raise self._death() from None

    def _look_around(self) -> None:
        if self._cancelled():
            raise ImportCancelled(file=self._path.name)
        if time.monotonic() > self._ends:
            raise FileTooLarge(file=self._path.name, limit="time")

    def _death(self) -> Refused:
        self._child.join(1)
        if (self._child.exitcode or 0) < 0:
            return FileTooLarge(file=self._path.name, limit="memory")
        return FileUnreadable(file=self._path.name)


def _receive(incoming: _Incoming, progress: Progress) -> Table:
    first = incoming.next()
    if not isinstance(first, Table):
        kind, details = first
        raise kind(**details)
    sizes = incoming.next()
    total, done = sum(sizes), 0
    sheets = []
    for empty, size in zip(first.sheets, sizes, strict=True):
        rows: list[Row] = []
        while len(rows) < size:
            rows.extend(incoming.next())
            progress(done + len(rows), total)
        done += size
        sheets.append(Sheet(empty.name, tuple(rows)))
    return msgspec.structs.replace(first, sheets=tuple(sheets))


def _serve(path: str, out: Connection) -> None:
    """Run in the reading process: send the table without its rows, then the rows in blocks."""
    gc.disable()
    _limit_memory()
    _hush()
    with contextlib.suppress(BrokenPipeError):
        try:
            table = read_table(Path(path))
        except Refused as refusal:
            out.send((type(refusal), refusal.details))
            return
        except MemoryError:
            out.send((FileTooLarge, {"file": Path(path).name, "limit": "memory"}))
            return
        bare = tuple(Sheet(sheet.name, ()) for sheet in table.sheets)
        out.send(msgspec.structs.replace(table, sheets=bare))
        out.send([len(sheet.rows) for sheet in table.sheets])
        for sheet in table.sheets:
            for start in range(0, len(sheet.rows), _BLOCK):
                out.send(sheet.rows[start : start + _BLOCK])


def _hush() -> None:
    """Keep what the reader says of its own troubles off the counter's terminal."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def _limit_memory() -> None:
    """Bound this process where the system can; elsewhere only `spreadsheet.guard` stands."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MAX_READER_BYTES, MAX_READER_BYTES))
