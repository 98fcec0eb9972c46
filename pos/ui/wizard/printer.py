"""The wizard's second step: a printer found or typed, tried out, or left for later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from core.errors import Refused
from pos.counter import Counter
from pos.failures import as_refusal
from pos.messages import sentence
from pos.opening import database_file
from pos.printing.enqueue import JobRow
from pos.printing.finding import Found, find_printers, own_network, scan_network
from pos.printing.printers import add_printer, printer_named, printers, remove_printer
from pos.printing.trying import Trial
from pos.receipts.printing import render_job
from pos.staff.people import require
from pos.ui.catalog.job import Job
from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import Text, _, language
from pos.ui.printing.words import KINDS, address_hint, cause_name, state_name, tone_of
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.choice import Choice
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.page import Form, FormRow
from pos.ui.widgets.press import press_by_key

Finder = Callable[[], list[Found]]
WIDTHS: tuple[tuple[int, Text], ...] = (
    (32, lambda: _("58 mm")),
    (42, lambda: _("80 mm, 42 huruf")),
    (48, lambda: _("80 mm, 48 huruf")),
)


def find_everywhere() -> list[Found]:
    """Printers of this machine and of the shop's network, which is asked."""
    network = own_network()
    return find_printers() + (scan_network(network) if network else [])


