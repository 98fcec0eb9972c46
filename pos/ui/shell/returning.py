"""The way of goods that come back: refund page, exchange, the difference, and what was done.

The pages are made at their first visit, and their modules read then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core import cart as carts
from pos.ui.i18n import _

if TYPE_CHECKING:
    from pos.selling.exchange import ExchangeTill
    from pos.selling.refunds import Return
    from pos.selling.sales import SaleDone
    from pos.ui.receipts.exchange import ExchangePage
    from pos.ui.receipts.refund import RefundPage
    from pos.ui.selling.payment import PaymentPage
    from pos.ui.shell.window import MainWindow


class Returning:
    """Leads through a refund or an exchange in the window."""

    def __init__(self, window: MainWindow) -> None:
        """For the one window."""
        self._window = window
        self._desk = window.desk
        self._till: ExchangeTill | None = None

    def refund(self, number: str) -> None:
        """Choose what comes back of a receipt."""
        page = self._refund_page()
        self._till = None
        if self._desk.run(lambda: page.begin(number)):
            self._window.pages.setCurrentWidget(page)

    def _refund_page(self) -> RefundPage:
        return self._window.page("refund", self._make_refund)

    def _make_refund(self) -> RefundPage:
        from pos.ui.receipts.refund import RefundPage

        page = RefundPage(self._desk)
        page.back.connect(self._window.show_receipt)
        page.done.connect(self._refunded)
        page.exchange_asked.connect(self._exchange)
        return page

    def _refunded(self, sale: SaleDone) -> None:
        self._window.done.show_refund(sale, self._ways(sale))
        self._finished()

    def _finished(self) -> None:
        self._till = None
        self._desk.sound("paid")
        self._window.pages.setCurrentWidget(self._window.done)
        self._window.done.setFocus()

    def _exchange(
        self, receipt: str, returns: Sequence[Return], reason: str, cash_instead: bool
    ) -> None:
        """Other goods for those chosen; goods added before going back are still there."""
        from pos.selling.exchange import ExchangeTill

        before = self._till.cart if self._till is not None else carts.EMPTY

        def begun(till: ExchangeTill) -> None:
            self._till = till
            page = self._exchange_page()
            self._window.pages.setCurrentWidget(page)
            page.begin(till)

        self._desk.run(
            lambda: ExchangeTill(
                self._desk.counter, receipt, returns, reason, cash_instead=cash_instead, cart=before
            ),
            begun,
        )

    def _exchange_page(self) -> ExchangePage:
        return self._window.page("exchange", self._make_exchange)

    def _make_exchange(self) -> ExchangePage:
        from pos.ui.receipts.exchange import ExchangePage

        page = ExchangePage(self._desk, self._window)
        page.back.connect(self._back_to_refund)
        page.settled.connect(self._settle)
        return page

    def _back_to_refund(self) -> None:
        page = self._refund_page()
        self._window.pages.setCurrentWidget(page)
        page.take_focus()

    def _settle(self, till: ExchangeTill) -> None:
        """The buyer pays the difference on the payment page; else it is written at once."""
        from pos.selling.exchange import DifferencePayment

        payment = DifferencePayment(till)
        if payment.cash_due == 0:
            self._desk.run(lambda: till.pay(()), self._exchanged)
            return
        page = self._window.page("difference", self._make_payment)
        self._window.pages.setCurrentWidget(page)
        page.take(payment)

    def _make_payment(self) -> PaymentPage:
        from pos.ui.selling.payment import PaymentPage

        page = PaymentPage(self._desk, self._window)
        page.title.say(lambda: _("Bayar selisih"))
        page.back.connect(self._back_to_exchange)
        page.done.connect(self._exchanged)
        return page

    def _back_to_exchange(self) -> None:
        if self._till is not None:
            page = self._exchange_page()
            self._window.pages.setCurrentWidget(page)
            page.begin(self._till)

    def _exchanged(self, sale: SaleDone) -> None:
        self._window.done.show_exchange(sale, self._ways(sale))
        self._finished()

    def _ways(self, sale: SaleDone) -> Callable[[], str]:
        """How money goes back that is not simply handed over."""
        from pos.selling.corrections import tenders_of
        from pos.ui.receipts.balance import ways_back

        parts = tenders_of(self._desk.counter.db, sale.receipt)
        back = [(part.kind, -part.amount) for part in parts if part.amount < 0]
        only_cash = all(kind == "cash" for kind, _amount in back)
        return lambda: "" if only_cash else ways_back(back)

    def on_scan(self, text: str) -> bool:
        """Take a scan while goods are exchanged; False where nobody wants it here."""
        page = self._window.pages.currentWidget()
        if self._till is None or page.objectName() != "exchange_page":
            return False
        self._exchange_page().on_scan(text)
        return True
