"""Receipts that come before the code of their line is known get it once it is."""

from __future__ import annotations

from pathlib import Path

from core.contract import encode_body, kind_of
from core.facts.base import Header
from core.facts.sync import Carried, RegisterJoined
from pos.counter import Counter
from pos.journal.verify import verify
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from tests.helpers.counter import make_shop
from tests.helpers.sync_client import added, line, sale
from tests.helpers.tiny_server import SHOP, TinyServer, own_entries

OLD, GOODS = b"an older line of", b"a sack of rice  "


def test_a_sale_is_called_by_its_papers_number_once_its_line_is_known(tmp_path: Path) -> None:
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        (device,) = (bytes(row[0]) for row in counter.db.rows("SELECT device FROM own_line"))
        length = len(own_entries(counter.db, device))
        join(counter, "http://huyula", server.enrol([(device, length)], counter.register))
        server.push(own_entries(counter.db, device))
        server.write(added(GOODS, 9_000))
        sold = sale(7, bytes(16), [line(GOODS)])
        kind, version = kind_of(sold)
        body = encode_body(Header(server.time, b"boot", 1, "2026-11-24"), sold)
        server.write(Carried(SHOP, OLD, 9, kind, version, body, b"p" * 32))
        _hear(counter, server, device)
        assert _receipts(counter) == ["?-000007"]
        server.write(RegisterJoined(OLD, "K9", ""))
        _hear(counter, server, device)
        assert _receipts(counter) == ["K9-000007"]
        assert verify(counter.db).ok
    server.db.close()


def _hear(counter: Counter, server: TinyServer, device: bytes) -> None:
    while (page := server.page(cursor(counter.db).n, {device}, most=60)).entries:
        apply_page(counter.db, page)


def _receipts(counter: Counter) -> list[str]:
    return [row[0] for row in counter.db.rows("SELECT receipt FROM sale")]
