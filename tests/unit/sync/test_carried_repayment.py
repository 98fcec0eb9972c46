"""Repaid kasbon that another line carried here: whole on paper, and its copies counted as one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.contract import decode_body, encode_body, kind_of
from core.facts.base import Fact, Header
from core.facts.customers import CustomerAdded, CustomerRecord, DebtRepaid
from core.facts.references import mark_of
from core.facts.selling import ReceiptCopied, TenderPart
from core.facts.sync import Carried
from core.journal import entry_hash
from pos.counter import Counter
from pos.customers.repayments import copies_printed, find_repayments, repayment
from pos.journal.verify import verify
from pos.receipts.naming import entry_hash as entry_hash_at
from pos.receipts.naming import reference_at
from pos.selling.corrections import reprint
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from tests.helpers.counter import make_shop
from tests.helpers.tiny_server import SHOP, TinyServer, own_entries

OLD, WHO = b"an older line of", b"customer"
PAID = DebtRepaid(
    1, WHO, "credit", 9_000, (TenderPart("cash", 5_000, 5_000), TenderPart("qris", 4_000, 4_000))
)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """Another counter's old line is carried here: a repayment, then a copy of its receipt."""
    server = TinyServer()
    with make_shop(tmp_path) as shop:
        (device,) = (bytes(row[0]) for row in shop.db.rows("SELECT device FROM own_line"))
        entries = own_entries(shop.db, device)
        join(shop, "http://huyula", server.enrol([(device, len(entries))], shop.register))
        server.push(own_entries(shop.db, device))
        server.write(CustomerAdded(CustomerRecord(WHO, "Pak Udin", "", "", 100_000, "", 0)))
        before = b"p" * 32
        for seq, fact in ((7, PAID), (8, ReceiptCopied(OLD, 7))):
            before = _carry(server, seq, fact, before)
        while (page := server.page(cursor(shop.db).n, {device}, most=60)).entries:
            apply_page(shop.db, page)
        yield shop
        server.db.close()


def _carry(server: TinyServer, seq: int, fact: Fact, before: bytes) -> bytes:
    kind, version = kind_of(fact)
    body = encode_body(Header(server.time, b"boot", 1, "2026-11-24"), fact)
    server.write(Carried(SHOP, OLD, seq, kind, version, body, before))
    return entry_hash(SHOP, OLD, seq, kind, version, before, body)


def test_its_paper_and_its_copies_are_those_of_the_line_that_wrote_it(counter: Counter) -> None:
    (row,) = find_repayments(
        counter.db, number="", first="", last="", amount=None, before=None, limit=-1
    )
    reference = reference_at(counter.db, row.receipt, row.id)
    found = repayment(counter.db, reference)
    assert found is not None
    assert [part.amount for part in found.tenders] == [5_000, 4_000]
    assert (found.device, found.seq) == (OLD, 7)
    assert copies_printed(counter.db, found) == 1
    assert reprint(counter, reference) == 2
    body = counter.db.one("SELECT kind, version, body FROM journal ORDER BY pos DESC LIMIT 1")
    mark = mark_of(entry_hash_at(counter.db, row.id))
    assert decode_body(*body)[1] == ReceiptCopied(OLD, 7, mark)
    assert copies_printed(counter.db, found) == 2
    assert verify(counter.db).ok
