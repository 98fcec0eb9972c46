"""What was sold before two goods were merged costs what it cost, however both are accepted."""

from __future__ import annotations

from pathlib import Path

import msgspec

from core.facts.sync import DocumentsMerged
from pos.catalog.products import change_product, product_record
from pos.journal.verify import verify
from pos.shifts.drawer import start_shift
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from tests.helpers.counter import add_goods, cart_of, make_shop, sell
from tests.helpers.tiny_server import TinyServer, own_entries


def test_goods_sold_before_their_merge_cost_what_they_cost(tmp_path: Path) -> None:
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        start_shift(counter, 0)
        dear = add_goods(counter, "Kopi", 25_000, cost=20_000)
        cheap = add_goods(counter, "Kopi bubuk", 25_000, cost=1_000)
        (device,) = (bytes(row[0]) for row in counter.db.rows("SELECT device FROM own_line"))
        length = len(own_entries(counter.db, device))
        join(counter, "http://huyula", server.enrol([(device, length)], counter.register))
        server.push(own_entries(counter.db, device))
        while (page := server.page(cursor(counter.db).n, {device}, most=60)).entries:
            apply_page(counter.db, page)
        sell(counter, cart_of(counter, (dear, 1_000)))
        with counter.transaction() as tx:
            tx.append(DocumentsMerged("product", cheap, dear))
        # What a piece costs from now on: this lifts the goods that wait.
        change_product(counter, msgspec.structs.replace(product_record(counter.db, dear), cost=9))
        server.push(own_entries(counter.db, device))
        while (page := server.page(cursor(counter.db).n, {device}, most=60)).entries:
            apply_page(counter.db, page)
        assert verify(counter.db).ok
    server.db.close()
