"""Pictures of every screen, light and dark, in two sizes: `make screens` fills docs/screens.

Each picture is a `Screen` of `SCREENS`: a name and what brings it about in a sample shop. A new
screen is one more line there. The shop stands still at one instant, so that a picture only
changes when the screen does.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from office_screens import CLOSED, OFFICE
from orders_screens import ORDERS
from PIL import Image
from PySide6.QtCore import QBuffer, QEvent, QIODevice
from PySide6.QtWidgets import QApplication, QWidget
from returning_screens import RETURNING
from sync_screens import SYNC, SYNC_ALONE

from core.facts.catalog import ProductRecord
from core.tender import TenderKind
from pos import app as program
from pos.catalog.products import add_product
from pos.counter import Counter
from pos.customers.people import add_customer
from pos.device.clock import Clock
from pos.device.witness import Witness
from pos.printing.finding import Found
from pos.selling.sales import SaleDone
from pos.shifts.drawer import start_shift
from pos.shop.founding import found_shop
from pos.shop.sample import add_sample_goods, sample_barcode
from pos.staff.people import add_staff, everybody
from pos.staff.pins import set_pin
from pos.ui.foundation import theme
from pos.ui.foundation.look import looks
from pos.ui.foundation.sounds import Sounds
from pos.ui.foundation.tokens import ThemeName
from pos.ui.selling.payment import PaymentPage
from pos.ui.settings.keys import KeyPanel, KeysPage
from pos.ui.shell.desk import Desk
from pos.ui.shell.window import MainWindow
from pos.ui.shifts.cash import CashPanel
from pos.ui.shifts.closing import CloseShiftPage
from pos.ui.staff.lock import LockPage
from pos.ui.widgets.overlay import Overlay
from pos.ui.wizard.printer import PrinterStep
from pos.ui.wizard.screen import WizardPage

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screens"
SIZES = ((1024, 768), (1920, 1080))
THEMES: tuple[ThemeName, ...] = ("light", "dark")
COLOURS = 96
NOON_MS = 1_795_492_800_000  # 24 November 2026, noon in Gorontalo
BASKET = (1, 2, 5, 5, 8, 8, 8, 13, 16)  # numbers of sample goods, in the order scanned
LONG = "Minyak goreng kelapa murni Gorontalo kemasan isi ulang ekonomis keluarga besar 18 liter"
DEAR = "Mesin giling jagung pulut dengan motor listrik satu fasa dan rangka baja"
UNKNOWN = "8991002101234"


class _StandingClock(Clock):
    def now_ms(self) -> int:
        return NOON_MS

    def mono_ms(self) -> int:
        return NOON_MS


class Stage:
    """A sample shop and its window, with what the screens need to come about."""

    def __init__(self, app: QApplication, folder: Path, size: tuple[int, int]) -> None:
        """Found the shop and open its window in a size."""
        self.app = app
        self.folder = folder
        self.size = size
        self.counter = self._found(folder)
        self.dear = self._add(DEAR, 1_250_000_000)
        self.long = self._add(LONG, 412_500)
        self.desk = Desk(self.counter, Sounds(folder / "sounds", "off"))
        self.window = MainWindow(self.desk)
        self.shown: QWidget = self.window

    def _found(self, folder: Path) -> Counter:
        witness = Witness(folder / "state")
        counter = found_shop(
            folder / "shop", "Warung Nou Limboto", "Ibu Fatmawati", clock=_StandingClock(),
            witness=witness,
        )  # fmt: skip
        set_pin(counter, counter.staff_id, "246810")
        for name, role in (("Risman Pakaya", "manager"), ("Nurain Hasan", "cashier")):
            add_staff(counter, name, role)  # type: ignore[arg-type]
        set_pin(counter, everybody(counter.db)[1].id, "135790")
        add_sample_goods(counter)
        add_customer(counter, "Ibu Yusna Mohamad", credit_limit=200_000)
        add_customer(counter, "Ka Rahman (bentor)", credit_limit=100_000)
        return counter

    def _add(self, name: str, price: int) -> bytes:
        record = ProductRecord(b"", "", name, "Alat", "", "unit", price, None)
        return add_product(self.counter, record, 3_000)

    def scan(self, *numbers: int) -> None:
        """Scan sample goods by their numbers."""
        for number in numbers:
            self.window.on_scan(sample_barcode(number))

    def fresh(self) -> MainWindow:
        """The selling screen with nothing in the cart, no panel and no word in the bar."""
        self.close_panels()
        looks().set_touch(False)
        till = self.desk.till
        while till.cart.lines:
            till.remove()
        till.unknown.clear()
        till.set_customer(None)
        self.window.selling.notices.solved("unknown")
        self.window.selling.field.clear()
        if self.window.selling.grid_button.isChecked():
            self.window.selling.grid_button.click()
        self.desk.counter.staff_id = everybody(self.counter.db)[0].id
        self.desk.say("")
        self.window.sell()
        self.shown = self.window
        return self.window

    def page(self) -> QWidget:
        """The page in the window."""
        return self.window.pages.currentWidget()

    def panel(self, name: str) -> Overlay:
        """The open panel of that name."""
        return next(p for p in self.window.findChildren(Overlay, name) if p.isVisible())

    def close_panels(self) -> None:
        """Close every open panel."""
        for panel in self.window.findChildren(Overlay):
            panel.close_panel()

    def sale(self) -> SaleDone:
        """Sell the usual basket for a large note."""
        self.fresh()
        self.scan(*BASKET)
        self.window.pay()
        page = self.page()
        assert isinstance(page, PaymentPage)
        page.payment.add(TenderKind.CASH, 200_000)
        return page.payment.finish()

    def settle(self) -> None:
        """Let layouts, deletions and paints happen."""
        for _ in range(3):
            self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            self.app.processEvents()

    def close(self) -> None:
        """Put everything away."""
        if self.shown is not self.window:
            self.shown.close()
        self.window.close()
        self.counter.close()


class Screen(NamedTuple):
    """A picture's name, and what brings it about."""

    name: str
    show: Callable[[Stage], object]


