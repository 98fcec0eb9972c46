"""The ways to the pages of the office: goods, printers, people, settings, customers, reports.

Each is made at its first visit, and its module read then: none of them may cost the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos.ui.catalog.card import StockCardPage
    from pos.ui.catalog.goods import GoodsPage
    from pos.ui.catalog.importing import ImportPage
    from pos.ui.catalog.product import ProductPage
    from pos.ui.customers.screen import CustomersPage
    from pos.ui.printing.page import PrintersPage
    from pos.ui.printing.queue import QueuePage
    from pos.ui.reports.screen import ReportsPage
    from pos.ui.settings.keys import KeysPage
    from pos.ui.settings.screen import SettingsPage
    from pos.ui.shell.window import MainWindow
    from pos.ui.staff.people import StaffPage
    from pos.ui.sync.merging import MergePage
    from pos.ui.sync.page import SyncPage


class Ways:
    """Shows one page or another in the window."""

    def __init__(self, window: MainWindow) -> None:
        """For the one window."""
        self._window = window

    def goods(self) -> None:
        """The list of goods."""
        page = self._window.page("goods", self._make_goods)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_goods(self) -> GoodsPage:
        from pos.ui.catalog.goods import GoodsPage

        page = GoodsPage(self._window.desk, self._window)
        page.back.connect(self._window.sell)
        page.product_asked.connect(self.product)
        page.card_asked.connect(self.card)
        page.import_asked.connect(self.importing)
        return page

    def product(self, product_id: bytes = b"") -> None:
        """One product, or an empty form for a new one."""
        page = self._window.page("product", self._make_product)
        if self._window.desk.run(lambda: page.begin(product_id)):
            self._window.pages.setCurrentWidget(page)
            page.name.setFocus()

    def _make_product(self) -> ProductPage:
        from pos.ui.catalog.product import ProductPage

        page = ProductPage(self._window.desk)
        page.back.connect(self.goods)
        page.saved.connect(lambda _id: self.goods())
        page.card_asked.connect(self.card)
        return page

    def card(self, product_id: bytes) -> None:
        """A product's stock card."""
        page = self._window.page("stock_card", self._make_card)
        if self._window.desk.run(lambda: page.begin(product_id)):
            self._window.pages.setCurrentWidget(page)
            page.table.setFocus()

    def _make_card(self) -> StockCardPage:
        from pos.ui.catalog.card import StockCardPage

        page = StockCardPage(self._window.desk, self._window)
        page.back.connect(self.goods)
        return page

    def importing(self) -> None:
        """Import goods from a file."""
        page = self._window.page("import", self._make_import)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_import(self) -> ImportPage:
        from pos.ui.catalog.importing import ImportPage

        page = ImportPage(self._window.desk, self._window)
        page.left.connect(self._window.sell)
        page.goods_asked.connect(self.goods)
        return page

    def printers(self) -> None:
        """The shop's printers."""
        page = self._window.page("printers", self._make_printers)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_printers(self) -> PrintersPage:
        from pos.ui.printing.page import PrintersPage

        page = PrintersPage(self._window.desk, self._window)
        page.back.connect(self._window.sell)
        page.queue_asked.connect(self.queue)
        return page

    def queue(self) -> None:
        """What waits for a printer."""
        page = self._window.page("print_queue", self._make_queue)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_queue(self) -> QueuePage:
        from pos.ui.printing.queue import QueuePage

        page = QueuePage(self._window.desk)
        page.back.connect(self._window.sell)
        page.printers_asked.connect(self.printers)
        return page

    def staff(self) -> None:
        """Who works here."""
        page = self._window.page("staff", self._make_staff)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_staff(self) -> StaffPage:
        from pos.ui.staff.people import StaffPage

        page = StaffPage(self._window.desk, self._window)
        page.back.connect(self._window.sell)
        return page

    def settings(self) -> None:
        """What the shop has decided."""
        page = self._window.page("settings", self._make_settings)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_settings(self) -> SettingsPage:
        from pos.ui.settings.screen import SettingsPage

        page = SettingsPage(self._window.desk)
        page.back.connect(self._window.sell)
        page.keys_asked.connect(self.keys)
        return page

    def keys(self) -> None:
        """Which key does what at this counter."""
        page = self._window.page("keys", self._make_keys)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_keys(self) -> KeysPage:
        from pos.ui.settings.keys import KeysPage

        page = KeysPage(self._window.desk, self._window)
        page.back.connect(self.settings)
        return page

    def customers(self) -> None:
        """Who owes what."""
        page = self._window.page("customers", self._make_customers)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_customers(self) -> CustomersPage:
        from pos.ui.customers.screen import CustomersPage

        page = CustomersPage(self._window.desk, self._window)
        page.back.connect(self._window.sell)
        return page

    def reports(self) -> None:
        """X and Z reports, sales, and the safety of the data."""
        page = self._window.page("reports", self._make_reports)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_reports(self) -> ReportsPage:
        from pos.ui.reports.screen import ReportsPage

        page = ReportsPage(self._window.desk)
        page.back.connect(self._window.sell)
        return page

    def _backup(self) -> None:
        self.reports()
        page = self._window.page("reports", self._make_reports)
        page.show_view(page.safety_view)

    def sync(self) -> None:
        """How it stands with the shop's server."""
        page = self._window.page("sync", self._make_sync)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_sync(self) -> SyncPage:
        from pos.ui.sync.page import SyncPage

        page = SyncPage(self._window.desk, self._window, self._window.sync)
        page.back.connect(self._window.sell)
        page.backup_asked.connect(self._backup)
        page.merge_asked.connect(self.merge)
        return page

    def merge(self) -> None:
        """Goods and customers that two counters wrote down."""
        page = self._window.page("merge", self._make_merge)
        self._window.pages.setCurrentWidget(page)
        page.begin()

    def _make_merge(self) -> MergePage:
        from pos.ui.sync.merging import MergePage

        page = MergePage(self._window.desk, self._window)
        page.back.connect(self.sync)
        return page
