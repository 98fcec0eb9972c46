"""The card of an exchange: what comes back, what goes out, and the one difference in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout

from core.money import format_rupiah
from pos.selling.exchange import DifferencePayment, ExchangeTill
from pos.selling.refunds import Difference, sold
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _, shown_quantity
from pos.ui.selling.words import tender_name
from pos.ui.widgets.base import Label, frame, line
from pos.ui.widgets.money import Money
from pos.ui.widgets.page import Facts

MOST_LINES = 4
NOT_SENT = ("qris", "card", "ewallet", "transfer")


class BalanceCard:
    """The card and what it shows; `act` is what the main button says then."""

    def __init__(self) -> None:
        """Nothing is exchanged yet."""
        self.frame = frame("card")
        self.frame.setObjectName("balance_card")
        self.receipt = Label("", "section")
        self.lines = Label("", "hint", wrap=True)
        self.sums = Facts("balance_sums")
        self.sums.setProperty("surface", "plain")
        self.sums.setContentsMargins(-Space.MEDIUM, 0, -Space.MEDIUM, 0)
        self.heading = Label("", "body")
        self.money = Money("difference", lambda: _("Selisih"), role="total")
        self.below = Label("", "hint", wrap=True)
        column = QVBoxLayout(self.frame)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.GUTTER)
        for widget in (self.receipt, Label(lambda: _("Kembali dari pembeli"), "label"),
                       self.lines, line(), self.sums):  # fmt: skip
            column.addWidget(widget)
        column.addStretch(1)
        for widget in (self.heading, self.money, self.below):
            column.addWidget(widget)
        self.act: Callable[[], str] = lambda: _("Tukar")

    def show_exchange(self, till: ExchangeTill) -> None:
        """Show an exchange as it is now."""
        made = till.difference
        self.receipt.say(till.receipt)
        self.lines.say("\n".join(_what_comes_back(till)))
        self.sums.set_rows(
            (
                (lambda: _("Barang kembali"), format_rupiah(-made.back)),
                (lambda: _("Barang keluar"), format_rupiah(made.out)),
            )
        )
        if made.total > 0:
            self._buyer_pays(till, made)
        elif made.total < 0:
            self._buyer_gets(made)
        else:
            self.heading.say(lambda: _("Tidak ada selisih"))
            self.money.set_amount(0, "none")
            self.below.say("")
            self.act = lambda: _("Tukar")

    def _buyer_pays(self, till: ExchangeTill, made: Difference) -> None:
        due = DifferencePayment(till).cash_due
        self.heading.say(lambda: _("Pembeli menambah"))
        self.money.set_amount(due, "none")
        self.below.say(_rounded(made.total, due))
        self.act = (lambda: _("Bayar selisih")) if due else (lambda: _("Tukar"))

    def _buyer_gets(self, made: Difference) -> None:
        back = -sum(part.amount for part in made.paid_back)
        self.heading.say(lambda: _("Kembalikan kepada pembeli"))
        self.money.set_amount(back, "warn")
        said = ways_back([(part.kind, -part.amount) for part in made.paid_back])
        rounded = _rounded(-made.total, back)
        self.below.say("\n".join(filter(None, (said, rounded))))
        self.act = lambda: _("Tukar")


def ways_back(parts: Sequence[tuple[str, int]]) -> str:
    """By which tenders money goes back, and what the cashier must do about it; "" for none."""
    said = " + ".join(f"{tender_name(kind)} {format_rupiah(amount)}" for kind, amount in parts)
    if not any(kind in NOT_SENT for kind, _amount in parts):
        return said
    return "\n".join(
        (
            said,
            _(
                "Uang QRIS, kartu dan transfer hanya dicatat: "
                "Anda sendiri yang mengirimnya kembali."
            ),
        )
    )


def _rounded(exact: int, due: int) -> str:
    if exact == due:
        return ""
    return _("Sebelum pembulatan tunai: {amount}").format(amount=format_rupiah(exact))


def _what_comes_back(till: ExchangeTill) -> list[str]:
    lines = sold(till.counter.db, till.receipt).lines
    rows = [
        f"{shown_quantity(item.qty)} {lines[item.line_no].unit} {lines[item.line_no].name}"
        for item in till.returns
    ]
    if len(rows) > MOST_LINES:
        more = _("dan {count} barang lagi").format(count=len(rows) - MOST_LINES + 1)
        rows = [*rows[: MOST_LINES - 1], more]
    return rows
