"""Receipts that come before the code of their line is known get it once it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import Fact, Header
from core.facts.customers import CustomerAdded, CustomerRecord, DebtRepaid
from core.facts.selling import TenderPart
from core.facts.shifts import ShiftClosed
from core.facts.shop import LineOpened
from core.facts.sync import Carried, RegisterJoined
from core.journal import NO_HASH, link
from pos.counter import Counter
from pos.journal.verify import verify
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from tests.helpers.counter import make_shop
from tests.helpers.sync_client import added, line, sale
from tests.helpers.tiny_server import SHOP, TinyServer, own_entries

SHIFT = b"shift of another"
OLD, OTHER = b"an older line of", b"one more line of"
GOODS, WHO = b"a sack of rice  ", b"a customer of it"
REPAID = DebtRepaid(7, WHO, "credit", 9_000, (TenderPart("cash", 9_000, 9_000),))


@pytest.mark.parametrize(
    ("fact", "table"),
    [(sale(7, bytes(16), [line(GOODS)]), "sale"), (REPAID, "repayment")],
)
def test_a_receipt_is_called_by_its_papers_number_once_its_line_is_known(
    tmp_path: Path, fact: Fact, table: str
) -> None:
    """Another counter brings a receipt of a line that nothing else is known of yet."""
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        (device,) = (bytes(row[0]) for row in counter.db.rows("SELECT device FROM own_line"))
        length = len(own_entries(counter.db, device))
        join(counter, "http://huyula", server.enrol([(device, length)], counter.register))
        server.push(own_entries(counter.db, device))
        server.write(added(GOODS, 9_000))
        server.write(CustomerAdded(CustomerRecord(WHO, "Pak Udin", "", "", 100_000, "", 0)))
        kind, version = kind_of(fact)
        body = encode_body(Header(server.time, b"boot", 1, "2026-11-24"), fact)
        server.write(Carried(SHOP, OLD, 9, kind, version, body, b"p" * 32))
        _hear(counter, server, device)
        assert _receipts(counter, table) == ["?-000007"]
        for other, code in ((OTHER, "K8"), (OLD, "K9"), (OLD, "K7b2c")):
            # A server that was restored may give it another code than its papers have.
            server.write(RegisterJoined(other, code, ""))
            _hear(counter, server, device)
        assert _receipts(counter, table) == ["K7b2c-000007"]
        opened = LineOpened("K9", "founded", b"m" * 32, b"k" * 32)
        kind, version = kind_of(opened)
        body = encode_body(Header(1, b"boot", 1, "2026-11-24"), opened)
        server.push([link(SHOP, OLD, 1, kind, version, NO_HASH, body)])
        _hear(counter, server, device)
        used = "SELECT last_receipt FROM line WHERE device=?"
        assert counter.db.scalar(used, (OLD,)) == 7, "no number is given twice"
        assert _receipts(counter, table) == ["K9-000007"], "as its papers say"
        assert verify(counter.db).ok
    server.db.close()


def test_so_is_a_z_report(tmp_path: Path) -> None:
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        join(counter, "http://huyula", server.enrol([], counter.register))
        fact = ShiftClosed(SHIFT, 1, 0, 0, 0, (), (), (), *([0] * 11), "", "")
        body = encode_body(Header(server.time, b"boot", 1, "2026-11-24"), fact)
        server.write(Carried(SHOP, OLD, 9, *kind_of(fact), body, b"p" * 32))
        page = server.page(cursor(counter.db).n, set(), most=60)
        apply_page(counter.db, page)
        named = "SELECT device_z FROM z_report"
        assert counter.db.scalar(named) == "?-1"
        server.write(RegisterJoined(OLD, "K9", ""))
        apply_page(counter.db, server.page(cursor(counter.db).n, set(), most=60))
        assert counter.db.scalar(named) == "K9-1"
        assert verify(counter.db).ok
    server.db.close()


def _hear(counter: Counter, server: TinyServer, device: bytes) -> None:
    while (page := server.page(cursor(counter.db).n, {device}, most=60)).entries:
        apply_page(counter.db, page)


def _receipts(counter: Counter, table: str) -> list[str]:
    return [row[0] for row in counter.db.rows(f"SELECT receipt FROM {table}")]
