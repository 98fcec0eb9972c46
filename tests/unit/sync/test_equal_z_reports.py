"""A counter and its copy both closed a shift under one line: their Z reports have one number, and
both are kept, whichever of them came first."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.contract import encode_body, kind_of
from core.facts.base import Header
from core.facts.shifts import ShiftClosed, ShiftOpened
from core.facts.sync import Carried
from core.ids import hash_mark
from core.sync.carrying import original_hash
from pos.counter import Counter
from pos.journal.mending import mend
from pos.journal.verify import verify
from pos.receipts.reports import find_z
from pos.shifts.closing import close_shift
from pos.shifts.drawer import start_shift
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor, recall, remember
from pos.sync.upgrade import fold_known_kinds, is_to_fold
from pos.ui.reports.papers import z_rows
from tests.helpers.counter import make_shop
from tests.helpers.tiny_server import SHOP, TinyServer, own_entries

OLD = b"an older line of"
SHIFTS = (b"shift of another", b"shift of a copy ")


def closed(shift_id: bytes, day: str) -> Carried:
    """The end of a shift with number 1, under one line and place."""
    fact = ShiftClosed(shift_id, 1, 0, 0, 0, (), (), (), *([0] * 11), "", "")
    body = encode_body(Header(1, b"boot", 1, day), fact)
    return Carried(SHOP, OLD, 9, *kind_of(fact), body, b"p" * 32)


def hear(counter: Counter, server: TinyServer, device: bytes) -> None:
    while (page := server.page(cursor(counter.db).n, {device}, most=60)).entries:
        apply_page(counter.db, page)


@pytest.mark.parametrize("order", [1, -1])
def test_both_are_kept_and_each_can_be_named(tmp_path: Path, order: int) -> None:
    server = TinyServer()
    both = [closed(SHIFTS[0], "2026-11-24"), closed(SHIFTS[1], "2026-11-25")]
    with make_shop(tmp_path) as counter:
        join(counter, "http://huyula", server.enrol([], counter.register))
        for shift_id in SHIFTS:
            server.write(ShiftOpened(shift_id, 0))
        for fact in both[::order]:
            server.write(fact)
        hear(counter, server, b"")
        db = counter.db
        assert not db.rows("SELECT 1 FROM shift WHERE closed_pos IS NULL"), "both have ended"
        for row in z_rows(db):
            assert find_z(db, row.reference).day == row.day
        marks = {one.body: hash_mark(original_hash(one)) for one in both}
        assert {row.reference for row in z_rows(db)} == {f"?-1@{one}" for one in marks.values()}
        before = [tuple(row) for row in db.rows("SELECT * FROM z_report ORDER BY head_hash")]
        mend(db)
        assert [tuple(r) for r in db.rows("SELECT * FROM z_report ORDER BY head_hash")] == before
        proof = verify(db)
        assert proof.ok, proof.differences
    server.db.close()


def test_a_file_from_before_gets_the_one_that_it_lacked(tmp_path: Path) -> None:
    """A program from before could keep one report of a name, and left the other's shift open."""
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        db = counter.db
        join(counter, "http://huyula", server.enrol([], counter.register))
        fold_known_kinds(db)
        for shift_id, day in zip(SHIFTS, ("2026-11-24", "2026-11-25"), strict=True):
            server.write(ShiftOpened(shift_id, 0))
            server.write(closed(shift_id, day))
        hear(counter, server, b"")
        with db.transaction():
            db.run("DELETE FROM z_report WHERE shift_id=?", (SHIFTS[1],))
            db.run("UPDATE shift SET closed_pos=NULL WHERE id=?", (SHIFTS[1],))
            remember(db, "kinds", recall(db, "kinds").replace(",z_report+1", ""))
        assert is_to_fold(db) and fold_known_kinds(db)
        assert len(z_rows(db)) == 2
        assert not db.rows("SELECT 1 FROM shift WHERE closed_pos IS NULL")
        assert verify(db).ok and not is_to_fold(db)
    server.db.close()


def test_its_own_is_meant_where_a_copy_closed_under_its_line(tmp_path: Path) -> None:
    server = TinyServer()
    with make_shop(tmp_path) as counter:
        join(counter, "http://huyula", server.enrol([], counter.register))
        start_shift(counter, 50_000)
        close_shift(counter, 50_000)
        db = counter.db
        device = bytes(db.scalar("SELECT device FROM own_line"))
        own = own_entries(db, device)
        server.push(own)
        copied = closed(SHIFTS[0], "2030-01-01")
        before = next(one for one in own if one.kind == ShiftClosed.KIND)
        server.write(copied_as(copied, device, before.seq))
        hear(counter, server, device)
        assert len(z_rows(db)) == 2
        for reference in ("", "1", z_rows(db)[0].number):
            assert find_z(db, reference).day != "2030-01-01"
        assert verify(db).ok
    server.db.close()


def copied_as(fact: Carried, device: bytes, seq: int) -> Carried:
    """The same under another line and place."""
    return Carried(fact.shop, device, seq, fact.kind, fact.version, fact.body, fact.prev_hash)
