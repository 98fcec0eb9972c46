"""Receipts: search by number, day, amount or product; one is shown whole beside the list."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.dates import format_clock
from core.errors import Refused
from core.money import format_rupiah, parse_rupiah
from pos.receipts.documents import receipt_document
from pos.receipts.listing import ReceiptRow, find_receipts
from pos.receipts.naming import Named, many_registers, number_of, receipts_named, reference_at
from pos.selling.corrections import reprint, tenders_of
from pos.sync.wanted import Wanted
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _, language, languages
from pos.ui.receipts.swap import SwapPanel
from pos.ui.receipts.which import WhichReceipt
from pos.ui.shell.desk import Desk
from pos.ui.shell.older import Older, OlderNote, State
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import SearchEdit
from pos.ui.widgets.models import Column, RowsModel
from pos.ui.widgets.page import Page
from pos.ui.widgets.paper import Paper
from pos.ui.widgets.press import press_by_key
from pos.ui.widgets.table import ListTable

MOST = 200
_NUMBER = re.compile(r"[A-Za-z0-9]{1,12}-[0-9]{1,12}", re.ASCII)


class ReceiptsPage(Page):
    """The list and the paper; `refund_asked` carries a receipt's reference."""

    refund_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        """Build it; `begin` reads the newest."""
        super().__init__("receipts", lambda: _("Struk"))
        self.desk = desk
        self._many = False
        self.older = Older(desk)
        self.note = OlderNote("receipts_older")
        self.search = SearchEdit(
            "receipt_search",
            lambda: _("Cari struk"),
            hint=lambda: _("Nomor, tanggal (2026-11-24), jumlah, atau barang"),
        )
        self.model: RowsModel[ReceiptRow] = RowsModel(
            (
                Column(lambda: _("Nomor"), lambda row: row.receipt, 140),
                Column(lambda: _("Tanggal"), self._moment, 170),
                Column(self._who_heading, self._who),
                Column(
                    lambda: _("Total"),
                    lambda row: format_rupiah(row.due, symbol=False),
                    120,
                    number=True,
                    tone=lambda row: "bad" if row.total < 0 else "none",
                ),
            )
        )
        self.table = ListTable(
            "receipt_list",
            lambda: _("Struk"),
            self.model,  # type: ignore[arg-type]
        )
        self.paper = Paper("paper", lambda: _("Struk"))
        # A receipt's lines are set already: centred one by one they would lose their columns.
        self.paper.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._build()

    def _language_changed(self) -> None:
        """Only what is seen: every other showing reads anew."""
        if self.isVisible():
            self._show()

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(Space.GUTTER)
        left.addWidget(self.search)
        left.addWidget(self.table, 1)
        left.addWidget(self.note)
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        row.addLayout(left, 3)
        row.addWidget(self.paper, 2)
        holder = QWidget()
        holder.setLayout(row)
        self.set_content(holder)
        again = Button("reprint", lambda: _("Cetak salinan"), icon="printer", key="F6")
        press_by_key(again, "F6")
        again.clicked.connect(lambda: self._surely(self._reprint))
        refund = Button(
            "refund", lambda: _("Kembalikan barang"), kind="primary", icon="refund", key="F8"
        )
        press_by_key(refund, "F8")
        refund.clicked.connect(lambda: self._surely(self._refund))
        swap = Button("swap", lambda: _("Ganti cara bayar"), icon="transfer", key="F7")
        press_by_key(swap, "F7")
        swap.clicked.connect(lambda: self._surely(self._swap))
        self.add_action(swap)
        self.add_action(again)
        self.add_action(refund)
        self.search.query_changed.connect(lambda _text: self._find())
        self.search.step.connect(self.table.step)
        self.search.accepted.connect(lambda _text: self._accepted())
        self.older.changed.connect(self._older_came)
        self.table.current_changed.connect(lambda _row: self._show())
        languages().changed.connect(self._language_changed)
        self.desk.changed.connect(self._facts_written)

    def begin(self, number: str = "") -> None:
        """Show the newest receipts, or one by its number."""
        self._many = many_registers(self.desk.counter.db)
        self.search.setText(number)
        self._find()
        self.search.setFocus()
        self._surely(lambda: None)

    def _facts_written(self, _kinds: object) -> None:
        """Older ones may have come in; the list stays as it was asked for."""
        if self.isVisible():
            self.note.look(self.desk)

    def _moment(self, row: ReceiptRow) -> str:
        return f"{row.day} {format_clock(row.at_ms, self.desk.counter.settings.zone, language())}"

    def _who_heading(self) -> str:
        return _("Kasir, pembeli") if self._many else _("Pelanggan")

    def _who(self, row: ReceiptRow) -> str:
        kinds = {
            "refund": _("pengembalian"),
            "exchange": _("penukaran"),
            "repayment": _("bayar kasbon"),
        }
        parts = [row.register if self._many else "", row.customer, kinds.get(row.type, "")]
        if row.refunded:
            parts.append(
                _("dikembalikan {amount}").format(amount=format_rupiah(row.refunded, symbol=False))
            )
        return " · ".join(part for part in parts if part)

    def _find(self) -> None:
        text = self.search.text().strip()
        found = self._matching(text)
        self.older.look_for(Wanted(receipt=_number(text) if not found else ""))
        self.note.look(self.desk)
        self.model.set_rows(found)
        self.table.go_to(0)
        self._show()

    def _accepted(self) -> None:
        if self._chosen() is None:
            self.older.again()
        else:
            self._surely(self._refund)

    def _older_came(self) -> None:
        if self.older.state == "found":
            self._find()
        elif self._chosen() is None:
            self._show()

    def _matching(self, text: str) -> list[ReceiptRow]:
        db = self.desk.counter.db
        if not text:
            return find_receipts(db, limit=MOST)
        if len(text) == 10 and text[4] == text[7] == "-":
            return find_receipts(db, first=text, last=text, limit=MOST)
        found = find_receipts(db, number=text, limit=MOST)
        if not found:
            try:
                found = find_receipts(db, amount=parse_rupiah(text), limit=MOST)
            except Refused:
                found = []
        return found or find_receipts(db, product=text, limit=MOST)

    def _chosen(self) -> ReceiptRow | None:
        row = self.table.current_row()
        return self.model.row(row) if 0 <= row < self.model.count() else None

    def _reference(self, row: ReceiptRow) -> str:
        return reference_at(self.desk.counter.db, row.receipt, row.sale_id)

    def _surely(self, act: Callable[[], None]) -> None:
        """Do something with the chosen receipt; where the number in the field is that of several,
        ask first which was meant."""
        counter = self.desk.counter
        meant = receipts_named(counter.db, self.search.text())
        if len(meant) < 2:
            act()
            return

        def chosen(one: Named) -> None:
            self.search.setText(one.reference)
            self._find()
            self.search.setFocus()
            act()

        WhichReceipt(meant, counter.settings.zone, self.window(), chosen).ask()

    def _show(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            self.paper.say(_nothing(self.older.state))
            return
        counter = self.desk.counter
        self.paper.show_document(
            receipt_document(counter.db, counter.settings, self._reference(chosen))
        )

    def _swap(self) -> None:
        chosen = self._chosen()
        if chosen is None or chosen.type == "repayment":
            self.desk.say(_("Pilih struk penjualan dulu."))
            return
        receipt = self._reference(chosen)
        if not tenders_of(self.desk.counter.db, receipt):
            self.desk.say(_("Struk ini tidak memindahkan uang, jadi tidak ada yang diganti."))
            return
        SwapPanel(self.desk, self.window(), receipt, self._show).ask()

    def _reprint(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            counter, receipt = self.desk.counter, self._reference(chosen)
            self.desk.run(
                lambda: reprint(counter, receipt),
                lambda copy: self.desk.say(_("Salinan {copy} dicetak.").format(copy=copy), "ok"),
            )

    def _refund(self) -> None:
        chosen = self._chosen()
        if chosen is None or chosen.type in ("refund", "repayment"):
            self.desk.say(_("Pilih struk penjualan dulu."))
            return
        self.refund_asked.emit(self._reference(chosen))


def _number(text: str) -> str:
    """The receipt's number in what was typed or scanned; empty where it is none."""
    number = number_of(text)
    return number if _NUMBER.fullmatch(number) else ""


def _nothing(state: State) -> str:
    """Why no receipt is shown."""
    words: dict[str, str] = {
        "fetching": _(
            "Struk ini lebih lama daripada yang ada di kasir ini. Sedang diambil dari server…"
        ),
        "no_network": _(
            "Tidak ada jaringan: struk ini lebih lama daripada yang ada di kasir ini. Tekan Enter "
            "untuk mencoba lagi."
        ),
        "refused": _(
            "Server belum dapat memberikan struk lama ini. Tekan Enter untuk mencoba lagi."
        ),
        "none": _("Struk ini tidak ada di kasir ini dan tidak ada di server toko."),
    }
    return words.get(state, _("Tidak ada struk yang cocok."))
