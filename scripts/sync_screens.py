"""The sync page for `make screens`: alone, in step, without a network, revoked; and what two
counters have both.

All but the first come at the end: from the first of them on, the sample shop has a server.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core.merging import Pair
from pos.backup.age import note_backup
from pos.merging.finding import Customer, Goods, Proposal
from pos.shifts.drawer import start_shift
from pos.shifts.open_shift import open_shift
from pos.sync.memory import remember
from pos.sync.picture_memory import newest_picture, note_asked, note_refused
from pos.sync.state import note_round
from pos.ui.receipts.screen import ReceiptsPage
from pos.ui.sync.merging import MergePage
from pos.ui.sync.pairs import Pairs

if TYPE_CHECKING:
    from screens import Stage

Show = Callable[["Stage"], object]
MINUTE_MS = 60_000


def _standing(stage: Stage, error: str, *, minutes_ago: int) -> None:
    """A counter that spoke to its server so long ago, and what happened at the last try."""
    counter = stage.counter
    db, now_ms = counter.db, counter.clock.now_ms()
    with db.transaction():
        for name, value in (
            ("shop", bytes(16).hex()),
            ("url", "https://toko.huyula.example"),
            ("server_key", bytes(32).hex()),
            ("name", "Koperasi Nou Limboto Sejahtera"),
            ("check", "482913"),
        ):
            remember(db, name, value)
    note_round(db, now_ms - minutes_ago * MINUTE_MS, "", "trusted", True)
    if error:
        if open_shift(db) is None:
            start_shift(counter, 300_000)
        for _ in range(4):
            stage.sale()
        note_round(db, now_ms, error, "", None)
    note_backup(counter.folder, now_ms - 26 * 60 * MINUTE_MS)
    stage.fresh().ways.sync()


def _with_pictures(stage: Stage) -> None:
    """Pictures of goods wait, and one that the server cannot read."""
    db = stage.counter.db
    refused = hashlib.sha256(b"picture").digest()
    with db.transaction():
        db.run("UPDATE product SET picture=? WHERE id=?", (refused, stage.dear))
    note_refused(db, refused, "unreadable")
    note_asked(db, 12, newest_picture(db), full=False)
    _standing(stage, "", minutes_ago=0)


def _old_receipt(stage: Stage) -> None:
    """A receipt that is asked of the server, where there is no network."""
    stage.fresh().show_receipt("K1-000731")
    page = stage.page()
    assert isinstance(page, ReceiptsPage)
    page.older.state = "no_network"
    page.older.changed.emit()


def _goods(number: int, name: str, price: int, stock: int, *codes: str, unit: str = "pcs") -> Goods:
    return Goods(
        bytes([number]) * 16, name, f"B{number:03}", codes, unit, (), price, price * 4 // 5, stock,
        stock * price // 1250,
    )  # fmt: skip


def _person(number: int, name: str, phone: str, debt: int) -> Customer:
    return Customer(bytes([number]) * 16, name, phone, "", 500_000, debt)


def _pair(source: Goods | Customer, target: Goods | Customer, **how: object) -> Proposal:
    table = "product" if isinstance(source, Goods) else "customer"
    asked = {"why": "barcode", "score": 100, "doubt": ""} | how
    pair = Pair(source.id, target.id, **asked)  # type: ignore[arg-type]
    return Proposal(table, pair, source, target, "")  # type: ignore[arg-type]


def _pairs() -> list[Proposal]:
    long = "Minyak goreng kelapa murni Gorontalo kemasan isi ulang ekonomis keluarga besar 18 liter"
    found = [
        _pair(
            _goods(1, "INDOMIE GORENG 85 GR", 3_200, 36_000, "8998866200226"),
            _goods(2, "Indomie Goreng 85g", 3_000, 18_000, "8998866200226"),
        ),
        _pair(
            _goods(3, long.upper(), 415_000, 2_000, "8991002101234", "8991002101241"),
            _goods(4, long, 412_500, 7_000, "8991002101234"),
        ),
        _pair(
            _person(5, "YUSNA MOHAMAD", "+62 812 3456 789", 85_000),
            _person(6, "Ibu Yusna Mohamad", "0812-3456-789", 120_000),
            why="phone",
        ),
        _pair(
            _goods(7, "AQUA 600ML", 4_500, 11_000),
            _goods(8, "Aqua 600 ml", 4_000, 24_000, "8886008101053"),
            why="name", doubt="name_only",
        ),
        _pair(
            _goods(9, "KAPAL API KOPI 165G", 15_500, 6_000, "8991002105553"),
            _goods(10, "Kopi Kapal Api 165 g", 15_000, 9_000, "8991002101029"),
            why="name", doubt="barcodes",
        ),
        _pair(
            _goods(11, "BERAS PULO", 360_000, 4_000, unit="sak"),
            _goods(12, "Beras Pulo", 14_500, 82_500, unit="kg"),
            why="name", doubt="unit",
        ),
    ]  # fmt: skip
    for number in range(20, 46, 2):
        name = f"Sabun mandi batang harum {number} g"
        code = f"89910021{number:04}7"
        found.append(
            _pair(
                _goods(number, name.upper(), 4_500, 12_000, code),
                _goods(number + 1, name, 4_000, 30_000, code),
            )
        )
    return found


def _merge(stage: Stage, row: int) -> MergePage:
    """What two counters have both; the sample shop itself has nothing twice."""
    stage.fresh().ways.merge()
    page = stage.page()
    assert isinstance(page, MergePage)
    while page._looking.is_looking:
        stage.settle()
    page.pairs = Pairs(_pairs())
    page.choose("all")
    page.table.go_to(row)
    page.table.setFocus()
    return page


def _merge_nothing(stage: Stage) -> None:
    page = _merge(stage, 0)
    page.pairs = Pairs(())
    page.choose("all")


SYNC_ALONE: Sequence[tuple[str, Show]] = (("sync-alone", lambda stage: stage.fresh().ways.sync()),)
SYNC: Sequence[tuple[str, Show]] = (
    ("sync", lambda stage: _standing(stage, "", minutes_ago=0)),
    ("sync-offline", lambda stage: _standing(stage, "no_network", minutes_ago=190)),
    ("sync-forgotten", lambda stage: _standing(stage, "unknown_device", minutes_ago=190)),
    ("sync-pictures", _with_pictures),
    ("receipts-old", _old_receipt),
    ("sync-revoked", lambda stage: _standing(stage, "revoked", minutes_ago=190)),
    ("merge", lambda stage: _merge(stage, 0)),
    ("merge-long", lambda stage: _merge(stage, 1)),
    ("merge-doubt", lambda stage: _merge(stage, 4)),
    ("merge-question", lambda stage: _merge(stage, 3).ask()),
    ("merge-nothing", _merge_nothing),
)
