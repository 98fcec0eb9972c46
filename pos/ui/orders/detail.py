"""One order beside the list: whose it is, what is wrong, its lines and its money."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout

from core.dates import format_clock, format_day, local_time
from core.facts.orders import OrderLine
from core.money import format_rupiah
from core.phone import shown_number
from pos.orders.reading import OrderView
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import Text, _, language
from pos.ui.orders.talk import last_words
from pos.ui.orders.words import (
    dispute,
    money_words,
    quantity,
    step_name,
    tone_of,
    trouble,
    way_name,
)
from pos.ui.shell.desk import Desk
from pos.ui.widgets.base import Label
from pos.ui.widgets.page import Facts

MOST_LINES = 9


class Detail(QFrame):
    """A card; empty where no order is chosen."""

    def __init__(self, desk: Desk) -> None:
        """Nothing is chosen yet."""
        super().__init__()
        self._desk = desk
        self.setObjectName("order_detail")
        self.setProperty("surface", "card")
        self.heading = Label("", "section", wrap=True)
        self.state = Label("", "body", wrap=True)
        self.buyer = Label("", "body", wrap=True)
        self.trouble = Label("", "body", wrap=True)
        self.trouble.setObjectName("order_trouble")
        self.talk = Label("", "body", wrap=True)
        self.talk.setObjectName("order_last_words")
        self.lines = Facts("order_lines")
        self.lines.setProperty("surface", "plain")
        self.lines.setContentsMargins(-Space.MEDIUM, 0, -Space.MEDIUM, 0)
        self.money = Facts("order_money")
        self.money.setProperty("surface", "plain")
        self.money.setContentsMargins(-Space.MEDIUM, 0, -Space.MEDIUM, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.GUTTER, Space.MEDIUM, Space.GUTTER)
        column.setSpacing(Space.SMALL)
        for widget in (self.heading, self.state, self.trouble, self.buyer, self.talk, self.lines):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self.money)

    def show_order(self, view: OrderView | None) -> None:
        """Show an order, or nothing."""
        self.setVisible(view is not None)
        if view is None:
            return
        wrong = trouble(self._desk.counter.db, view)
        self.heading.say(_("Pesanan {n}, {way}").format(n=view.number, way=way_name(view).lower()))
        said = [_state(view), dispute(view, self._until(view))]
        self.state.say(". ".join(one for one in said if one), "none" if wrong else tone_of(view))
        self.trouble.say(wrong, "bad")
        self.trouble.setVisible(bool(wrong))
        self.buyer.say(_buyer(view))
        words = last_words(self._desk, view)
        self.talk.say(words, "warn" if view.unread else "none")
        self.talk.setVisible(bool(words))
        self.lines.set_rows(_lines(view))
        self.money.set_rows(_money(view))

    def _until(self, view: OrderView) -> str:
        zone, lang = self._desk.counter.settings.zone, language()
        day = local_time(view.dispute_by_ms, zone).date().isoformat()
        return f"{format_day(day, lang)} {format_clock(view.dispute_by_ms, zone, lang)}"


def _state(view: OrderView) -> str:
    said = [step_name(view), money_words(view)]
    if view.reason and view.standing.order in ("proposed", "declined", "cancelled"):
        said.append(view.reason)
    return ". ".join(one for one in said if one)


def _buyer(view: OrderView) -> str:
    who = view.contact
    if who is None:
        return _("Nama pembeli belum datang dari server.")
    parts = [who.name, shown_number(who.phone) if who.phone else ""]
    if view.way != "collect":
        parts.append(who.address)
    if who.note:
        parts.append(_("Catatan: {note}").format(note=who.note))
    return "\n".join(part for part in parts if part)


def _lines(view: OrderView) -> list[tuple[Text, Text]]:
    shown = view.offered or view.lines
    rows: list[tuple[Text, Text]] = [_line(line) for line in shown[:MOST_LINES]]
    if len(shown) > MOST_LINES:
        rows.append((_("dan {n} lagi").format(n=len(shown) - MOST_LINES), ""))
    return rows


def _line(line: OrderLine) -> tuple[Text, Text]:
    return line.name, quantity(line.qty, line.unit)


def _money(view: OrderView) -> list[tuple[Text, Text]]:
    at = view.standing
    rows: list[tuple[Text, Text]] = []
    fee = view.offered_fee if at.order == "proposed" else view.fee
    if fee:
        rows.append((_("Ongkos kirim"), format_rupiah(fee)))
    elif view.fee_open and at.order != "proposed":
        rows.append((_("Ongkos kirim"), _("belum disebut")))
    if view.courier:
        rows.append((_("Kurir"), view.courier))
    if view.waybill:
        rows.append((_("Nomor resi"), view.waybill))
    rows.append((_("Total"), format_rupiah(view.asked_total)))
    if at.taken_back:
        rows.append((_("Ditarik kembali bank"), format_rupiah(at.taken_back)))
    elif at.paid:
        rows.append((_("Dibayar online"), format_rupiah(at.paid - at.refunded)))
    owed = at.owed + view.asked_total - at.total
    if owed > 0:
        rows.append((_("Belum dibayar"), format_rupiah(owed)))
    return rows
