"""Joining a shop: the server's address and the owner's code, typed or scanned."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from core.errors import Refused
from core.sync.codes import read_code
from core.sync.messages import Enrolled
from pos.counter import Counter
from pos.failures import as_refusal
from pos.messages import sentence
from pos.staff.people import require
from pos.sync.enrolment import BadAddress, enrol, server_address
from pos.sync.wire import Send
from pos.ui.catalog.job import Job
from pos.ui.i18n import _, language
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label, name_widget
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import TextEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import Form, FormRow
from pos.ui.widgets.press import press_by_key


class EnrolForm(Form):
    """Address, code, counter's name. `joined` carries what the server answered."""

    joined = Signal(object)

    def __init__(self, desk: Desk, window: QWidget, sender: Callable[[str], Send]) -> None:
        """`sender` makes what speaks to an address."""
        super().__init__("enrol_form")
        self._desk = desk
        self._window = window
        self._sender = sender
        self._job: Job | None = None
        self.address = TextEdit(
            "enrol_address", lambda: _("Alamat server"), hint="https://toko.contoh.id"
        )
        self.code = TextEdit(
            "enrol_code", lambda: _("Kode dari pemilik"), hint="ABCD-EFGH", role="amount"
        )
        self.name = TextEdit(
            "enrol_name", lambda: _("Nama kasir"), hint=lambda: _("Misalnya Kasir depan")
        )
        self.address_row = FormRow(
            lambda: _("Alamat server"),
            self.address,
            hint=lambda: _("Tampil di bawah kodenya, di halaman Kasir milik pemilik."),
        )
        self.code_row = FormRow(
            lambda: _("Kode dari pemilik"),
            self.code,
            hint=lambda: _("8 huruf dan angka, berlaku 10 menit. Kode QR-nya juga dapat dipindai."),
        )
        self.name_row = FormRow(
            lambda: _("Nama kasir"),
            self.name,
            hint=lambda: _("Begini pemilik mengenali kasir ini. Boleh kosong."),
        )
        self.join = Button(
            "enrol_join", lambda: _("Hubungkan"), kind="primary", icon="transfer", key="F9"
        )
        press_by_key(self.join)
        self._build()

    def _build(self) -> None:
        self.section(lambda: _("Hubungkan ke server toko"))
        for row in (self.address_row, self.code_row, self.name_row):
            self.add(row)
        self.join.clicked.connect(self.ask)
        self.address.returnPressed.connect(self.code.setFocus)
        self.code.returnPressed.connect(self.name.setFocus)
        self.name.returnPressed.connect(self.ask)
        self.address.textEdited.connect(lambda _text: self.address_row.clear_error())
        self.code.textEdited.connect(self._code_edited)

    def suggest(self, address: str) -> None:
        """The address of before, where nobody has typed another."""
        if not self.address.text():
            self.address.setText(address)

    def begin(self) -> None:
        """Ready for the first field."""
        for row in (self.address_row, self.code_row):
            row.clear_error()
        (self.code if self.address.text() else self.address).setFocus()

    def _code_edited(self, text: str) -> None:
        self.code_row.clear_error()
        at = self.code.cursorPosition()
        if text != text.upper():
            self.code.setText(text.upper())
            self.code.setCursorPosition(at)

    def take_scan(self, text: str) -> bool:
        """Take a scanned picture: address and code, or the code alone; False for anything else."""
        address, _blank, code = text.strip().rpartition(" ")
        if read_code(code) is None:
            return False
        if address:
            try:
                self.address.setText(server_address(address))
            except BadAddress:
                return False
            self.address_row.clear_error()
        self.code.setText(code)
        self.code_row.clear_error()
        (self.name if self.address.text() else self.address).setFocus()
        return True

    def ask(self) -> None:
        """Join, beside the window; nothing else can be done meanwhile."""
        if self._job is not None or not self._filled():
            return
        counter = self._desk.counter

        def allowed() -> bytes:
            require(counter, "settings")
            counter.today()
            return counter.approver_id

        self._desk.run(allowed, self._start)

    def _filled(self) -> bool:
        """Say at the first field that is not right what is missing."""
        for row in (self.address_row, self.code_row):
            row.clear_error()
        address, code = self.address.text().strip(), self.code.text().strip()
        if not address:
            self.address_row.show_error(lambda: _("Isi alamat servernya."))
            self.address.setFocus()
        elif not self._is_address(address):
            self.address.setFocus()
        elif read_code(code) is None:
            self.code_row.show_error(
                lambda: _("Kode terdiri dari 8 huruf dan angka, misalnya ABCD-EFGH.")
            )
            self.code.setFocus()
        else:
            return True
        return False

    def _is_address(self, text: str) -> bool:
        try:
            server_address(text)
        except BadAddress as refusal:
            shown = refusal
            self.address_row.show_error(lambda: sentence(shown, language()))
            return False
        return True

    def _start(self, approver: bytes) -> None:
        """Begin the work; listeners hear of its facts when it has ended, on this thread."""
        counter = self._desk.counter
        kinds: set[str] = set()
        listeners, counter.listeners = counter.listeners, [kinds.update]
        work = self._work(counter, approver)
        waiting = JoiningPanel(self._window)
        waiting.open()
        self._job = job = Job(lambda _progress, _cancelled: work(), self)

        def ended() -> None:
            job.wait()
            self._job = None
            counter.listeners = listeners
            waiting.release()
            counter.announce(frozenset(kinds))
            job.deleteLater()

        def done(answer: Enrolled) -> None:
            ended()
            self.code.clear()
            self.joined.emit(answer)

        def failed(error: Exception) -> None:
            ended()
            self._show_failure(error)

        job.done.connect(done)
        job.failed.connect(failed)
        job.start()

    def _work(self, counter: Counter, approver: bytes) -> Callable[[], Enrolled]:
        address, code, name = self.address.text(), self.code.text(), self.name.text().strip()

        def work() -> Enrolled:
            send = self._sender(server_address(address))
            try:
                with counter.approved(approver):
                    return enrol(counter, address, code, send, name=name)
            finally:
                close = getattr(send, "close", None)
                if close is not None:
                    close()

        return work

    def _show_failure(self, error: Exception) -> None:
        refusal: Refused = as_refusal(error)
        is_code = refusal.code in ("bad_pairing_code", "enrol_refused")
        row, field = (self.code_row, self.code) if is_code else (self.address_row, self.address)
        row.show_error(lambda: sentence(refusal, language()))
        field.setFocus()
        field.selectAll()
        self._desk.sound("unknown")


class JoiningPanel(Overlay):
    """Shown while the counter joins: its records are set in the shop's order, so nobody writes."""

    def __init__(self, window: QWidget) -> None:
        """Open it with `open`; only `release` closes it."""
        super().__init__("joining_panel", lambda: _("Menghubungkan kasir"), window)
        self._released = False
        for close in self.findChildren(Button, "joining_panel_close"):
            close.hide()
        self.body.addWidget(
            Label(
                lambda: _(
                    "Berbicara dengan server dan menata catatan. Untuk toko besar ini dapat makan "
                    "waktu semenit. Jangan matikan komputer."
                ),
                "body",
                wrap=True,
            )
        )
        bar = QProgressBar()
        name_widget(bar, "joining_bar", lambda: _("Menghubungkan kasir"))
        bar.setRange(0, 0)
        self.body.addWidget(bar)

    def release(self) -> None:
        """It has ended."""
        self._released = True
        self.close_panel()
        self.deleteLater()

    def close_panel(self) -> None:
        """Not before the work has ended, whatever is pressed."""
        if self._released:
            super().close_panel()