class PrinterStep(Form):
    """`ended` comes once: with a printer written down, or without one."""

    ended = Signal()

    def __init__(self, here: Finder = find_printers, everywhere: Finder = find_everywhere) -> None:
        """`here` asks the machine only, `everywhere` the network too."""
        super().__init__("wizard_printer")
        self._here, self._everywhere = here, everywhere
        self._counter: Counter | None = None
        self._trial: Trial | None = None
        self._leaving: bool | None = None
        self._over = False
        self.found: Choice[str] = Choice("wizard_found", lambda: _("Printer yang ditemukan"), ())
        self.kind: Choice[str] = Choice("wizard_kind", lambda: _("Sambungan"), KINDS)
        self.address = TextEdit("wizard_address", lambda: _("Alamat"))
        self.address_row = FormRow(
            lambda: _("Alamat"), self.address, hint=lambda: address_hint(self.kind.value())
        )
        self.widths = [
            chip(f"wizard_width_{columns}", words, checkable=True, height=Height.BUTTON)
            for columns, words in WIDTHS
        ]
        self.widths[0].setChecked(True)
        self.said = Label("", "body", wrap=True)
        self.said.setObjectName("wizard_printer_said")
        self.search = _button("wizard_search", lambda: _("Cari di jaringan"), "search", "F4")
        self.skip = _button("wizard_skip", lambda: _("Tanpa printer dulu"), "", "Esc", "quiet")
        self.test = _button("wizard_test", lambda: _("Cetak halaman coba"), "printer", "F6")
        self.start = _button("wizard_start", lambda: _("Mulai berjualan"), "store", "F9", "primary")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.add(
            Label(
                lambda: _(
                    "Tersambung printer struk? Pasang sekarang, atau kapan saja lewat "
                    "Lainnya (F10), Printer. Tanpa printer pun Anda dapat menjual."
                ),
                "body",
                wrap=True,
            )
        )
        self.add(FormRow(lambda: _("Ditemukan"), self.found))
        self.add(FormRow(lambda: _("Sambungan"), self.kind))
        self.add(self.address_row)
        self.add(FormRow(lambda: _("Lebar kertas"), _row(self.widths)))
        self.add(self.said)
        self.said.hide()

    def _connect(self) -> None:
        self.search.clicked.connect(lambda: self._look(self._everywhere))
        self.skip.clicked.connect(lambda: self._leave(keep=False))
        self.start.clicked.connect(lambda: self._leave(keep=True))
        self.test.clicked.connect(self.try_out)
        self.address.returnPressed.connect(lambda: self._leave(keep=True))
        self.found.activated.connect(lambda _at: self._take_found())
        self.kind.currentIndexChanged.connect(lambda _at: self.address_row.clear_error())
        for one in self.widths:
            one.clicked.connect(self._chooser(one))

    def _chooser(self, chosen: Button) -> Callable[[], None]:
        def choose() -> None:
            for one in self.widths:
                one.setChecked(one is chosen)

        return choose

    def foot(self) -> tuple[Button, ...]:
        """The buttons of the page's foot: the first stands at the left."""
        return self.skip, self.search, self.test, self.start

    def begin(self, counter: Counter) -> None:
        """Ready to type; what this machine knows is looked up meanwhile."""
        self._counter = counter
        self._offer([])
        self.address.setFocus()
        self._look(self._here)

    def _look(self, finder: Finder) -> None:
        self.search.setEnabled(False)
        self._say(lambda: _("Mencari printer ..."), "info")
        self._beside(finder, self._offer, lambda _error: self._offer([]))

    def _offer(self, found: Sequence[Found]) -> None:
        first: Text = (
            (lambda: _("Pilih, atau isi sendiri di bawah"))
            if found
            else (lambda: _("Tidak ada yang ditemukan; isi sendiri di bawah"))
        )
        self.found.set_options(
            [("", first), *((one.connection, f"{one.name} ({one.connection})") for one in found)]
        )
        self.search.setEnabled(True)
        self._say("")

    def _take_found(self) -> None:
        kind, _colon, rest = self.found.value().partition(":")
        if rest:
            self.kind.set_value(kind)
            self.address.setText(rest)
            self.address_row.clear_error()

    def _columns(self) -> int:
        chosen = next(at for at, one in enumerate(self.widths) if one.isChecked())
        return WIDTHS[chosen][0]

    def _save(self) -> bool:
        """Write the printer down; what is wrong is said at its field."""
        counter = self._counter
        assert counter is not None
        self.address_row.clear_error()
        address = self.address.text().strip()
        if not address:
            self.address_row.show_error(lambda: _("Isi alamat printernya."))
            self.address.setFocus()
            return False
        try:
            require(counter, "printers")
            connection = f"{self.kind.value()}:{address}"
            add_printer(counter.db, _("Kasir"), connection, columns=self._columns())
        except Exception as error:
            refusal: Refused = as_refusal(error)
            self.address_row.show_error(sentence(refusal, language()))
            self.address.setFocus()
            return False
        return True

    def try_out(self) -> None:
        """Print a test page beside the window and say what became of it."""
        counter = self._counter
        if counter is None or self._trial is not None or not self._save():
            return
        device = printer_named(counter.db, "")
        trial = self._trial = Trial(
            database_file(counter.folder), device.id, device.name, render_job, counter.clock.now_ms
        )
        self.test.setEnabled(False)
        self._say(lambda: _("Halaman coba sedang dicetak ..."), "info")
        self._beside(trial.run, self._tried, self._not_tried)

    def _tried(self, row: JobRow) -> None:
        if row.state == "blocked":
            text = _("Halaman coba tidak tercetak: {cause}.")
            self._say(text.format(cause=cause_name(row.cause)), "bad")
        else:
            self._say(_("Halaman coba: {state}").format(state=state_name(row)), tone_of(row))
        self._trial_over()

    def _not_tried(self, error: Exception) -> None:
        self._say(sentence(as_refusal(error), language()), "bad")
        self._trial_over()

    def _trial_over(self) -> None:
        self._trial = None
        self.test.setEnabled(True)
        if self._leaving is not None:
            self._leave(keep=self._leaving)

    def _leave(self, *, keep: bool) -> None:
        """Go on to selling; a page that is being printed is let go first, without waiting here."""
        if self._over:
            return
        if self._trial is not None:
            self._leaving = keep
            self._say(lambda: _("Menunggu printer melepas halaman coba ..."), "info")
            self._trial.stop()
            return
        self._leaving = None
        if keep and self.address.text().strip():
            if not self._save():
                return
        else:
            self._forget()
        self._over = True
        self.ended.emit()

    def _forget(self) -> None:
        """A printer that was only tried does not stay."""
        counter = self._counter
        assert counter is not None
        for one in printers(counter.db):
            remove_printer(counter.db, one.name)

    def _say(self, text: Text, tone: str = "none") -> None:
        self.said.say(text, tone)  # type: ignore[arg-type]
        self.said.setVisible(bool(text))

    def stop(self) -> None:
        """The window closes: let a test page be."""
        if self._trial is not None:
            self._trial.stop()

    def _beside(
        self, work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[Any], None]
    ) -> None:
        """Run beside the window. The thread may outlive this step, so it is not its child."""
        app = QApplication.instance()
        assert app is not None
        job = Job(lambda progress, cancelled: work(), app)

        def finisher(act: Callable[[Any], None]) -> Callable[[Any], None]:
            def finish(answer: Any) -> None:
                job.wait()
                job.deleteLater()
                if shiboken6.isValid(self) and not self._over:
                    act(answer)

            return finish

        job.done.connect(finisher(then))
        job.failed.connect(finisher(failed))
        job.start()


def _button(name: str, text: Text, icon: str, key: str, kind: Any = "secondary") -> Button:
    height = Height.PAY if kind == "primary" else Height.BUTTON
    made = Button(name, text, icon=icon, key=key, kind=kind, height=height)
    press_by_key(made)
    return made


def _row(widgets: Sequence[QWidget]) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.GUTTER)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return made
