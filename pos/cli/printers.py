"""Commands about printers and the print queue."""

from __future__ import annotations

from typing import Any

from core.errors import Refused
from pos.cli.arguments import command, group, whole
from pos.cli.exits import DONE, REFUSED
from pos.cli.session import Session
from pos.opening import database_file
from pos.printing.enqueue import add_job
from pos.printing.jobs import accept, cancel, job, jobs, print_again
from pos.printing.printers import add_printer, printer_named, printers, remove_printer
from pos.printing.worker import PrintWorker
from pos.receipts.printing import render_job
from pos.staff.people import require


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    printer = group(commands, "printer", "Printer: tambah, daftar, coba / add, list, test")
    new = command(printer, "add", "Tambah printer / add a printer", run_add)
    new.add_argument("name")
    new.add_argument("connection", help="tcp:HOST:PORT, file:PATH, serial:PORT, cups:QUEUE ...")
    new.add_argument("--columns", type=int, choices=(32, 42, 48), default=32)
    new.add_argument("--cutter", choices=("none", "partial", "full"), default="none")
    new.add_argument("--drawer", action="store_true")
    command(printer, "list", "Daftar printer / list printers", run_list)
    gone = command(printer, "remove", "Hapus printer / remove a printer", run_remove)
    gone.add_argument("name")
    tried = command(printer, "test", "Cetak halaman coba / print a test page", run_test)
    tried.add_argument("name", nargs="?", default="")

    queue = command(commands, "queue", "Antrean cetak / print queue", run_queue)
    queue.add_argument("--work", action="store_true", help="cetak yang menunggu / print waiting")
    queue.add_argument("--again", type=whole, metavar="JOB", help="cetak ulang / print again")
    queue.add_argument("--done", type=whole, metavar="JOB", help="sudah utuh / it is whole")
    queue.add_argument("--cancel", type=whole, metavar="JOB", help="batal / cancel")


def run_add(session: Session) -> None:
    """Set a printer up."""
    options = session.options
    counter = session.writing()
    require(counter, "printers")
    number = add_printer(
        counter.db,
        options.name,
        options.connection,
        columns=options.columns,
        cutter=options.cutter,
        drawer=options.drawer,
    )
    session.say({"id": number, "name": options.name}, options.name)


def run_list(session: Session) -> None:
    """List printers."""
    for item in printers(session.reading()):
        session.line(item._asdict(), f"{item.name}\t{item.connection}\t{item.columns}")


def run_remove(session: Session) -> None:
    """Put a printer out of use."""
    counter = session.writing()
    require(counter, "printers")
    remove_printer(counter.db, session.options.name)
    session.say({"removed": session.options.name}, session.options.name)


def _work(session: Session) -> None:
    counter = session.writing()
    for item in printers(counter.db):
        worker = PrintWorker(database_file(counter.folder), item.id, render_job)
        while True:
            row = worker.step(counter.db)
            if row is None or row.state == "blocked":
                break


def run_test(session: Session) -> int:
    """Print a test page now and say what became of it."""
    counter = session.writing()
    item = printer_named(counter.db, session.options.name)
    with counter.db.transaction():
        number = add_job(counter.db.raw, "test", item.name, item.id, counter.clock.now_ms())
    _work(session)
    row = job(counter.db, number)
    good = row.state in ("printed", "sent")
    if not good:
        cancel_quietly(session, number)
    answer = {"printer": item.name, "state": row.state, "cause": row.cause}
    session.say(answer, f"{item.name}: {row.state} {row.cause}".rstrip())
    return DONE if good else REFUSED


def cancel_quietly(session: Session, number: int) -> None:
    """A test page that did not come out must not come out tomorrow."""
    counter = session.writing()
    try:
        cancel(counter.db, number, counter.clock.now_ms())
    except Refused as error:
        session.warn(error)


def run_queue(session: Session) -> None:
    """Show the queue; decide about a job; print what waits."""
    options = session.options
    asked = (options.again, options.done, options.cancel)
    if options.work or any(job is not None for job in asked):
        counter = session.writing()
        now = counter.clock.now_ms()
        if options.again is not None:
            print_again(counter.db, options.again, now)
        if options.done is not None:
            accept(counter.db, options.done, now)
        if options.cancel is not None:
            cancel(counter.db, options.cancel, now)
        if options.work:
            _work(session)
    for row in jobs(session.reading()):
        answer = {
            "job": row.id,
            "kind": row.kind,
            "ref": row.ref,
            "state": row.state,
            "cause": row.cause,
            "copy": row.copy,
            "printer": row.printer_id,
        }
        session.line(answer, f"{row.id}\t{row.kind} {row.ref}\t{row.state} {row.cause}")
