"""The print queue: what waits, what asks whether it came out whole, and what a person decides."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from core.dates import format_clock
from pos.printing.enqueue import JobRow
from pos.printing.jobs import ASKING, accept, cancel, jobs, print_again, redirect, release
from pos.printing.printers import printer_by_id, printers
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _, language, pgettext
from pos.ui.printing.words import paper_name, state_name, tone_of
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, frame
from pos.ui.widgets.button import Button
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.page import EmptyState, Page
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

LOOK_MS = 1_000


class QueuePage(Page):
    """Jobs that wait or ask; `printers_asked` leads to the printers."""

    printers_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        """Build it; `begin` reads the queue, and again each second while it is shown."""
        super().__init__("print_queue", lambda: _("Antrean cetak"))
        self.desk = desk
        self.model: RowsModel[JobRow] = RowsModel(
            (
                Column(lambda: pgettext("pukul", "Jam"), self._clock, 90),
                Column(lambda: _("Cetakan"), paper_name, 230),
                Column(lambda: _("Printer"), self._printer, 150),
                Column(lambda: _("Keadaan"), state_name, tone=tone_of),
            )
        )
        self.table = ListTable(
            "queue_list",
            lambda: _("Antrean cetak"),
            self.model,  # type: ignore[arg-type]
        )
        self.question = Label("", "section", wrap=True)
        self.question.setObjectName("queue_question")
        self.why = Label("", "body", wrap=True)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._build()

    def _build(self) -> None:
        card = frame("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(Space.MEDIUM, Space.GUTTER, Space.MEDIUM, Space.GUTTER)
        inside.setSpacing(Space.SMALL)
        inside.addWidget(self.question)
        inside.addWidget(self.why)
        row = QHBoxLayout()
        row.setSpacing(Space.GUTTER)
        self.whole = self._button("queue_whole", lambda: _("Ya, utuh"), "check", "F8", self._whole)
        self.again = self._button(
            "queue_again", lambda: _("Tidak, cetak lagi"), "printer", "F6", self._again
        )
        self.go_on = self._button(
            "queue_release", lambda: _("Cetak sekarang"), "printer", "F9", self._release
        )
        self.other = self._button(
            "queue_redirect", lambda: _("Ke printer lain"), "transfer", "F5", self._redirect
        )
        self.drop = self._button("queue_cancel", lambda: _("Batalkan"), "delete", "Del", self._drop)
        self.drop.set_kind("danger")
        for button in (self.whole, self.again, self.go_on, self.other):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.drop)
        inside.addLayout(row)
        shown = QStackedWidget()
        shown.addWidget(self.table)
        shown.addWidget(
            EmptyState("queue_empty", "check", lambda: _("Tidak ada cetakan yang menunggu."))
        )
        self.stack, self._card = shown, card
        column = QVBoxLayout()
        column.setSpacing(Space.GUTTER)
        column.addWidget(shown, 1)
        column.addWidget(card)
        self.set_content(column)
        ways = Button(
            "queue_printers", lambda: pgettext("daftar", "Printer"), icon="settings", key="F7"
        )
        press_by_key(ways, "F7")
        ways.clicked.connect(self.printers_asked)
        self.add_action(ways)
        self.table.current_changed.connect(lambda _row: self._show())

    def _button(
        self, name: str, text: Callable[[], str], icon: str, key: str, act: Callable[[], None]
    ) -> Button:
        made = Button(name, text, icon=icon, key=key)
        press_by_key(made, key)
        made.clicked.connect(act)
        return made

    def begin(self) -> None:
        """Read the queue; what asks comes first."""
        self._look()
        self.table.go_to(0)
        self.table.setFocus()
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        if not self.isVisible():
            self._timer.stop()
        found = jobs(self.desk.counter.db)
        found.sort(key=lambda row: (row.state not in ASKING, row.id))
        self.model.set_rows(found)
        self.stack.setCurrentIndex(0 if found else 1)
        if self.table.current_row() < 0:
            self.table.go_to(0)
        self._show()

    def _clock(self, row: JobRow) -> str:
        return format_clock(row.created_ms, self.desk.counter.settings.zone, language())

    def _printer(self, row: JobRow) -> str:
        found = printer_by_id(self.desk.counter.db, row.printer_id)
        return found.name if found else "-"

    def _chosen(self) -> JobRow | None:
        row = self.table.current_row()
        return self.model.row(row) if 0 <= row < self.model.count() else None

    def _others(self, row: JobRow) -> list[int]:
        return [one.id for one in printers(self.desk.counter.db) if one.id != row.printer_id]

    def _show(self) -> None:
        row = self._chosen()
        self._card.setVisible(row is not None)
        if row is None:
            return
        asks = row.state in ASKING
        waits = row.state in ("queued", "blocked")
        self.question.say(
            lambda: (
                _("{paper} keluar utuh?").format(paper=paper_name(row)) if asks else paper_name(row)
            )
        )
        self.why.say(lambda: state_name(row), tone_of(row))  # type: ignore[arg-type]
        self.whole.setVisible(asks)
        self.again.setVisible(asks)
        self.go_on.setVisible(waits and row.cause == "old")
        self.other.setVisible(waits and bool(self._others(row)))
        self.drop.setVisible(asks or waits or row.state in ("checking", "stalled"))

    def _decide(self, decide: Callable[[JobRow, int], object], said: str) -> None:
        row = self._chosen()
        if row is None:
            return
        counter = self.desk.counter
        if self.desk.run(lambda: decide(row, counter.clock.now_ms())):
            counter.announce(frozenset({"print_job"}))
            self.desk.say(said, "ok")
        self._look()

    def _whole(self) -> None:
        db = self.desk.counter.db
        self._decide(lambda row, now: accept(db, row.id, now), _("Dicatat: utuh."))

    def _again(self) -> None:
        db = self.desk.counter.db
        self._decide(lambda row, now: print_again(db, row.id, now), _("Dicetak lagi."))

    def _release(self) -> None:
        db = self.desk.counter.db
        self._decide(lambda row, now: release(db, row.id, now), _("Dicetak sekarang."))

    def _redirect(self) -> None:
        db = self.desk.counter.db
        self._decide(
            lambda row, now: redirect(db, row.id, self._others(row)[0], now),
            _("Dipindahkan ke printer lain."),
        )

    def _drop(self) -> None:
        db = self.desk.counter.db
        self._decide(lambda row, now: cancel(db, row.id, now), _("Dibatalkan."))