def _basket(stage: Stage) -> MainWindow:
    window = stage.fresh()
    stage.scan(*BASKET)
    return window


def _selling_long(stage: Stage) -> None:
    stage.fresh()
    till = stage.desk.till
    for product in (stage.long, stage.dear):
        till.pick(product)
    stage.scan(7, 12)
    till.set_note("tanpa kantong, dibungkus kertas")
    till.select(0)
    till.set_price(399_000)


def _touch(stage: Stage) -> None:
    window = _basket(stage)
    looks().set_touch(True)
    window.selling.field.setText("5000r")
    stage.scan(2)


def _key(stage: Stage) -> None:
    ways = stage.fresh().ways
    ways.keys()
    page = stage.page()
    assert isinstance(page, KeysPage)
    page.ask(0)
    panel = stage.panel("key_panel")
    assert isinstance(panel, KeyPanel)
    panel.take("F8")


def _search(stage: Stage) -> None:
    field = _basket(stage).selling.field
    field.setText("mi")
    field.query_changed.emit("mi")


def _pay(stage: Stage) -> PaymentPage:
    _basket(stage).pay()
    page = stage.page()
    assert isinstance(page, PaymentPage)
    return page


def _split(stage: Stage) -> None:
    page = _pay(stage)
    page.payment.add(TenderKind.CASH, 50_000)
    page.field.set_amount(None)
    page._refresh()


def _done(stage: Stage) -> None:
    stage.window.paid(stage.sale())


def _park(stage: Stage) -> None:
    for numbers in ((1, 2, 3), (16, 16, 20, 22)):
        stage.fresh()
        stage.scan(*numbers)
        stage.window.selling.lines.park()
    stage.desk.say("")
    stage.fresh().show_parked()


def _price_check(stage: Stage) -> None:
    selling = _basket(stage).selling
    selling.asking.price_check()
    selling.asking.scan(sample_barcode(16))


def _override(stage: Stage) -> None:
    window = _basket(stage)
    stage.counter.staff_id = everybody(stage.counter.db)[2].id
    window.selling.asking.discount()
    panel = window.selling.asking.panel
    assert panel is not None
    panel.findChild(QWidget, "discount_field").setText("12.000")  # type: ignore[union-attr]
    panel.findChild(QWidget, "discount_save").click()  # type: ignore[union-attr]
    panel.hide()


def _close_shift(stage: Stage) -> CloseShiftPage:
    stage.fresh().show_close_shift()
    page = stage.page()
    assert isinstance(page, CloseShiftPage)
    for value, pieces in ((100_000, 4), (50_000, 3), (20_000, 6), (5_000, 8), (1_000, 14)):
        page.pieces[value].set_quantity(pieces * 1000)
    return page


def _pin(stage: Stage) -> None:
    stage.fresh().lock()
    page = stage.page()
    assert isinstance(page, LockPage)
    page.choose(everybody(stage.counter.db)[0])
    page.pad.type_text("246")


def _closed(stage: Stage) -> None:
    page = _close_shift(stage)
    page.findChild(QWidget, "close_shift_now").click()  # type: ignore[union-attr]


