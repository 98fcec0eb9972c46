"""What stands in for files, clocks and slow set-up while runs are made in this process.

The code under test is the product's own; only where it touches the machine is something put in
its place: connections that can be killed, tables copied from a template instead of migrated each
time, the real monotonic clock replaced by one that follows from the seed.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pos.journal.mending as mending
import pos.journal.refold as refold
import pos.opening as opening
import pos.sync.goback as goback
import pos.sync.indexing as indexing
import pos.sync.picture_pace as picture_pace
import pos.sync.rebase as rebase
import pos.sync.rounds as rounds
import pos.sync.touched as touched
import server.db.transaction as server_transaction
import server.pictures.taking as taking
import server.sync.allotments as allotments
import server.sync.journal as server_journal
import server.sync.verifying as verifying
from pos.db import database
from pos.db.database import Database, open_database
from pos.db.schema import metadata
from server.pictures.decoding import Decoded, Unreadable, decode
from server.pictures.refusals import BadPicture
from tests.helpers.compiled import shared
from tests.helpers.counter_tables import counter_image
from tests.helpers.memory_disk import memory_disk
from tests.helpers.memory_store import memory_store
from tests.simulation.nature import FusedConnection, log_size
from tests.simulation.serverside import fused_quick


class Ticks:
    """A monotonic clock in seconds whose steps the seed decides: some transactions seem slow."""

    def __init__(self) -> None:
        """Still, until a run sets it."""
        self.step: Any = lambda: 0.0
        self._now = 0.0

    def __call__(self) -> float:
        """The time, a step later."""
        self._now += self.step()
        return self._now


TICKS = Ticks()


@cache
def _folded_image() -> bytes:
    db = open_database(None)
    metadata.create_all(db.connection)
    image: bytes = db.raw.serialize()
    db.close()
    return image


def _open(path: Path | None, *, read_only: bool = False) -> Database:
    """A counter's file; on a disk of memory there is nothing to wait for, so nothing is synced."""
    assert path is not None and not read_only
    if not path.exists():
        path.write_bytes(counter_image())
    raw = sqlite3.connect(
        path,
        isolation_level=None,
        timeout=0.0,
        check_same_thread=False,
        cached_statements=256,
        factory=FusedConnection,
    )
    database.make_durable(raw)
    raw.on_memory()
    raw.wal = path.with_name(path.name + "-wal")
    raw.synced = log_size(raw.wal)  # what is read after a start is what the disk has
    raw.execute("PRAGMA foreign_keys=ON")
    return Database(raw)


def _open_empty(path: Path | None) -> Database:
    assert path is None
    db = open_database(None)
    db.raw.deserialize(_folded_image())
    db.raw.execute("PRAGMA foreign_keys=ON")
    return db


@cache
def _read_picture(original: bytes) -> Decoded:
    """What the process beside the server does with a picture, in this one."""
    try:
        return decode(original)
    except Unreadable as error:
        raise BadPicture(why=error.why) from error


def _nothing(*_: Any) -> None:
    return None


@contextmanager
def rigged() -> Iterator[Path]:
    """Everything put in place; gives a folder for a run's files, on a disk of memory if any."""
    applied = rounds.apply_page

    def apply_page(db: Database, *given: Any, **more: Any) -> Any:
        assert isinstance(db.raw, FusedConnection)
        return applied(db, *given, **{"clock": db.raw.clock} | more)

    with ExitStack() as stack:
        for owner, name, value in (
            (opening, "open_database", _open),
            (refold, "open_database", _open_empty),
            (refold, "metadata", SimpleNamespace(create_all=_nothing)),
            (rounds, "apply_page", apply_page),
            (server_transaction, "quick", fused_quick),
            (taking, "read_picture", _read_picture),
            # A tiny picture has several parts.
            (picture_pace, "FIRST_BYTES", 512),
            (picture_pace, "LEAST_BYTES", 256),
            (picture_pace, "MOST_BYTES", 768),
            # What a restored server has lost goes back in several steps.
            (goback, "STEP_ENTRIES", 3),
            # What differs once all is folded again is written in several slices.
            (mending, "SLICE_ROWS", 4),
            # An import of more than one is taken back by folding again; words come behind it.
            (touched, "MOST_TAKEN_BACK", 1),
            # Under a few movements that wait others' are folded; under more all is folded again.
            (rebase, "MOST_LIFTED", 8),
            (indexing, "AT_ONCE", 1),
            # A till that comes or goes has its shop's few limits dealt anew in several steps.
            (allotments, "A_STEP", 1),
            (server_journal, "time", SimpleNamespace(monotonic=TICKS)),
            (verifying, "Store", lambda url: shared(memory_store())),
            (verifying, "_empty_file", bytes),
        ):
            stack.enter_context(patch.object(owner, name, value))
        stack.enter_context(patch.dict(os.environ))
        place = tempfile.TemporaryDirectory(prefix="huyula-sim-", dir=memory_disk())
        yield Path(stack.enter_context(place))
