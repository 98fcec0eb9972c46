"""The queue's rows: what people decide, and that no row changes unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.receipt import Document, Text
from pos.db.database import Database
from pos.printing.enqueue import (
    add_job,
    queue_document,
    queue_pulse,
    queue_receipt,
)
from pos.printing.jobs import (
    ASKING,
    FINAL,
    ON_THE_WAY,
    WAITING,
    JobOvertaken,
    UnknownJob,
    accept,
    cancel,
    job,
    jobs,
    move,
    next_job,
    print_again,
    recover_after_crash,
    redirect,
    release,
)
from pos.printing.printers import add_printer, learn_level, printer_named, save_printer
from pos.printing.proof import queue_differences
from tests.printing_tools.shop import START_MS, open_queue


@pytest.fixture
def db() -> Iterator[Database]:
    queue = open_queue()
    add_printer(queue, "Kasir", "tcp:10.0.0.9", drawer=True)
    yield queue
    queue.close()


def _add(db: Database, state: str, kind: str = "receipt") -> int:
    with db.transaction():
        number = add_job(db.raw, kind, "K1-000001", 1, START_MS)
    if state != "queued":
        move(db, job(db, number), state, START_MS)
    return number


def test_cash_opens_the_drawer_before_the_receipt(db: Database) -> None:
    with db.transaction():
        queue_receipt(db.raw, "K1-000001", kick_drawer=True, now_ms=START_MS)
        queue_receipt(db.raw, "K1-000002", kick_drawer=False, now_ms=START_MS)
    assert [(row.kind, row.ref) for row in jobs(db)] == [
        ("pulse", "K1-000001"),
        ("receipt", "K1-000001"),
        ("receipt", "K1-000002"),
    ]


def test_without_a_drawer_nothing_is_kicked(db: Database) -> None:
    with db.transaction():
        save_printer(db, printer_named(db, "Kasir")._replace(drawer=False))
        queue_receipt(db.raw, "K1-000001", kick_drawer=True, now_ms=START_MS)
        queue_pulse(db.raw, now_ms=START_MS)
    assert [row.kind for row in jobs(db)] == ["receipt"]


def test_without_a_printer_nothing_is_queued() -> None:
    empty = open_queue()
    queue_receipt(empty.raw, "K1-000001", kick_drawer=True, now_ms=START_MS)
    queue_pulse(empty.raw, now_ms=START_MS)
    queue_document(empty.raw, "zreport", "K1-1", START_MS)
    assert jobs(empty) == []


def test_a_document_travels_in_the_job(db: Database) -> None:
    import msgspec

    document = Document("X", (Text("halo"),))
    queue_document(db.raw, "slip", "X", START_MS, document)
    (row,) = jobs(db)
    assert row.payload is not None
    assert msgspec.msgpack.decode(row.payload, type=Document) == document


def test_the_pulse_overtakes_a_blocked_receipt(db: Database) -> None:
    _add(db, "blocked")
    pulse = _add(db, "queued", "pulse")
    found = next_job(db, 1)
    assert found is not None and found.id == pulse


def test_a_job_moves_from_where_it_was_read_only(db: Database) -> None:
    row = job(db, _add(db, "queued"))
    cancel(db, row.id, START_MS)
    with pytest.raises(JobOvertaken):
        move(db, row, "sending", START_MS)
    assert job(db, row.id).state == "cancelled"


@pytest.mark.parametrize("state", ASKING)
def test_again_makes_a_marked_copy_and_ends_the_question(db: Database, state: str) -> None:
    number = _add(db, state)
    copy = job(db, print_again(db, number, START_MS + 5))
    assert (copy.state, copy.copy, copy.ref) == ("queued", 1, "K1-000001")
    assert job(db, number).state == "cancelled"
    with pytest.raises(UnknownJob):
        print_again(db, number, START_MS + 6)


def test_again_may_go_to_another_printer(db: Database) -> None:
    second = add_printer(db, "Gudang", "file:/dev/usb/lp1", default=False)
    copy = job(db, print_again(db, _add(db, "broken"), START_MS, second))
    assert copy.printer_id == second


@pytest.mark.parametrize("state", [*WAITING, *ON_THE_WAY, *FINAL])
def test_only_what_asks_is_answered(db: Database, state: str) -> None:
    number = _add(db, state)
    for decide in (print_again, accept):
        with pytest.raises(UnknownJob):
            decide(db, number, START_MS)
    assert job(db, number).state == state


@pytest.mark.parametrize("state", ["sending", "confirming", *FINAL])
def test_what_is_on_its_way_or_done_is_not_cancelled(db: Database, state: str) -> None:
    number = _add(db, state)
    with pytest.raises(UnknownJob):
        cancel(db, number, START_MS)


def test_a_pulse_is_never_asked_for_again(db: Database) -> None:
    number = _add(db, "broken", "pulse")
    with pytest.raises(UnknownJob):
        print_again(db, number, START_MS)


def test_a_waiting_job_goes_to_another_printer(db: Database) -> None:
    second = add_printer(db, "Gudang", "file:/dev/usb/lp1", default=False)
    number = _add(db, "blocked")
    redirect(db, number, second, START_MS)
    assert next_job(db, 1) is None
    found = next_job(db, second)
    assert found is not None and (found.id, found.state) == (number, "queued")


def test_release_is_for_what_waits(db: Database) -> None:
    with pytest.raises(UnknownJob):
        release(db, _add(db, "unsure"), START_MS)
    with pytest.raises(UnknownJob):
        release(db, 999, START_MS)


@pytest.mark.parametrize("state", ON_THE_WAY)
def test_after_a_crash_what_was_on_its_way_asks(db: Database, state: str) -> None:
    receipt, pulse = _add(db, state), _add(db, state, "pulse")
    waiting = _add(db, "checking")
    assert recover_after_crash(db, START_MS, printer_id=2) == 0
    assert recover_after_crash(db, START_MS) == 2
    assert job(db, receipt).state == "unsure"
    assert job(db, pulse).state == "cancelled"
    assert job(db, waiting).state == "checking"


@pytest.mark.parametrize(
    "change",
    [
        "kind='slip'",
        "ref='K1-000009'",
        "payload=x'00'",
        "copy=copy+1",
        "printer_id=printer_id+1",
        "state='printed'",
        "cause='x'",
        "bytes=bytes+1",
        "created_ms=created_ms+1",
        "updated_ms=updated_ms+1",
        "id=id+1",
        "seal=x'00'",
    ],
)
def test_a_change_in_any_column_of_a_job_is_noticed(db: Database, change: str) -> None:
    _add(db, "queued")
    assert queue_differences(db) == []
    db.run(f"UPDATE print_job SET {change}")
    assert queue_differences(db)[-1].table == "print_job"


@pytest.mark.parametrize("gone", [1, 2])
def test_a_job_that_is_gone_leaves_a_hole(db: Database, gone: int) -> None:
    for _ in range(3):
        _add(db, "printed")
    db.run("DELETE FROM print_job WHERE id=?", (gone,))
    assert [(one.table, one.key, one.found) for one in queue_differences(db)] == [
        ("print_job", str(gone), "absent")
    ]


def test_a_printer_that_is_gone_is_missed_by_its_jobs(db: Database) -> None:
    _add(db, "printed")
    _add(db, "queued")
    db.run("DELETE FROM printer")
    assert [(one.table, one.key, one.found) for one in queue_differences(db)] == [
        ("printer", "1", "absent")
    ]


@pytest.mark.parametrize(
    "change",
    ["name='x'", "connection='x'", "columns=48", "drawer=0", "level='A'", "is_default=0"],
)
def test_a_change_in_a_printer_is_noticed(db: Database, change: str) -> None:
    learn_level(db, 1, "B")
    assert queue_differences(db) == []
    db.run(f"UPDATE printer SET {change}")
    assert [difference.table for difference in queue_differences(db)] == ["printer"]
