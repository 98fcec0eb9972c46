"""A shop that has met a server, so that the tables of sync have rows, too."""

from __future__ import annotations

import msgspec

from core.contract import encode_body
from core.facts.base import Header
from core.facts.orders import OrderStep, OrderStepped
from core.facts.selling import ReceiptCopied
from core.facts.shifts import CashMoved
from core.facts.sync import (
    Allotment,
    Apart,
    Carried,
    DocumentsMerged,
    KasbonAllotted,
    KeptApart,
    RegisterLeft,
)
from core.sync.feed import START
from core.sync.messages import FeedEntry
from core.sync.past import PastRows
from core.sync.snapshot import Day, Head, Identity, Whole
from pos.catalog.products import change_product, product_record
from pos.counter import Counter
from pos.selling.carts import fetch, park, parked, save_open_cart
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import Server, cursor
from pos.sync.past import PastFetcher
from pos.sync.snapshot import Beginning
from tests.helpers.small_snapshot import SERVER_KEY, SmallSnapshot
from tests.helpers.till_orders import line, order_id, placed
from tests.helpers.tiny_server import SHOP, TinyServer, own_entries

OTHER = b"other line here!"


def met_server(shop: Counter) -> TinyServer:
    """Join, send all, receive facts of every kind that only others write; then change a price."""
    server = TinyServer()
    for _ in range(2):
        server.write(RegisterLeft(OTHER, "lama"))
    (device,) = (bytes(row[0]) for row in shop.db.rows("SELECT device FROM own_line"))
    entries = own_entries(shop.db, device)
    join(shop, "http://huyula", server.enrol([(device, len(entries))], shop.register))
    _begin(shop, server)
    server.push(own_entries(shop.db, device))
    goods = [bytes(row[0]) for row in shop.db.rows("SELECT id FROM product ORDER BY id")]
    server.write(DocumentsMerged("product", goods[-1], goods[-2]))
    server.write(KeptApart("product", (Apart(goods[-2], goods[-3]),)))
    who = bytes(shop.db.scalar("SELECT id FROM customer"))
    server.write(KasbonAllotted(who, (Allotment(device, 7_000),)))
    server.write(ReceiptCopied(OTHER, 3))
    header = Header(server.time, b"otherboo", 1, "2026-11-24")
    body = encode_body(header, CashMoved(b"shift of another", "in", 500, "receh"))
    server.write(Carried(SHOP, OTHER, 2, "cash_moved", 1, body, b"p" * 32))
    _orders(shop, server)
    while True:
        page = server.page(cursor(shop.db).n, {device}, most=60)
        if not page.entries:
            break
        apply_page(shop.db, page)
    rice = bytes(shop.db.scalar("SELECT id FROM product WHERE name='Beras' ORDER BY id"))
    record = product_record(shop.db, rice)
    change_product(shop, msgspec.structs.replace(record, price=record.price + 5))
    cart = fetch(shop, parked(shop.db)[0].id)
    park(shop, cart, "Pak Udin")
    save_open_cart(shop, cart)
    server.db.close()
    return server


def _orders(shop: Counter, server: TinyServer) -> None:
    """An order that two registers handed over, and a buyer's name."""
    goods = bytes(shop.db.scalar("SELECT id FROM product ORDER BY id"))
    server.write(placed(1, line(goods), fee=5_000))
    steps = (
        OrderStep("accept", until_ms=1),
        OrderStep("propose", until_ms=2),
        OrderStep("make_ready", until_ms=3),
        OrderStep("pay_at_handover", 39_000),
        OrderStep("hand_over"),
        OrderStep("fulfil", until_ms=4),
    )
    for seq in (7, 8):
        fact = OrderStepped(
            order_id(1), "shop", (steps[0], *steps[2:]), (), (), "sudah dibayar", seq
        )
        server.write(fact)
    server.write(placed(2, line(goods)))
    server.write(
        OrderStepped(order_id(2), "shop", steps[:2], (), (line(goods, qty=1_000),), "sisa")
    )
    with shop.db.transaction():
        shop.db.run(
            "INSERT INTO order_contact VALUES (?,'Ibu Ani','6281244001234','Jl. Nani 1','')",
            (order_id(1),),
        )
        shop.db.run(
            "INSERT INTO order_message VALUES (?,1,5,'buyer','Sudah siap?',0)", (order_id(1),)
        )
        shop.db.run("INSERT INTO order_word VALUES (?,?,6,'Sudah','')", (b"w" * 16, order_id(1)))


def _begin(shop: Counter, server: TinyServer) -> None:
    """The first two entries of the feed come as a snapshot: the second whole, the first later."""
    first, second = server.feed[:2]
    rows = {
        "head": [Head(first.device, first.seq, first.hash)],
        "identity": [Identity(b"i" * 32)],
        "day": [Day("2026-01-05", 1, 5_000, 0, 0, 0, 5_000, 4_000)],
        "entry": [_whole(second)],
    }
    small = SmallSnapshot(
        SHOP, rows, n=2, feed_hash=server.hashes[2], after=1, after_hash=server.hashes[1]
    )
    small.past = PastRows(SHOP, 1, server.hashes[1], 1, 1, START, (_whole(first),))
    known = Server("http://huyula", SHOP, SERVER_KEY)
    assert Beginning(shop.db, known, small).run()  # type: ignore[arg-type]
    assert PastFetcher(shop.db, known, small).stretch()  # type: ignore[arg-type]


def _whole(entry: FeedEntry) -> Whole:
    assert entry.body is not None
    return Whole(
        entry.n, entry.device, entry.seq, entry.kind, entry.version, entry.prev_hash, entry.hash,
        entry.at_ms, entry.verdict, entry.shop, entry.body, entry.n,
    )  # fmt: skip
