"""The ways to the pages of the office: printers, people, settings, customers, reports.

Each is made at its first visit, and its module read then: none of them may cost the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos.ui.customers.screen import CustomersPage
    from pos.ui.printing.page import PrintersPage
    from pos.ui.printing.queue import QueuePage
    from pos.ui.reports.screen import ReportsPage
    from pos.ui.settings.screen import SettingsPage
    from pos.ui.shell.window import MainWindow
    from pos.ui.staff.people import StaffPage


class Ways:
    """Shows one page or another in the window."""

    def __init__(self, window: MainWindow) -> None:
        """For the one window."""
        self._window = window

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
