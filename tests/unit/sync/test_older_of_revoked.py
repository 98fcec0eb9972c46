"""A counter whose newer line of history is revoked: what its older lines wrote is not lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from pos.counter import read_head
from pos.opening import open_line
from pos.shifts.drawer import start_shift
from pos.sync.enrolment import enrol
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.wire import NoAnswer, Received, Wire
from server.db.schema import SHOP
from server.db.schema.trade import sale
from server.devices.listing import revoke_line
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell
from tests.helpers.real_server import RealServer, offline

URL = "http://huyula.contoh"
_RECEIPTS = select(sale.c.receipt).where(sale.c.shop_id == SHOP)


def test_what_an_older_line_wrote_arrives_though_only_the_newer_one_is_revoked(
    tmp_path: Path,
) -> None:
    """The older line is trusted on: a copy of the counter may go on from it elsewhere."""
    clock = StillClock()
    server, counter = RealServer(tmp_path, clock.now_ms), make_shop(tmp_path / "a", clock)
    start_shift(counter, 0)
    goods = add_goods(counter, "Gula", 15_000, 100_000)
    enrol(counter, URL, server.code(), server.send)
    found = server_of(counter.db)
    assert found is not None
    sync_once(counter, found, server.send)
    receipt = sell(counter, cart_of(counter, (goods, 1_000))).receipt
    head = read_head(counter.db)
    assert head is not None
    open_line(counter, "restored", head)

    def nothing_is_pushed(wire: Wire, go: Callable[[], Received]) -> Received:
        return offline(wire, go) if wire.path.endswith("/journal") else go()

    server.weather = nothing_is_pushed
    with pytest.raises(NoAnswer):
        sync_once(counter, found, server.send)
    server.weather = lambda wire, go: go()
    newer = counter.line.device
    server.services.store.in_shop(server.shop, lambda tx: revoke_line(tx, newer))
    assert sync_once(counter, found, server.send).state == "revoked"
    sales = server.services.store.in_shop(server.shop, lambda tx: tx.rows(_RECEIPTS))
    assert [row.receipt for row in sales] == [receipt]
    counter.close()
    server.close()
