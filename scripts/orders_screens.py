"""Online orders for `make screens`: the list with one that is short, offering less, the code.

The orders are put into the tables as the feed would leave them; they come at the end, since the
status bar speaks of them from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from core.facts.orders import OrderLine
from core.orders.story import total_of
from pos.catalog.scan import ScannedProduct, read_scan
from pos.shifts.drawer import start_shift
from pos.shifts.open_shift import open_shift
from pos.shop.sample import sample_barcode
from pos.ui.orders.page import OrdersPage

if TYPE_CHECKING:
    from screens import Stage

Show = Callable[["Stage"], object]
MINUTE_MS = 60_000
# Number, minutes old, state, payment, way, fee, buyer, and (sample goods, thousandths).
_ORDERS = (
    (41, 3, "placed", "due", "collect", 0, "Ibu Hartati Monoarfa", ((1, 3_000), (5, 2_000))),
    (40, 7, "placed", "due", "delivery", 8_000, "Pak Yunus Kadir", ((2, 900_000), (8, 6_000))),
    (38, 42, "accepted", "claimed", "collect", 0, "Nining", ((13, 2_000),)),
    (37, 55, "preparing", "due", "delivery", 5_000, "Koperasi Karyawan PG Tolangohula",
     ((1, 10_000), (2, 2_000), (5, 4_000), (8, 12_000), (13, 5_000), (16, 1_000))),
    (35, 190, "ready", "paid", "collect", 0, "Risal", ((5, 1_000),)),
    (34, 260, "ready", "paid", "courier", 23_000, "Ibu Hadija Monoarfa-Pakaya binti Abdullah",
     ((2, 90_000_000),)),
    (33, 9, "placed", "none", "courier", 0, "Fatma", ((1, 2_000), (16, 3_000))),
)  # fmt: skip

_FEE_OPEN = 33
"""A courier brings it, and what that costs is still to be said."""


def _line(stage: Stage, number: int, qty: int) -> OrderLine:
    found = read_scan(stage.counter, sample_barcode(number))
    assert isinstance(found, ScannedProduct)
    row = stage.counter.db.one(
        "SELECT name, unit, price FROM product WHERE id=?", (found.product_id,)
    )
    assert row is not None
    net = row.price * qty // 1000
    return OrderLine(found.product_id, row.name, row.unit, 1, qty, row.price, net)


def _put(stage: Stage) -> None:
    db, now_ms = stage.counter.db, stage.counter.clock.now_ms()
    with db.transaction():
        db.run("DELETE FROM online_order")
        for number, minutes, state, payment, way, fee, buyer, goods in _ORDERS:
            lines = tuple(_line(stage, *one) for one in goods)
            total, key = total_of(lines, fee), number.to_bytes(16, "big")
            at_ms, pack = now_ms - minutes * MINUTE_MS, msgspec.msgpack.encode
            pay_way = "at_handover" if payment == "due" else "to_shop"
            db.run(
                "INSERT INTO online_order VALUES (?,?,?,?,?,'750104',?,?,?,?,'waiting',?,?,0,?,?,"
                "x'',0,NULL,NULL,NULL,NULL,'',x'',0,'',x'',0,NULL,NULL,NULL,NULL,?,0,'','')",
                (key, number, at_ms, at_ms, way, fee, pay_way, state, payment, total,
                 total if payment == "paid" else 0, pack(lines), pack(()), number == _FEE_OPEN),
            )  # fmt: skip
            db.run(
                "INSERT OR REPLACE INTO order_contact VALUES (?,?,?,?,?)",
                (key, buyer, "6281244001234", "Jl. Nani Wartabone 12, Limba U I",
                 "Tolong dibungkus terpisah" if number == 41 else ""),
            )  # fmt: skip
        _say(stage, now_ms)


def _say(stage: Stage, now_ms: int) -> None:
    db, key = stage.counter.db, (35).to_bytes(16, "big")
    db.run("DELETE FROM order_message")
    db.run("DELETE FROM order_word")
    talk = (
        ("buyer", "Halo, pesanan saya sudah bisa diambil?"),
        ("shop", "Sudah siap. Kami buka sampai jam 9 malam."),
        ("buyer", "Baik, saya datang habis magrib. Bisa bayar QRIS kalau ada yang ditambah?"),
    )
    for i, (who, text) in enumerate(talk, 1):
        at_ms = now_ms - (len(talk) - i) * 4 * MINUTE_MS
        db.run("INSERT INTO order_message VALUES (?,?,?,?,?,?)", (key, i, at_ms, who, text, i < 3))


def _talk(stage: Stage) -> None:
    page = _page(stage, 35)
    page.talk.click()


def _taken_back(stage: Stage) -> None:
    """What was paid online is gone again, and the courier has the goods."""
    page = _page(stage, 34)
    with stage.counter.db.transaction():
        stage.counter.db.run(
            "UPDATE online_order SET payment='charged_back', pay_way='gateway', state='fulfilled',"
            " handover='done', courier='JNE, Pak Yunus', waybill='JNE-0012' WHERE number=34"
        )
    page.take_focus()
    page.table.go_to(next(n for n in range(page.model.count()) if page.model.row(n).number == 34))


def _page(stage: Stage, number: int) -> OrdersPage:
    if open_shift(stage.counter.db) is None:
        stage.counter.staff_id = stage.counter.staff_id or b""
        stage.fresh()
        start_shift(stage.counter, 300_000)
    stage.fresh()
    _put(stage)
    stage.counter.heard(frozenset({"order_placed"}))
    stage.window.ordering.show()
    page = stage.page()
    assert isinstance(page, OrdersPage)
    for row in range(page.model.count()):
        if page.model.row(row).number == number:
            page.table.go_to(row)
    return page


def _empty(stage: Stage) -> None:
    stage.fresh()
    stage.window.ordering.show()


ORDERS: Sequence[tuple[str, Show]] = (
    ("orders-none", _empty),
    ("orders", lambda stage: _page(stage, 41)),
    ("orders-short", lambda stage: _page(stage, 40)),
    ("orders-long", lambda stage: _page(stage, 37)),
    ("orders-offer", lambda stage: _page(stage, 40).offer.click()),
    ("orders-decline", lambda stage: _page(stage, 41).off.click()),
    ("orders-talk", _talk),
    ("orders-code", lambda stage: _page(stage, 35).main.click()),
    ("orders-courier", lambda stage: _page(stage, 34).main.click()),
    ("orders-fee", lambda stage: _page(stage, _FEE_OPEN).offer.click()),
    ("orders-taken-back", _taken_back),
    ("orders-statement", lambda stage: _page(stage, 41).statement_asked.emit()),
    ("orders-bell", lambda stage: (_page(stage, 41), stage.fresh())),
)
