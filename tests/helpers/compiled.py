"""Statements that SQLAlchemy has compiled once in a process serve every store of it.

Each engine has compiled statements of its own, and a test a fresh engine: a sixth of the server
tests' time went into compiling the same ones again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

from server.db.store import Store

_MOST: Final = 5_000
_first: dict[str, tuple[Engine, LRUCache[Any, Any]]] = {}


def shared(store: Store) -> Store:
    """A store that knows the statements which earlier ones of its kind have compiled."""
    engine = store.engine
    first, compiled = _first.setdefault(engine.dialect.name, (engine, LRUCache(_MOST)))
    engine.dialect = first.dialect
    engine._compiled_cache = compiled
    return store


@contextmanager
def all_shared() -> Iterator[None]:
    """Every store that is made meanwhile."""
    make = Store.__init__

    def made(store: Store, *given: Any, **more: Any) -> None:
        make(store, *given, **more)
        shared(store)

    with patch.object(Store, "__init__", made):
        yield
