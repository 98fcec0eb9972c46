"""Databases for runs that must each begin anew: one is migrated, each run has a copy of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.db.store import Store
from tests.helpers.compiled import shared
from tests.helpers.memory_store import ready_file


def migrated(folder: Path) -> Path:
    """A database file with all tables and nothing in them."""
    place = folder / "server.db"
    ready_file(f"sqlite:///{place}")
    return place


@contextmanager
def copy_of(template: Path) -> Iterator[Store]:
    """A copy of it, gone with the block."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "server.db"
        shutil.copy(template, copy)
        store = shared(Store(f"sqlite:///{copy}"))
        yield store
        store.close()
