"""A print queue with one printer, a worker, and a clock that only waiting moves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.receipt import Document, Item, Pair, Rule, Text
from core.receipt_layout import layout
from pos.db.database import Database, open_database
from pos.printing.enqueue import JobRow, add_job
from pos.printing.escpos import to_escpos
from pos.printing.jobs import job
from pos.printing.printers import Printer, add_printer, learn_level, printer_by_id
from pos.printing.tables import print_job, printer
from pos.printing.transports import PrinterTrouble, Transport
from pos.printing.worker import PrintWorker
from tests.printing_tools.fake_printer import PrinterModel, WireLink

START_MS = 1_790_000_000_000


def open_queue(file: Path | None = None) -> Database:
    """An empty queue's tables."""
    db = open_database(file)
    printer.metadata.create_all(db.connection, tables=[printer, print_job])
    return db


def first_words(row: JobRow) -> str:
    """How a job's paper begins."""
    return f"AWAL {row.ref} {row.copy}"


def last_words(row: JobRow) -> str:
    """How a job's paper ends."""
    return f"AKHIR {row.ref} {row.copy}"


def render(_db: Database, row: JobRow, device: Printer) -> bytes:
    """A receipt whose beginning and end can be told on paper."""
    items = [Item(f"Gula pasir {n}", "2 kg x 17.500", "35.000") for n in range(5)]
    document = Document(
        row.ref,
        (
            Text(first_words(row), "centre"),
            Rule(),
            *items,
            Pair("TOTAL", "Rp 175.000", big=True),
            Text(last_words(row)),
        ),
    )
    return to_escpos(layout(document, device.columns), device.settings())


class PrintShop:
    """The queue in memory, the printer behind a wire with its own clock."""

    def __init__(self, model: PrinterModel, level: str = "") -> None:
        self.db = open_queue()
        self.model = model
        self.clock = [0.0]
        self.unreachable = ""
        self.dies_after = -1
        self.links = 0
        self.while_waiting: Callable[[], None] = lambda: None
        self.seen: list[tuple[int, str]] = []
        self.printer = add_printer(self.db, "Kasir", "tcp:10.0.0.9", drawer=True)
        if level:
            learn_level(self.db, self.printer, level)
        self.worker = self.new_worker()

    def new_worker(self) -> PrintWorker:
        """A worker as after a start of the program."""
        return PrintWorker(
            Path("unused"),
            self.printer,
            render,
            opener=self._open,
            now_ms=self.now_ms,
            monotonic=lambda: self.clock[0],
            changed=self._note,
        )

    def now_ms(self) -> int:
        return START_MS + int(self.clock[0] * 1000)

    def _note(self) -> None:
        row = self.db.one("SELECT id, state FROM print_job ORDER BY updated_ms DESC, id LIMIT 1")
        assert row is not None
        self.seen.append((row[0], row[1]))

    def _open(self, connection: str) -> Transport:
        if self.unreachable:
            raise PrinterTrouble(cause=self.unreachable)
        self.links += 1
        link = WireLink(self.model, self.clock, self.dies_after)
        self.dies_after = -1
        link.before_wait = lambda: self.while_waiting()
        return link

    def add(self, ref: str = "K1-000001", kind: str = "receipt") -> int:
        with self.db.transaction():
            return add_job(self.db.raw, kind, ref, self.printer, self.now_ms())

    def step(self) -> tuple[str, str]:
        """One step of the worker: the job's state and cause."""
        row = self.worker.step(self.db)
        return ("", "") if row is None else (row.state, row.cause)

    def state(self, job_id: int) -> tuple[str, str]:
        row = job(self.db, job_id)
        return row.state, row.cause

    @property
    def level(self) -> str:
        device = printer_by_id(self.db, self.printer)
        assert device is not None
        return device.level

    def begun(self, job_id: int) -> int:
        """How often this job's paper begins."""
        return self.model.paper.count(first_words(job(self.db, job_id)).encode() + b"\n")

    def whole(self, job_id: int) -> int:
        """How often it is on paper from first to last word."""
        row = job(self.db, job_id)
        parts = bytes(self.model.paper).split(first_words(row).encode() + b"\n")[1:]
        return sum(last_words(row).encode() + b"\n" in part.split(b"AWAL")[0] for part in parts)
