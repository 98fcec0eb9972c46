"""The pages of the office for `make screens`: printers, people, customers, reports.

Each is a name and what brings it about in the sample shop of `screens.Stage`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from core import cart as carts
from core.facts.selling import TenderPart
from core.halal import OWN_NUMBER
from core.pricing import price
from core.tender import TenderKind
from pos.catalog.goods import one_goods
from pos.catalog.scan import ScannedProduct, read_scan
from pos.customers.accounts import customer_named
from pos.customers.people import add_customer, repay
from pos.printing.jobs import jobs, move
from pos.printing.printers import add_printer
from pos.selling.refunds import all_lines, make_refund
from pos.selling.sales import Tendered, complete_sale
from pos.shop.sample import sample_barcode
from pos.ui.catalog.product import ProductPage
from pos.ui.customers.screen import CustomersPage
from pos.ui.printing.page import PrintersPage
from pos.ui.reports.screen import ReportsPage, View
from pos.ui.staff.people import StaffPage
from pos.ui.widgets.page import Form

if TYPE_CHECKING:
    from screens import Stage

MEMBER = "Koperasi Karyawan Pabrik Gula Tolangohula, bagian pengangkutan"
Show = Callable[["Stage"], object]


def _sell(stage: Stage, numbers: Sequence[int], kind: TenderKind, who: bytes | None = None) -> str:
    counter = stage.counter
    cart = carts.EMPTY
    for number in numbers:
        found = read_scan(counter, sample_barcode(number))
        assert isinstance(found, ScannedProduct)
        goods = one_goods(counter.db, found.product_id)
        cart, _line = carts.add(cart, goods, goods.base_unit, 1000)
    if who is not None:
        cart = carts.set_customer(cart, who)
    due = price(cart, counter.settings.tax).total
    return complete_sale(counter, cart, [Tendered(kind, due)]).receipt


def _printers(stage: Stage) -> PrintersPage:
    stage.fresh().ways.printers()
    page = stage.page()
    assert isinstance(page, PrintersPage)
    return page


def _two_printers(stage: Stage) -> PrintersPage:
    db = stage.counter.db
    add_printer(db, "Kasir depan", "tcp:192.168.18.45:9100", columns=48, cutter="partial",
                drawer=True)  # fmt: skip
    add_printer(db, "Dapur dan minuman di belakang", "file:/dev/usb/lp0", default=False)
    return _printers(stage)


def _queue(stage: Stage) -> None:
    """One paper that may be torn, others that wait."""
    stage.sale()
    stage.sale()
    db, now = stage.counter.db, stage.counter.clock.now_ms()
    first = next(row for row in jobs(db) if row.kind == "receipt")
    for state in ("sending", "unsure"):
        first = move(db, first, state, now, cause="link_lost" if state == "unsure" else "")
    stage.fresh().ways.queue()


def _staff(stage: Stage) -> StaffPage:
    stage.fresh().ways.staff()
    page = stage.page()
    assert isinstance(page, StaffPage)
    return page


def _permissions(stage: Stage) -> None:
    page = _staff(stage)
    page.table.go_to(2)
    page.rights.set_right("refund", "limit", "50.000")


def _debts(stage: Stage) -> None:
    counter = stage.counter
    yusna = customer_named(counter.db, "Ibu Yusna Mohamad").id
    _sell(stage, (1, 2, 5), TenderKind.CREDIT, yusna)
    _sell(stage, (8, 8), TenderKind.CREDIT, yusna)
    repay(counter, yusna, 20_000, [TenderPart("cash", 20_000, 20_000)])
    member = add_customer(
        counter, MEMBER, phone="0812 4455 6677", member_no="A-0471", credit_limit=1_250_000_000,
        balance_limit=750_000, note="potong gaji tanggal 25, tagih ke bendahara",
    )  # fmt: skip
    _sell(stage, (13, 16), TenderKind.CREDIT, member)
    _sell(stage, (2,), TenderKind.BALANCE, member)


def _customers(stage: Stage) -> CustomersPage:
    stage.fresh().ways.customers()
    page = stage.page()
    assert isinstance(page, CustomersPage)
    return page


def _statement(stage: Stage) -> None:
    page = _customers(stage)
    page.search.setText("A-0471")


def _report(stage: Stage, view: Callable[[ReportsPage], View]) -> None:
    stage.fresh().ways.reports()
    page = stage.page()
    assert isinstance(page, ReportsPage)
    page.show_view(view(page))


def _owed(stage: Stage) -> None:
    receipt = _sell(stage, (16, 20), TenderKind.QRIS)
    make_refund(stage.counter, receipt, all_lines(stage.counter.db, receipt, "stock"), "basi")
    _report(stage, lambda page: page.owed_view)


def _z(stage: Stage) -> None:
    """After the last shift is closed: the window asks for the next one behind this page."""
    stage.close_panels()
    stage.window.ways.reports()
    page = stage.page()
    assert isinstance(page, ReportsPage)
    page.show_view(page.z_view)


def _halal(stage: Stage) -> None:
    """A product with the certificate of its maker."""
    stage.fresh().ways.product(stage.long)
    page = stage.page()
    assert isinstance(page, ProductPage)
    page.halal.setCurrentIndex(page.halal.findData(OWN_NUMBER))
    page.halal_number.setText("ID75110000099991024")
    page.halal_number.setFocus()
    stage.settle()
    for area in page.findChildren(Form):
        area.ensureWidgetVisible(page.rows["halal_number"], 0, 120)


def _button(show: Show, name: str) -> Show:
    def shown(stage: Stage) -> None:
        show(stage)
        stage.page().findChild(QWidget, name).click()  # type: ignore[union-attr]

    return shown


OFFICE: Sequence[tuple[str, Show]] = (
    ("product-halal", _halal),
    ("printers-empty", _printers),
    ("printers", _two_printers),
    ("printer", _button(_printers, "printer_add")),
    ("queue", _queue),
    ("staff", _staff),
    ("permissions", _permissions),
    ("new-person", _button(_staff, "staff_new")),
    ("customers", lambda stage: (_debts(stage), _customers(stage))),
    ("customer-statement", _statement),
    ("customer-form", _button(_statement, "customer_change")),
    ("repay", _button(_statement, "customer_pay")),
    ("report-x", lambda stage: _report(stage, lambda page: page.x_view)),
    ("report-sales", lambda stage: _report(stage, lambda page: page.sales_view)),
    ("report-owed", _owed),
    ("report-safety", lambda stage: _report(stage, lambda page: page.safety_view)),
)
"""While the shift is open."""
CLOSED: Sequence[tuple[str, Show]] = (("report-z", _z),)
"""When it is closed."""
