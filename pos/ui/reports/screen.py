"""The reports page: five views behind five chips."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from pos.ui.foundation.tokens import Height, Space
from pos.ui.i18n import _
from pos.ui.reports.owed import OwedView
from pos.ui.reports.papers import XView, ZView
from pos.ui.reports.safety import SafetyView
from pos.ui.reports.sales import SalesView
from pos.ui.shell.desk import Desk
from pos.ui.widgets.button import Button, chip
from pos.ui.widgets.page import Page
from pos.ui.widgets.press import press_by_key

View = XView | ZView | SalesView | OwedView | SafetyView


class ReportsPage(Page):
    """X, Z, sales, money to send back, and the safety of the data."""

    def __init__(self, desk: Desk) -> None:
        """Build it; `begin` shows the X report."""
        super().__init__("reports", lambda: _("Laporan"))
        self.x_view = XView(desk)
        self.z_view = ZView(desk)
        self.sales_view = SalesView(desk)
        self.owed_view = OwedView(desk)
        self.safety_view = SafetyView(desk)
        self._chips: list[tuple[Button, View]] = []
        self.stack = QStackedWidget()
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        parts: tuple[tuple[str, Callable[[], str], View], ...] = (
            ("view_x", lambda: _("Laporan X"), self.x_view),
            ("view_z", lambda: _("Laporan Z"), self.z_view),
            ("view_sales", lambda: _("Penjualan"), self.sales_view),
            ("view_owed", lambda: _("Belum dikembalikan"), self.owed_view),
            ("view_safety", lambda: _("Cadangan"), self.safety_view),
        )
        for number, (name, text, view) in enumerate(parts, start=1):
            key = f"Alt+{number}"
            made = chip(name, text, key=key, checkable=True, height=Height.BUTTON)
            press_by_key(made, key)
            made.clicked.connect(self._chooser(view))
            row.addWidget(made)
            self._chips.append((made, view))
            self.stack.addWidget(view)
        row.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(Space.GUTTER)
        column.addLayout(row)
        column.addWidget(self.stack, 1)
        self.set_content(column)

    def _chooser(self, view: View) -> Callable[[], None]:
        return lambda: self.show_view(view)

    def begin(self) -> None:
        """Show the X report."""
        self.show_view(self.x_view)

    def show_view(self, view: View) -> None:
        """Show one view, read anew."""
        for made, its in self._chips:
            made.setChecked(its is view)
        self.stack.setCurrentWidget(view)
        view.begin()
