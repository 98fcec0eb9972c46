"""The one window: top bar, pages, status bar, and the way between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from core.errors import Refused
from pos.journal.confirming import confirm_day
from pos.messages import sentence
from pos.selling.sales import SaleDone
from pos.shifts.closing import Closed
from pos.shifts.open_shift import open_shift
from pos.shop.preferences import load_preferences
from pos.ui.foundation.look import looks
from pos.ui.i18n import _, language
from pos.ui.keys.keymap import keymap, shortcut
from pos.ui.keys.scan_filter import ScanFilter
from pos.ui.receipts.screen import ReceiptsPage
from pos.ui.selling.done import DonePage
from pos.ui.selling.parked import ParkedPanel
from pos.ui.selling.payment import PaymentPage
from pos.ui.selling.screen import SellingScreen
from pos.ui.shell.acts import groups
from pos.ui.shell.desk import Desk
from pos.ui.shell.facts import StatusFacts
from pos.ui.shell.help import help_sheet
from pos.ui.shell.idle import IdleLock
from pos.ui.shell.key_sheet import key_sheet
from pos.ui.shell.more import MorePanel
from pos.ui.shell.new_line import NewLine
from pos.ui.shell.ordering import Ordering
from pos.ui.shell.returning import Returning
from pos.ui.shell.ways import Ways
from pos.ui.shifts.cash import CashPanel
from pos.ui.shifts.closing import ClosedPage, CloseShiftPage
from pos.ui.shifts.opening import OpenShiftPage
from pos.ui.staff.lock import LockPage
from pos.ui.staff.override import Override
from pos.ui.widgets.bars import StatusBar, TopBar
from pos.ui.widgets.button import Button
from pos.ui.widgets.overlay import QuestionPanel

if TYPE_CHECKING:
    from pos.ui.catalog.goods import GoodsPage
    from pos.ui.catalog.product import ProductPage
    from pos.ui.sync.link import SyncLink
    from pos.ui.sync.page import SyncPage

P = TypeVar("P", bound=QWidget)
LEAST_WIDTH, LEAST_HEIGHT = 1024, 600
CLOCK_MS = 5_000


class MainWindow(QWidget):
    """Everything a cashier sees. `ready` once the first scan can be taken."""

    ready = Signal()

    def __init__(self, desk: Desk) -> None:
        """Build the selling screen; other pages are made at their first visit."""
        super().__init__()
        self.desk = desk
        self.import_first = False
        chosen = load_preferences(desk.counter.db)
        keymap().put(chosen.keys)
        looks().set_touch(chosen.touch)
        self.ways = Ways(self)
        self.returning = Returning(self)
        self.setObjectName("main")
        self.setWindowTitle("Huyula")
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.top = TopBar("top", desk.counter.settings.shop_name)
        self.status = StatusBar("status")
        self.facts = StatusFacts(desk, self.status)
        self.pages = QStackedWidget()
        self._made: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        self.selling = SellingScreen(desk, self)
        self._keep("selling", self.selling)
        self._lines = NewLine(desk.counter, self.selling.notices)
        self.done = DonePage()
        self._keep("done", self.done)
        self.ordering = Ordering(self)
        self._connect()
        self._idle = IdleLock(desk, self.lock, self)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.facts.tick)
        self._clock.start(CLOCK_MS)

    def _keep(self, name: str, page: QWidget) -> None:
        self._made[name] = page
        self.pages.addWidget(page)

    def _connect(self) -> None:
        desk, selling = self.desk, self.selling
        desk.said.connect(self._said)
        desk.changed.connect(self._facts_written)
        desk.asked_manager.connect(self._ask_manager)
        desk.asked_date.connect(self._ask_date)
        selling.pay_asked.connect(self.pay)
        selling.parked_asked.connect(self.show_parked)
        selling.more_asked.connect(self.show_more)
        selling.lock_asked.connect(self.lock)
        selling.receipt_asked.connect(self.show_receipt)
        self.done.again.connect(self.sell)
        self.status.fact_clicked.connect(self._fact_clicked)
        for key, act in (
            ("F1", self.show_help),
            ("Ctrl+/", self.show_keys),
            ("F11", self.toggle_full_screen),
            ("Ctrl+O", self.ordering.show),
        ):
            shortcut(key, self, act)

    def listen(self, scans: ScanFilter) -> None:
        """Take scans from now on."""
        scans.watch(self, self.selling.field, self.selling.ringing.act)
        scans.scanned.connect(self.on_scan)
        scans.refused.connect(self.selling.asking.scan)

    def begin(self) -> None:
        """Somebody must say who they are, then the shift, then selling."""
        self.facts.tick()
        self.lock()
        self.ready.emit()

    def on_scan(self, text: str) -> None:
        """A scan: on the selling screen a line, after a sale the next one, else a word."""
        if self.ordering.on_scan(text):
            return
        page = self.pages.currentWidget()
        if page is self.done:
            self.sell()
        if self.pages.currentWidget() is self.selling:
            self.selling.ringing.on_scan(text)
        elif isinstance(page, ReceiptsPage):
            page.begin(text)
        elif self._made.get("goods") is page or self._made.get("product") is page:
            cast("GoodsPage | ProductPage", page).on_scan(text)
        elif self._made.get("sync") is page and cast("SyncPage", page).on_scan(text):
            return
        elif not self.returning.on_scan(text):
            self.desk.sound("attention")
            self.desk.say(
                _("Pindaian {text} belum dipakai. Kembali ke penjualan dulu (Esc).").format(
                    text=text
                ),
                "warn",
            )

    def sell(self) -> None:
        """Show the selling screen, or the opening of a shift where none is open."""
        if open_shift(self.desk.counter.db) is None:
            self.show_open_shift()
            return
        self.pages.setCurrentWidget(self.selling)
        self.selling.refresh()
        self.selling.field.setFocus()
        self.facts.show()

    def lock(self) -> None:
        """Nobody is in; the cart stays. Not while a command still runs beside the window."""
        if self.desk.counter.db.in_transaction:
            self._idle.rest()
            return
        last, self.desk.counter.staff_id = self.desk.counter.staff_id, b""
        page = self._page("lock", self._make_lock)
        self.top.who.say("")
        self.pages.setCurrentWidget(page)
        page.begin(last)

    def _make_lock(self) -> LockPage:
        page = LockPage(self.desk)
        page.opened.connect(self._entered)
        return page

    def _entered(self) -> None:
        who = self.desk.who
        self.top.who.say(who.name if who else "")
        if self.desk.till.resumed:
            self.desk.till.resumed = False
            self.desk.say(_("Keranjang terakhir dilanjutkan."), "info")
        if self.import_first:
            self.import_first = False
            self.ways.importing()
        else:
            self.sell()

    @cached_property
    def sync(self) -> SyncLink:
        """The link to the shop's server; `Program` begins and stops it."""
        from pos.ui.sync.link import SyncLink

        made = SyncLink(self.desk)
        made.turned.connect(self.facts.sync)
        return made

    def page(self, name: str, make: Callable[[], P]) -> P:
        """A page by its name, made at its first visit."""
        return self._page(name, make)

    def _page(self, name: str, make: Callable[[], P]) -> P:
        if name not in self._made:
            self._keep(name, make())
        return cast("P", self._made[name])

    def pay(self) -> None:
        """Take the money for the cart."""
        if not self.desk.till.cart.lines:
            self.desk.say(_("Keranjang masih kosong. Pindai atau ketik nama barang."))
            return
        page = self._page("payment", self._make_payment)
        self.pages.setCurrentWidget(page)
        page.begin()

    def _make_payment(self) -> PaymentPage:
        page = PaymentPage(self.desk, self)
        page.back.connect(self.sell)
        page.done.connect(self.paid)
        return page

    def paid(self, sale: SaleDone) -> None:
        """A sale is saved: its change in large figures."""
        self.desk.sound("paid")
        self.desk.say(_("Penjualan {receipt} tersimpan.").format(receipt=sale.receipt), "ok")
        self.done.show_sale(sale)
        self.pages.setCurrentWidget(self.done)
        self.done.setFocus()

    def show_open_shift(self) -> None:
        """Open a shift."""
        page = self._page("open_shift", self._make_open_shift)
        self.pages.setCurrentWidget(page)
        page.begin()
        self.facts.show()

    def _make_open_shift(self) -> OpenShiftPage:
        page = OpenShiftPage(self.desk)
        page.opened.connect(self.sell)
        return page

    def show_close_shift(self) -> None:
        """Close the shift."""
        page = self._page("close_shift", self._make_close_shift)
        self.pages.setCurrentWidget(page)
        page.begin()

    def _make_close_shift(self) -> CloseShiftPage:
        page = CloseShiftPage(self.desk)
        page.back.connect(self.sell)
        page.closed_shift.connect(self._closed)
        return page

    def _closed(self, closed: Closed) -> None:
        page = self._page("closed", self._make_closed)
        page.show_closed(closed)
        self.desk.sound("shift")
        self.pages.setCurrentWidget(page)

    def _make_closed(self) -> ClosedPage:
        page = ClosedPage()
        page.again.connect(self.lock)
        return page

    def show_receipt(self, number: str = "") -> None:
        """The list of receipts, at one of them where a number is given."""
        page = self._page("receipts", self._make_receipts)
        self.pages.setCurrentWidget(page)
        page.begin(number)

    def _make_receipts(self) -> ReceiptsPage:
        page = ReceiptsPage(self.desk)
        page.back.connect(self.sell)
        page.refund_asked.connect(self.show_refund)
        return page

    def show_refund(self, number: str) -> None:
        """Give back lines of a receipt, or exchange them."""
        self.returning.refund(number)

    def show_parked(self) -> None:
        """The list of parked carts."""
        panel = ParkedPanel(self.desk, self)
        if panel.model.count():
            panel.ask()
        else:
            panel.deleteLater()
            self.desk.say(_("Tidak ada keranjang yang diparkir."))

    def show_more(self) -> None:
        """What else can be done."""
        MorePanel(groups(self), self).ask()

    def ask_cash(self, direction: Literal["in", "out", "open"]) -> None:
        """Cash in or out, or only the drawer opened."""
        CashPanel(self.desk, self, direction).ask()

    def show_help(self) -> None:
        """What can be done on this screen."""
        name = self.pages.currentWidget().objectName()
        help_sheet(name, self).open()

    def show_keys(self) -> None:
        """All keys."""
        key_sheet(self).open()

    def toggle_full_screen(self) -> None:
        """The whole screen, or a window."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _said(self, text: str, tone: str) -> None:
        icons = {"bad": "stop", "warn": "alert", "ok": "check", "info": "info"}
        self.status.say(text, tone, icons.get(tone, ""))  # type: ignore[arg-type]

    def _ask_manager(self, refusal: Refused, again: Callable[[], object]) -> None:
        Override(self.desk, self, refusal, again).ask()

    def _ask_date(self, refusal: Refused, again: Callable[[], object]) -> None:
        day = str(refusal.details["proposal"])
        yes = Button("confirm_day", lambda: _("Ya, tanggal {day}").format(day=day), kind="primary")
        panel = QuestionPanel(
            "confirm_date",
            lambda: _("Jam komputer tidak benar"),
            sentence(refusal, language()),
            yes,
            lambda: _("Belum"),
            self,
        )

        def confirmed() -> None:
            confirm_day(self.desk.counter, day)
            again()

        panel.confirmed.connect(confirmed)
        panel.closed.connect(panel.deleteLater)
        panel.ask()

    def _facts_written(self, kinds: frozenset[str]) -> None:
        if "line_opened" in kinds:
            self._lines.look()
        if "settings_changed" in kinds:
            self.top.shop.say(self.desk.counter.settings.shop_name)
        self.facts.show()

    def _fact_clicked(self, key: str) -> None:
        if key == "printer" and self.desk.who is not None:
            self.ways.queue()
        elif key == "sync" and self.desk.who is not None:
            self.ways.sync()
        elif key == "orders":
            self.ordering.show()

    def watch_idle(self, app: QApplication) -> None:
        """Lock by itself after the shop's minutes without a key or touch."""
        self._idle.watch(app)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The selling screen measures by the window."""
        super().resizeEvent(event)
        self.selling.arrange()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing loses nothing: the open cart is on disk already."""
        event.accept()
