"""The way of an order in the window: the list, the buyer's code, the money, the goods.

The pages are made at their first visit, and their modules read then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.orders.codes import read_scanned
from pos.ui.i18n import _
from pos.ui.orders.bell import OrderBell

if TYPE_CHECKING:
    from pos.orders.handing import Fetched
    from pos.ui.orders.page import OrdersPage
    from pos.ui.orders.statement import StatementPage
    from pos.ui.selling.payment import PaymentPage
    from pos.ui.shell.window import MainWindow

_PAGES = frozenset({"selling", "sale_done", "orders"})
"""Where a buyer's code is taken."""


class Ordering:
    """Leads from the bell to the handover."""

    def __init__(self, window: MainWindow) -> None:
        """For the one window."""
        self._window = window
        self._desk = window.desk
        self.bell = OrderBell(window.desk, window.status, window.selling.notices, self.show)

    def show(self) -> None:
        """The list, where somebody is in."""
        if self._desk.who is None:
            return
        page = self._page()
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _page(self) -> OrdersPage:
        return self._window.page("orders", self._make_page)

    def _make_page(self) -> OrdersPage:
        from pos.ui.orders.page import OrdersPage

        page = OrdersPage(self._desk, self._window, self.bell)
        page.back.connect(self._window.sell)
        page.fetched.connect(self._fetched)
        page.statement_asked.connect(self._show_statement)
        return page

    def _show_statement(self) -> None:
        page = self._window.page("order_statement", self._make_statement)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_statement(self) -> StatementPage:
        from pos.ui.orders.statement import StatementPage

        page = StatementPage(self._desk, lambda: self._window.sync.connect_to)
        page.back.connect(self.show)
        return page

    def on_scan(self, text: str) -> bool:
        """Take a scan that is a buyer's code; False for any other, and where it has no place."""
        if read_scanned(text) is None:
            return False
        if self._window.pages.currentWidget().objectName() not in _PAGES:
            return False
        from pos.orders.handing import by_scan

        self._desk.run(lambda: by_scan(self._desk.counter, text), self._fetched)
        return True

    def _fetched(self, fetched: Fetched) -> None:
        """The code was right: take what is owed, else give the goods at once."""
        from pos.orders.paying import OrderPayment, OrderTill

        till = OrderTill(self._desk.counter, fetched)
        if not fetched.owed:
            self._desk.run(lambda: till.pay(()), self._window.paid)
            return
        page = self._window.page("order_payment", self._make_payment)
        page.title.say(lambda: _("Bayar pesanan {n}").format(n=fetched.order.number))
        self._window.pages.setCurrentWidget(page)
        page.take(OrderPayment(till))

    def _make_payment(self) -> PaymentPage:
        from pos.ui.selling.payment import PaymentPage

        page = PaymentPage(self._desk, self._window)
        page.back.connect(self.show)
        page.done.connect(self._window.paid)
        return page
