"""A clone wrote on under the same line: two sales have one number, and both are kept. A fact about
either says which one it means, whichever of them came first, and before it or after."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import Fact, Header
from core.facts.references import mark_of
from core.facts.selling import (
    ReceiptCopied,
    Refers,
    SaleCompleted,
    SaleLine,
    TenderPart,
    TenderSwapped,
)
from core.facts.shifts import ShiftOpened
from core.facts.sync import Carried
from core.journal import entry_hash
from pos.journal.mending import mend
from pos.journal.verify import verify
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from tests.helpers.counter import make_shop
from tests.helpers.many_counters import picture
from tests.helpers.tiny_server import SHOP, TinyServer, own_entries

OLD, SHIFT, BEFORE = b"an older line of", b"shift of another", b"p" * 32


def sold(number: int, total: int, refers: Refers | None = None) -> SaleCompleted:
    sign = -1 if refers else 1
    line = SaleLine(
        b"goods of another", "Gula", "kg", 1, sign * 1_000, total, total, sign * total, 0, 0,
        sign * total, 0, refers=refers, back_to="stock" if refers else "",
    )  # fmt: skip
    part = TenderPart("cash", sign * total, max(0, sign * total))
    kind = "refund" if refers else "sale"
    return SaleCompleted(number, SHIFT, kind, (line,), (part,), sign * total, 0, 0, True)


def carried(fact: Fact) -> tuple[Carried, bytes]:
    kind, version = kind_of(fact)
    body = encode_body(Header(1, b"boot", 1, "2026-11-24"), fact)
    digest = entry_hash(SHOP, OLD, 7, kind, version, BEFORE, body)
    return Carried(SHOP, OLD, 7, kind, version, body, BEFORE), digest


FIRST, SECOND = carried(sold(1, 5_000)), carried(sold(1, 8_000))
MARK = mark_of(SECOND[1])
ABOUT = (
    TenderSwapped(OLD, 7, 1, "cash", "qris", "ref", "salah", b"", MARK),
    ReceiptCopied(OLD, 7, MARK),
    sold(2, 8_000, Refers(OLD, 7, 1, MARK)),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_one_that_is_named_is_meant(tmp_path: Path, order: tuple[int, ...]) -> None:
    parts: list[tuple[Fact, ...]] = [(FIRST[0],), (SECOND[0],), ABOUT]
    server = TinyServer()
    with make_shop(tmp_path) as shop:
        (device,) = (bytes(row[0]) for row in shop.db.rows("SELECT device FROM own_line"))
        entries = own_entries(shop.db, device)
        join(shop, "http://huyula", server.enrol([(device, len(entries))], shop.register))
        server.push(own_entries(shop.db, device))
        server.write(ShiftOpened(SHIFT, 0))
        for place in order:
            for fact in parts[place]:
                server.write(fact)
        while (page := server.page(cursor(shop.db).n, {device}, most=60)).entries:
            apply_page(shop.db, page)
        rows = shop.db.rows(
            "SELECT s.total, s.copies, s.refunded, p.kind FROM sale s JOIN payment p"
            " ON p.sale_id=s.id WHERE s.type='sale' ORDER BY s.total"
        )
        assert [tuple(row) for row in rows] == [(5_000, 0, 0, "cash"), (8_000, 1, 8_000, "qris")]
        assert shop.db.scalar("SELECT count(*) FROM late") == 0
        before = picture(shop.db)
        mend(shop.db)
        assert picture(shop.db) == before
        proof = verify(shop.db)
        assert proof.ok, proof.differences
        server.db.close()