def _wizard(stage: Stage) -> None:
    page = WizardPage(stage.folder / "new")
    page.resize(*stage.size)
    page.show()
    page.begin()
    stage.shown = page


def _wizard_printer(stage: Stage) -> None:
    found = [Found("file:/dev/usb/lp0", "EPSON TM-T82")]
    page = WizardPage(stage.folder / "newer", PrinterStep(lambda: found, lambda: found))
    page.resize(*stage.size)
    page.show()
    page.shop.setText("Warung Nou")
    page.owner.setText("Ibu Fatmawati")
    page.next.click()
    while page.printer.found.count() < 2:
        stage.settle()
    stage.shown = page


# In the order in which one shop lives through them: the first opens its shift, the last closes it.
SCREENS: Sequence[Screen] = (
    Screen("wizard", _wizard),
    Screen("wizard-printer", _wizard_printer),
    Screen("lock", lambda stage: (stage.fresh(), stage.window.lock())),
    Screen("pin", _pin),
    Screen("open-shift", lambda stage: stage.fresh()),
    Screen("empty", lambda stage: (start_shift(stage.counter, 300_000), stage.fresh())),
    Screen("selling", _basket),
    Screen("selling-long", _selling_long),
    Screen("touch", _touch),
    Screen("search", _search),
    Screen("tiles", lambda stage: _basket(stage).selling.grid_button.click()),
    Screen("unknown", lambda stage: (_basket(stage), stage.window.on_scan(UNKNOWN))),
    Screen(
        "new-product",
        lambda stage: (
            _basket(stage),
            stage.window.on_scan(UNKNOWN),
            stage.window.selling.ringing.new_product(),
        ),
    ),
    Screen("quantity", lambda stage: _basket(stage).selling.asking.quantity()),
    Screen("discount", lambda stage: _basket(stage).selling.asking.discount()),
    Screen("override", _override),
    Screen("customer", lambda stage: _basket(stage).selling.asking.customer()),
    Screen("price-check", _price_check),
    Screen("payment", _pay),
    Screen("payment-split", _split),
    Screen("qris", lambda stage: _pay(stage).choose(TenderKind.QRIS)),
    Screen("done", _done),
    Screen("parked", _park),
    Screen("receipts", lambda stage: (stage.sale(), stage.fresh().show_receipt())),
    *(Screen(name, show) for name, show in RETURNING),
    Screen("more", lambda stage: _basket(stage).show_more()),
    Screen("help", lambda stage: stage.fresh().show_help()),
    Screen("keys", lambda stage: stage.fresh().show_keys()),
    Screen("goods", lambda stage: stage.fresh().ways.goods()),
    Screen("product", lambda stage: stage.fresh().ways.product(stage.dear)),
    Screen("stock-card", lambda stage: stage.fresh().ways.card(stage.dear)),
    Screen("import", lambda stage: stage.fresh().ways.importing()),
    Screen("settings", lambda stage: stage.fresh().ways.settings()),
    *(Screen(name, show) for name, show in OFFICE),
    Screen("key", _key),
    *(Screen(name, show) for name, show in SYNC_ALONE),
    Screen("cash-out", lambda stage: CashPanel(stage.desk, stage.fresh(), "out").ask()),
    Screen("close-shift", _close_shift),
    Screen("closed", _closed),
    *(Screen(name, show) for name, show in CLOSED),
    *(Screen(name, show) for name, show in SYNC),
    *(Screen(name, show) for name, show in ORDERS),
)  # fmt: skip


def write(widget: QWidget, file: Path) -> None:
    """Write a picture of a widget with no more colours than it needs."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")  # type: ignore[call-overload]
    picture = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(file, "PNG", optimize=True)


def pictures(
    app: QApplication, folder: Path, theme_name: ThemeName, size: tuple[int, int], only: set[str]
) -> None:
    """Write each screen in one theme and size."""
    theme.apply(app, theme_name)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["HUYULA_STATE"] = str(Path(temporary) / "state")
        stage = Stage(app, Path(temporary), size)
        stage.window.resize(*size)
        stage.window.show()
        for screen in SCREENS:
            screen.show(stage)
            stage.settle()
            if not only or screen.name in only:
                write(stage.shown, folder / f"{screen.name}-{theme_name}-{size[0]}x{size[1]}.png")
        stage.close()


def main(names: Sequence[str] = ()) -> int:
    """Write the pictures, or only those that are named."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    FOLDER.mkdir(parents=True, exist_ok=True)
    app = program.application("light")
    for theme_name in THEMES:
        for size in SIZES:
            pictures(app, FOLDER, theme_name, size, set(names))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
