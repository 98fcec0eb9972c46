"""The print thread against a printer on a real port: refusing, deaf, dying, without paper, slow."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos.db.database import Database
from pos.printing import delivery, status, transports, worker
from pos.printing.enqueue import add_job
from pos.printing.jobs import ASKING, job, print_again
from pos.printing.printers import add_printer, learn_level
from pos.printing.worker import PrintWorker
from tests.printing_tools.fake_printer import PrinterModel, TcpPrinter
from tests.printing_tools.shop import first_words, last_words, open_queue, render

PATIENT = 20.0


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter waits; an answer still has time enough on a busy machine."""
    monkeypatch.setattr(transports, "WRITE_SECONDS", 0.1)
    monkeypatch.setattr(transports, "CLOSE_SECONDS", 0.5)
    monkeypatch.setattr(status, "ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(delivery, "CONFIRM_SECONDS", 1.0)
    monkeypatch.setattr(delivery, "ASK_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "_PAPER_MM_A_SECOND", 1000)
    monkeypatch.setattr(worker, "AGAIN_SECONDS", 0.05)


class Counter:
    """A queue in a file, a TCP printer, and the print thread running."""

    def __init__(self, folder: Path, model: PrinterModel, level: str) -> None:
        self.file = folder / "queue.db"
        self.db: Database = open_queue(self.file)
        self.model = model
        self.printer = TcpPrinter(model)
        self._moved = threading.Condition()
        self.number = add_printer(self.db, "Kasir", self.printer.connection)
        learn_level(self.db, self.number, level)
        self.worker = PrintWorker(self.file, self.number, render, changed=self._changed)

    def _changed(self) -> None:
        with self._moved:
            self._moved.notify_all()

    def add(self, ref: str) -> int:
        with self.db.transaction():
            number = add_job(self.db.raw, "receipt", ref, self.number, self.worker._now_ms())
        self.worker.wake()
        return number

    def reaches(self, number: int, *states: str) -> bool:
        """Wait until a job is in one of these states."""
        with self._moved:
            return self._moved.wait_for(lambda: job(self.db, number).state in states, PATIENT)

    def whole(self, number: int) -> int:
        row = job(self.db, number)
        paper = bytes(self.model.paper)
        first, last = first_words(row).encode() + b"\n", last_words(row).encode() + b"\n"
        assert paper.count(first) <= 1
        return paper.partition(first)[2].partition(b"AWAL")[0].count(last)

    def stop(self) -> None:
        self.worker.stop()
        self.printer.stop()
        self.db.close()


Make = Callable[..., Counter]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Counter] = []

    def one(printer_level: str = "A", known: str = "A", **how: int) -> Counter:
        made.append(Counter(tmp_path, PrinterModel(printer_level, **how), known))
        return made[-1]

    yield one
    for counter in made:
        counter.stop()


def test_receipts_come_out_in_order_each_once(make: Make) -> None:
    counter = make()
    numbers = [counter.add(f"K1-{n:06d}") for n in range(5)]
    counter.worker.start()
    assert all(counter.reaches(number, "printed") for number in numbers)
    assert [counter.whole(number) for number in numbers] == [1] * 5
    paper = bytes(counter.model.paper)
    places = [paper.index(f"AWAL K1-{n:06d}".encode()) for n in range(5)]
    assert places == sorted(places)


def test_a_printer_that_refuses_gets_the_job_when_it_is_back(make: Make) -> None:
    counter = make()
    port = counter.printer.port
    counter.printer.stop()
    counter.worker.start()
    number = counter.add("K1-000001")
    assert counter.reaches(number, "blocked")
    assert job(counter.db, number).cause == "unreachable"
    counter.printer = TcpPrinter(counter.model, port)
    assert counter.reaches(number, "printed")
    assert counter.whole(number) == 1


def test_a_printer_that_stops_reading_stalls_and_goes_on(make: Make) -> None:
    counter = make()
    counter.worker._render = lambda db, row, device: render(db, row, device).replace(
        b"AKHIR", b"." * 31 + b"\n" + b"x" * 6_000_000 + b"\nAKHIR"
    )
    counter.printer.set(lambda model: setattr(model, "capacity", 2_000))
    counter.printer.set(lambda model: setattr(model, "paper_left", 300))
    counter.worker.start()
    number = counter.add("K1-000001")
    assert counter.reaches(number, "stalled")
    assert job(counter.db, number).cause == "stuck"
    counter.printer.set(PrinterModel.reload)
    assert counter.reaches(number, "printed")
    assert counter.whole(number) == 1


def test_a_printer_that_dies_in_the_middle_is_asked_about_and_reprinted(make: Make) -> None:
    counter = make()
    counter.printer.close_after = 200
    counter.worker.start()
    number = counter.add("K1-000001")
    assert counter.reaches(number, *ASKING)
    assert counter.whole(number) == 0
    later = counter.add("K1-000002")
    assert counter.reaches(later, "printed"), "the next customer is not held up"
    assert job(counter.db, number).state in ASKING, "nothing is repeated by itself"
    again = print_again(counter.db, number, counter.worker._now_ms())
    counter.worker.wake()
    assert counter.reaches(again, "printed")
    assert counter.whole(again) == 1


def test_paper_out_in_the_middle_prints_on_after_reload(make: Make) -> None:
    counter = make("B", "B")
    counter.printer.set(lambda model: setattr(model, "paper_left", 200))
    counter.worker.start()
    number = counter.add("K1-000001")
    assert counter.reaches(number, "stalled")
    assert job(counter.db, number).cause == "paper_out"
    assert counter.whole(number) == 0
    counter.printer.set(PrinterModel.reload)
    assert counter.reaches(number, "printed")
    assert counter.whole(number) == 1


def test_a_slow_printer_is_waited_for(make: Make) -> None:
    counter = make("B", "B")
    counter.printer.set(lambda model: setattr(model, "holds_answers", True))
    counter.worker.start()
    number = counter.add("K1-000001")
    assert counter.reaches(number, "confirming")
    counter.printer.set(PrinterModel.let_answers_go)
    assert counter.reaches(number, "printed")


def test_a_silent_printer_blocks_where_it_used_to_answer(make: Make) -> None:
    counter = make()
    counter.printer.set(lambda model: setattr(model, "silent", True))
    counter.worker.start()
    number = counter.add("K1-000001")
    assert counter.reaches(number, "blocked")
    assert job(counter.db, number).cause == "silent"
    counter.printer.set(lambda model: setattr(model, "silent", False))
    assert counter.reaches(number, "printed")
    assert counter.whole(number) == 1


def test_a_liar_does_not_hide_that_the_link_died(make: Make) -> None:
    counter = make("B", "")
    counter.printer.set(lambda model: setattr(model, "lies", True))
    counter.printer.close_after = 200
    counter.worker.start()
    number = counter.add("K1-000001")
    assert counter.reaches(number, *ASKING)
    assert counter.whole(number) == 0


def test_a_wrong_address_is_said_and_may_be_put_right(make: Make) -> None:
    counter = make()
    add_printer(counter.db, "Kasir", "tcp:127.0.0.1:1")
    counter.worker.start()
    number = counter.add("K1-000001")
    assert counter.reaches(number, "blocked")
    add_printer(counter.db, "Kasir", counter.printer.connection)
    assert counter.reaches(number, "printed")
    assert counter.whole(number) == 1


def test_the_program_ends_quickly_while_a_job_waits_for_paper(make: Make) -> None:
    counter = make()
    counter.printer.set(lambda model: setattr(model, "paper_left", 200))
    counter.worker.start()
    number = counter.add("K1-000001")
    assert counter.reaches(number, "stalled")
    counter.worker.stop()
    assert job(counter.db, number).state == "unsure"


def test_the_thread_outlives_a_queue_that_cannot_be_written(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = make()
    failures = iter([sqlite3.OperationalError("database or disk is full")])

    def full(*_: object) -> int:
        for failure in failures:
            raise failure
        return 0

    monkeypatch.setattr(worker, "hold_old", full)
    number = counter.add("K1-000001")
    counter.worker.start()
    assert counter.reaches(number, "printed")
    assert next(failures, None) is None, "it did fail once"
