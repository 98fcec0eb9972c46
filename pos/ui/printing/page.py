"""The shop's printers: add, change, try, remove."""

from __future__ import annotations

import threading

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from core.errors import Refused
from pos.printing.enqueue import JobRow, add_job
from pos.printing.finding import Found, find_printers, own_network, scan_network
from pos.printing.jobs import ASKING, FINAL, accept, cancel, job
from pos.printing.printers import Printer, printers, remove_printer
from pos.staff.people import require
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _, pgettext
from pos.ui.printing.form import PrinterPanel
from pos.ui.printing.words import cause_name, kind_name, state_name, tone_of
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.overlay import QuestionPanel
from pos.ui.widgets.page import EmptyState, Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

LOOK_MS = 250


class PrintersPage(Page):
    """The list and what came of the last test page; `queue_asked` leads to the queue."""

    queue_asked = Signal()
    found = Signal(object)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        """Build it; `begin` reads the printers."""
        super().__init__("printers", lambda: pgettext("daftar", "Printer"))
        self.desk = desk
        self._window = window
        self._job: int | None = None
        self._of_one: list[Button] = []
        self.model: RowsModel[Printer] = RowsModel(
            (
                Column(lambda: _("Nama"), lambda one: one.name, 280),
                Column(lambda: _("Sambungan"), _connection),
                Column(lambda: _("Lebar"), lambda one: str(one.columns), 80, number=True),
                Column(lambda: _("Laci"), lambda one: _("ya") if one.drawer else "", 80),
                Column(lambda: _("Struk"), lambda one: _("di sini") if one.is_default else "", 110),
            )
        )
        self.table = ListTable(
            "printer_list",
            lambda: _("Printer"),
            self.model,  # type: ignore[arg-type]
        )
        self.result = Label("", "body", wrap=True)
        self.result.setObjectName("printer_result")
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._build()

    def _build(self) -> None:
        first = Button("printer_first", lambda: _("Tambah printer"), kind="primary", icon="add")
        first.clicked.connect(lambda: self.edit(None))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(
            EmptyState(
                "printers_empty",
                "printer",
                lambda: _("Belum ada printer. Penjualan tetap jalan; struk dapat dicetak nanti."),
                first,
            )
        )
        column = QVBoxLayout()
        column.setSpacing(Space.GUTTER)
        column.addWidget(self.stack, 1)
        column.addWidget(self.result)
        self.set_content(column)
        for name, text, icon, key, act in (
            ("printer_remove", lambda: _("Hapus"), "delete", "Del", self._ask_remove),
            ("printer_find", lambda: _("Cari printer"), "search", "F4", self.search),
            ("printer_queue", lambda: _("Antrean"), "history", "F7", self.queue_asked.emit),
            ("printer_test", lambda: _("Halaman coba"), "receipt", "F6", self.test),
        ):
            kind = "danger" if name == "printer_remove" else "secondary"
            made = Button(name, text, icon=icon, key=key, kind=kind)  # type: ignore[arg-type]
            press_by_key(made, key)
            made.clicked.connect(act)
            self.add_action(made, left=name == "printer_remove")
            if name in ("printer_remove", "printer_test"):
                self._of_one.append(made)
        new = Button("printer_add", lambda: _("Tambah"), kind="primary", icon="add", key="Ins")
        press_by_key(new, "Ins")
        new.clicked.connect(lambda: self.edit(None))
        self.add_action(new)
        self.table.taken.connect(lambda row: self.edit(self.model.row(row)))
        self.found.connect(self._found)

    def begin(self) -> None:
        """Read the printers."""
        self._job = None
        self._timer.stop()
        self.result.say("")
        self._read()
        self.table.setFocus()

    def _read(self) -> None:
        self.model.set_rows(printers(self.desk.counter.db))
        self.stack.setCurrentIndex(0 if self.model.count() else 1)
        for button in self._of_one:
            button.setEnabled(bool(self.model.count()))
        if self.table.current_row() < 0:
            self.table.go_to(0)

    def _chosen(self) -> Printer | None:
        row = self.table.current_row()
        if 0 <= row < self.model.count():
            return self.model.row(row)
        self.desk.say(_("Pilih printernya dulu."))
        return None

    def edit(self, old: Printer | None, found: list[Found] | None = None) -> None:
        """Open the form, empty or with a printer in it."""
        panel = PrinterPanel(self.desk, self._window, old, found or ())
        panel.saved.connect(self._saved)
        panel.ask()

    def _saved(self, name: str) -> None:
        self._read()
        self.table.setFocus()
        self.result.say(
            lambda: _("Printer {name} tersimpan. Cetak halaman coba untuk memastikan.").format(
                name=name
            ),
            "ok",
        )

    def search(self) -> None:
        """Look what this machine and the shop's network have; the window goes on meanwhile."""
        self.result.say(lambda: _("Mencari printer di komputer dan jaringan toko ..."), "info")
        threading.Thread(target=self._search, name="finding", daemon=True).start()

    def _search(self) -> None:
        found = find_printers()
        network = own_network()
        if network:
            found += scan_network(network)
        self.found.emit(found)

    def _found(self, found: list[Found]) -> None:
        if found:
            self.result.say("")
            self.edit(None, found)
        else:
            self.result.say(
                lambda: _("Tidak ada printer yang ditemukan. Tambah sendiri dengan alamatnya."),
                "warn",
            )

    def _ask_remove(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        yes = Button("printer_remove_yes", lambda: _("Hapus"), kind="danger", icon="delete")
        panel = QuestionPanel(
            "printer_remove_question",
            lambda: _("Hapus printer?"),
            lambda: _("{name} tidak dipakai lagi. Struk yang sudah ada tetap tersimpan.").format(
                name=chosen.name
            ),
            yes,
            lambda: _("Tidak"),
            self._window,
        )
        panel.confirmed.connect(lambda: self.remove(chosen.name))
        panel.closed.connect(panel.deleteLater)
        panel.ask()

    def remove(self, name: str) -> None:
        """Put a printer out of use."""
        counter = self.desk.counter

        def gone() -> None:
            require(counter, "printers")
            remove_printer(counter.db, name)
            counter.announce(frozenset({"printers_changed"}))

        if self.desk.run(gone):
            self._read()
            self.result.say(lambda: _("Printer {name} dihapus.").format(name=name))

    def test(self) -> None:
        """Print a test page and say what becomes of it."""
        chosen = self._chosen()
        if chosen is None:
            return
        counter = self.desk.counter

        def queue() -> int:
            require(counter, "printers")
            with counter.db.transaction():
                now = counter.clock.now_ms()
                number = add_job(counter.db.raw, "test", chosen.name, chosen.id, now)
            counter.announce(frozenset({"print_job"}))
            return number

        self.desk.run(queue, self._watch)

    def _watch(self, number: int) -> None:
        self._job = number
        self.result.say(lambda: _("Halaman coba: menunggu giliran"), "info")
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        if self._job is None:
            self._timer.stop()
            return
        row = job(self.desk.counter.db, self._job)
        tone = tone_of(row)
        self.result.say(
            lambda: _("Halaman coba: {state}").format(state=state_name(row)),
            tone if tone != "none" else "info",  # type: ignore[arg-type]
        )
        if row.state in (*FINAL, *ASKING, "blocked"):
            self._end(row)

    def _end(self, row: JobRow) -> None:
        """A test page that did not come out must not come out tomorrow."""
        self._job = None
        self._timer.stop()
        now, db = self.desk.counter.clock.now_ms(), self.desk.counter.db
        try:
            if row.state in ASKING:
                accept(db, row.id, now)
            elif row.state == "blocked":
                cancel(db, row.id, now)
        except Refused as refusal:
            self.desk.refuse(refusal)
        if row.state == "blocked":
            self.result.say(
                lambda: _("Halaman coba tidak tercetak: {cause}.").format(
                    cause=cause_name(row.cause)
                ),
                "bad",
            )


def _connection(one: Printer) -> str:
    kind, _colon, rest = one.connection.partition(":")
    return f"{kind_name(kind)}: {rest}"
