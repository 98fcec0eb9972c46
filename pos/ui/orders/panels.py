"""Small questions about an order: a reason, what is offered instead, the buyer's four digits."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.errors import Refused
from core.facts.orders import OrderLine
from core.orders.codes import DIGITS
from core.orders.steps import StepName
from core.orders.story import base_qty
from pos.db.merged import meant
from pos.messages import sentence
from pos.orders.handing import MOST_NAME, Fetched, by_digits, for_courier
from pos.orders.reading import OrderView
from pos.orders.stepping import Change, answer, change_of, propose, step
from pos.ui.foundation.tokens import Size
from pos.ui.i18n import _, language
from pos.ui.orders.words import quantity
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import QuantityEdit, TextEdit
from pos.ui.widgets.money import MoneyEdit
from pos.ui.widgets.overlay import Overlay
from pos.ui.widgets.page import Form, FormRow

MOST_SHOWN = 4
_LINE_HEIGHT = 96


class ReasonPanel(Overlay):
    """Declines an order or calls it off, with a reason that the buyer reads."""

    def __init__(self, desk: Desk, window: QWidget, view: OrderView, name: StepName) -> None:
        """A reason stands there already: two keys are enough."""
        titles = {
            "decline": lambda: _("Tolak pesanan {n}").format(n=view.number),
            "call_off": lambda: _("Batalkan pesanan {n}").format(n=view.number),
        }
        super().__init__("order_reason_panel", titles[name], window)
        self._desk, self._view, self._name = desk, view, name
        self.reason = TextEdit("order_reason", lambda: _("Alasan"))
        self.reason.setText(_("Stok habis") if view.short else "")
        self.row = FormRow(lambda: _("Alasan"), self.reason, hint=lambda: _("Pembeli membacanya."))
        self.body.addWidget(self.row)
        if view.standing.paid:
            told = Label(lambda: _("Yang sudah dibayar harus dikembalikan."), "hint", wrap=True)
            self.body.addWidget(told)
        yes = Button(
            "order_reason_save", lambda: _("Kirim"), kind="danger", icon="close", key="Enter"
        )
        yes.clicked.connect(self._save)
        self.reason.returnPressed.connect(self._save)
        self.add_action(yes)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it."""
        self.open(self.reason)
        self.reason.selectAll()

    def _save(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self.row.show_error(lambda: _("Tulis alasannya."))
            return
        counter = self._desk.counter
        self._desk.run(
            lambda: step(counter, self._view.id, self._name, reason=reason),
            lambda _view: self.close_panel(),
        )


class AnswerPanel(Overlay):
    """Answers a complaint: words, and money back where some is offered."""

    def __init__(self, desk: Desk, window: QWidget, view: OrderView) -> None:
        """Nothing is offered yet."""
        super().__init__(
            "order_answer_panel",
            lambda: _("Jawab keluhan pesanan {n}").format(n=view.number),
            window,
        )
        self._desk, self._view = desk, view
        self.words = TextEdit("order_answer", lambda: _("Jawaban"))
        self.row = FormRow(lambda: _("Jawaban"), self.words, hint=lambda: _("Pembeli membacanya."))
        self.back = MoneyEdit("order_answer_back", lambda: _("Uang yang dikembalikan"))
        self.sum = FormRow(
            lambda: _("Uang yang dikembalikan"),
            self.back,
            hint=lambda: _(
                "Kosong berarti tidak ada. Bila pembeli tidak setuju, Dinas memutuskan."
            ),
            before="Rp",
        )
        for row in (self.row, self.sum):
            self.body.addWidget(row)
        yes = Button("order_answer_save", lambda: _("Kirim"), kind="primary", key="Enter")
        yes.clicked.connect(self._save)
        self.words.returnPressed.connect(self.back.setFocus)
        self.back.returnPressed.connect(self._save)
        self.add_action(yes)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it at the words."""
        self.open(self.words)

    def _save(self) -> None:
        words, back = self.words.text().strip(), self.back.amount() or 0
        if not words:
            self.row.show_error(lambda: _("Tulis jawabannya."))
            self.words.setFocus()
            return
        try:
            answer(self._desk.counter, self._view.id, back, words)
        except Refused as refusal:
            self._desk.sound("unknown")
            self.sum.show_error(sentence(refusal, language()))
            return
        self.close_panel()


class OfferPanel(Overlay):
    """Offers less of what was ordered; the quantities are what the shelf has."""

    def __init__(self, desk: Desk, window: QWidget, view: OrderView) -> None:
        """A line each, with what is there."""
        super().__init__(
            "order_offer_panel",
            lambda: (
                _("Ongkos kurir untuk pesanan {n}")
                if view.fee_open
                else _("Tawarkan lain untuk pesanan {n}")
            ).format(n=view.number),
            window,
            width=Size.PANEL_WIDE,
        )
        self._desk, self._view = desk, view
        self.fields: list[QuantityEdit] = []
        self.others: list[TextEdit] = []
        self.body.addWidget(
            Label(
                lambda: _("Tulis berapa yang dapat diberikan; 0 berarti tanpa barang itu."),
                "hint",
                wrap=True,
            )
        )
        form = Form("order_offer_form")
        form.setMinimumHeight(min(len(view.lines), MOST_SHOWN) * _LINE_HEIGHT)
        for number, (line, there) in enumerate(zip(view.lines, self._there(), strict=True), 1):
            self._add_line(form, number, line, there)
        self.body.addWidget(form)
        self.fee = MoneyEdit("order_offer_fee", lambda: _("Ongkos kurir"))
        if view.way == "courier":
            self._add_fee()
        self.wrong = Label("", "hint", wrap=True)
        self.body.addWidget(self.wrong)
        yes = Button("order_offer_save", lambda: _("Tawarkan"), kind="primary", key="Enter")
        yes.clicked.connect(self._save)
        self.add_action(yes)
        self.closed.connect(self.deleteLater)

    def _add_fee(self) -> None:
        row = FormRow(
            lambda: _("Ongkos kurir"),
            self.fee,
            hint=lambda: _("Pembeli melihatnya, lalu setuju atau tidak."),
            before="Rp",
        )
        if not self._view.fee_open:
            self.fee.set_amount(self._view.fee)
        self.fee.returnPressed.connect(self._save)
        self.body.addWidget(row)

    def _add_line(self, form: Form, number: int, line: OrderLine, there: int) -> None:
        field = QuantityEdit(f"order_offer_{number}", line.name)
        field.set_quantity(there)
        other = TextEdit(
            f"order_other_{number}",
            lambda: _("Barang pengganti"),
            hint=lambda: _("Ganti: kode barang"),
        )
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(field, 1)
        row.addWidget(other, 1)
        label = _("{name} (dipesan {qty})").format(
            name=line.name, qty=quantity(line.qty, line.unit)
        )
        form.add(FormRow(label, both))
        field.returnPressed.connect(self._save)
        other.returnPressed.connect(self._save)
        self.fields.append(field)
        self.others.append(other)

    def _changes(self) -> list[Change]:
        counter, pairs = self._desk.counter, zip(self.fields, self.others, strict=True)
        return [
            change_of(counter, number, field.quantity() or 0, other.text().strip())
            for number, (field, other) in enumerate(pairs, 1)
        ]

    def _there(self) -> list[int]:
        """What the shelf has of each line, in the line's own unit."""
        db = self._desk.counter.db
        left = {one.product_id: one.missing for one in self._view.short}
        found: list[int] = []
        for line in self._view.lines:
            product_id = meant(db, "product", line.product_id)
            missing = min(left.get(product_id, 0), base_qty(line))
            left[product_id] = left.get(product_id, 0) - missing
            found.append((base_qty(line) - missing) // line.factor)
        return found

    def ask(self) -> None:
        """Open it at the first line, or at the fee that the buyer waits for."""
        first = self.fee if self._view.fee_open else self.fields[0]
        self.open(first)
        first.selectAll()

    def _save(self) -> None:
        counter = self._desk.counter
        fee = self.fee.amount() if self._view.way == "courier" else None
        try:
            propose(counter, self._view.id, self._changes(), fee=fee)
        except Refused as refusal:
            self._desk.sound("unknown")
            self.wrong.say(sentence(refusal, language()), "bad")
            return
        self.close_panel()


class CourierPanel(Overlay):
    """Asks who takes the goods along, and under which number."""

    def __init__(
        self, desk: Desk, window: QWidget, view: OrderView, right: Callable[[Fetched], None]
    ) -> None:
        """`right` is called once that is said."""
        super().__init__(
            "order_courier_panel",
            lambda: _("Beri pesanan {n} ke kurir").format(n=view.number),
            window,
        )
        self._desk, self._view, self._right = desk, view, right
        self.courier = TextEdit("order_courier", lambda: _("Kurir"))
        self.waybill = TextEdit("order_waybill", lambda: _("Nomor resi"))
        self.row = FormRow(lambda: _("Kurir"), self.courier, hint=lambda: _("Pembeli membacanya."))
        under = FormRow(lambda: _("Nomor resi"), self.waybill, hint=lambda: _("Boleh kosong."))
        for field, row in ((self.courier, self.row), (self.waybill, under)):
            field.setMaxLength(MOST_NAME)
            self.body.addWidget(row)
        yes = Button("order_courier_save", lambda: _("Serahkan"), kind="primary", key="Enter")
        yes.clicked.connect(self._save)
        self.courier.returnPressed.connect(self.waybill.setFocus)
        self.waybill.returnPressed.connect(self._save)
        self.add_action(yes)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it empty."""
        self.open(self.courier)

    def _save(self) -> None:
        try:
            found = for_courier(
                self._desk.counter, self._view.id, self.courier.text(), self.waybill.text()
            )
        except Refused as refusal:
            self._desk.sound("unknown")
            self.row.show_error(sentence(refusal, language()))
            self.courier.setFocus()
            return
        self.close_panel()
        self._right(found)


class CodePanel(Overlay):
    """Asks for the four digits that the buyer was told."""

    def __init__(
        self, desk: Desk, window: QWidget, view: OrderView, right: Callable[[Fetched], None]
    ) -> None:
        """`right` is called once they are right."""
        super().__init__(
            "order_code_panel", lambda: _("Serahkan pesanan {n}").format(n=view.number), window
        )
        self._desk, self._view, self._right = desk, view, right
        self.digits = TextEdit("order_digits", lambda: _("Kode pembeli"))
        self.digits.setMaxLength(DIGITS)
        self.row = FormRow(
            lambda: _("Kode pembeli"),
            self.digits,
            hint=lambda: _("Empat angka dari pembeli, atau tutup dan pindai kodenya."),
        )
        self.body.addWidget(self.row)
        yes = Button("order_code_save", lambda: _("Lanjut"), kind="primary", key="Enter")
        yes.clicked.connect(self._save)
        self.digits.returnPressed.connect(self._save)
        self.add_action(yes)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it empty."""
        self.open(self.digits)

    def _save(self) -> None:
        try:
            found = by_digits(self._desk.counter, self._view.number, self.digits.text())
        except Refused as refusal:
            said = sentence(refusal, language())
            self._desk.sound("unknown")
            self.row.show_error(said)
            self.digits.selectAll()
            return
        self.close_panel()
        self._right(found)
