"""The total in the largest type, with how many goods and what was saved."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from core.pricing import PricedCart
from pos.ui.foundation.karawo import Karawo
from pos.ui.foundation.tokens import Space
from pos.ui.i18n import _, shown_count
from pos.ui.widgets.base import Label, frame
from pos.ui.widgets.money import Money


class TotalCard:
    """The card and what it shows."""

    def __init__(self) -> None:
        """An empty cart: zero."""
        self.frame = frame("card")
        self.frame.setObjectName("total_card")
        self.heading = Label(lambda: _("Total"), "body")
        self.total = Money("total", lambda: _("Total"))
        self.below = Label("", "hint")
        top = QHBoxLayout()
        top.addWidget(self.heading)
        top.addStretch(1)
        top.addWidget(Karawo(96, 36))
        column = QVBoxLayout(self.frame)
        column.setContentsMargins(Space.MEDIUM, Space.GUTTER, Space.MEDIUM, Space.GUTTER)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.total, 1)
        column.addWidget(self.below)

    def show_cart(self, priced: PricedCart, customer: str) -> None:
        """Show another cart."""
        self.total.set_amount(priced.total)
        pieces = len(priced.lines)
        parts = [_("{count} baris").format(count=shown_count(pieces))]
        if priced.discount:
            saved = f"{priced.discount:,}".replace(",", ".")
            parts.append(_("hemat {amount}").format(amount=saved))
        if priced.tax and not priced.tax_included:
            tax = f"{priced.tax:,}".replace(",", ".")
            parts.append(_("pajak {amount}").format(amount=tax))
        if customer:
            parts.append(customer)
        self.below.say(" · ".join(parts))
