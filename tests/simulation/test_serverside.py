"""The server of a run may die at each of its statements, whichever way the product sends them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from sqlalchemy import select

from server.db import transaction
from server.db.schema.directory import rate
from server.db.transaction import Tx
from tests.simulation import serverside
from tests.simulation.nature import Fuse, Killed

_COUNTED = select(rate.c.count)
WAYS: dict[str, Callable[[Tx], object]] = {
    "one row": lambda tx: tx.insert(rate, bucket="a", window_ms=1, count=1),
    "one new row": lambda tx: tx.insert_new(rate, bucket="a", window_ms=1, count=1),
    "rows in bulk": lambda tx: tx.insert_columns(
        rate, {"bucket": ["a", "b"], "window_ms": [1, 1], "count": [1, 1]}
    ),
    "a question": lambda tx: tx.rows(_COUNTED),
}


@pytest.mark.parametrize("again", [False, True], ids=["first", "compiled"])
@pytest.mark.parametrize("way", WAYS)
def test_a_process_may_die_at_a_statement(
    way: str, monkeypatch: pytest.MonkeyPatch, *, again: bool
) -> None:
    monkeypatch.setattr(transaction, "quick", serverside.fused_quick)
    fuse = Fuse()
    store = serverside.lasting_store(serverside._template(), random.Random(1), fuse)
    if again:
        with store.directory() as tx:
            WAYS[way](tx)
            tx.run(rate.delete())
    with pytest.raises(Killed), store.directory() as tx:
        fuse.light(0)
        WAYS[way](tx)
    fuse.mend()
    with store.reading_directory() as tx:
        assert tx.rows(_COUNTED) == []
