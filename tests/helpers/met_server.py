"""A shop that has met a server, so that the tables of sync have rows, too."""

from __future__ import annotations

import msgspec

from core.contract import encode_body
from core.facts.base import Header
from core.facts.selling import ReceiptCopied
from core.facts.shifts import CashMoved
from core.facts.sync import Allotment, Apart, Carried, DocumentsMerged, KasbonAllotted, KeptApart
from pos.catalog.products import change_product, product_record
from pos.counter import Counter
from pos.selling.carts import fetch, park, parked, save_open_cart
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from tests.helpers.tiny_server import SHOP, TinyServer, own_entries

OTHER = b"other line here!"


def met_server(shop: Counter) -> TinyServer:
    """Join, send all, receive facts of every kind that only others write; then change a price."""
    server = TinyServer()
    (device,) = (bytes(row[0]) for row in shop.db.rows("SELECT device FROM own_line"))
    entries = own_entries(shop.db, device)
    join(shop, "http://huyula", server.enrol([(device, len(entries))], shop.register))
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
