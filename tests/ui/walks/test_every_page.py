"""Every page, walked through: names for screen readers, and one language at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from pos.customers.people import add_customer
from pos.printing.printers import add_printer
from pos.staff.people import add_staff
from pos.ui.foundation import theme
from pos.ui.i18n import CATALOGUE, set_language
from pos.ui.reports.screen import ReportsPage
from pos.ui.shell.ways import Ways
from pos.ui.widgets.paper import Paper
from tests.ui.hands import MI, Hands, texts

Way = Callable[[Hands], object]
REPORTS = 5
BRIGHT = 190
"""A lightness that only text and edges have in the dark theme."""
MOST_BRIGHT = 0.05


def _pay(hands: Hands) -> None:
    hands.scan(MI)
    hands.window.pay()


def _done(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter")


def _refund(hands: Hands) -> None:
    _done(hands)
    hands.window.show_receipt()
    hands.press("F8")


def _exchange(hands: Hands) -> None:
    _refund(hands)
    hands.field("refund_reason").setText("x")
    hands.press("F8")


def _swap(hands: Hands) -> None:
    _done(hands)
    hands.window.show_receipt()
    hands.press("F7")


def _card(hands: Hands) -> None:
    hands.scan(MI)
    hands.window.ways.card(hands.desk.till.cart.lines[0].goods.product_id)


def _printer(hands: Hands) -> None:
    add_printer(hands.counter.db, "Kasir", "file:/nowhere", columns=32, drawer=True)


def _permissions(hands: Hands) -> None:
    """Of somebody who is no owner: an owner's list is one sentence."""
    add_staff(hands.counter, "Nurain", "cashier")
    hands.window.ways.staff()
    hands.press("Down")


def _kasbon(hands: Hands) -> None:
    who = add_customer(hands.counter, "Ibu Yusna", credit_limit=50_000, balance_limit=40_000)
    hands.scan(MI)
    hands.desk.till.set_customer(who)
    hands.press("F9")
    hands.tap("tender_credit")


def _report(number: int) -> Way:
    """One of the reports, behind a day with a sale, a debt and a refund that is owed."""

    def show(hands: Hands) -> None:
        _kasbon(hands)
        hands.window.sell()
        _done(hands)
        hands.window.ways.reports()
        hands.press(f"Alt+{number}")

    return show


PAGES: dict[str, Way] = {
    "selling": lambda hands: None,
    "cart": lambda hands: hands.scan(MI),
    "tiles": lambda hands: hands.tap("show_tiles"),
    "discount": lambda hands: (hands.scan(MI), hands.press("F8")),
    "quantity": lambda hands: (hands.scan(MI), hands.press("F5")),
    "customer": lambda hands: hands.press("F3"),
    "price check": lambda hands: hands.press("F4"),
    "more": lambda hands: hands.press("F10"),
    "help": lambda hands: hands.press("F1"),
    "keys": lambda hands: hands.window.show_keys(),
    "payment": _pay,
    "done": _done,
    "receipts": lambda hands: hands.window.show_receipt(),
    "refund": _refund,
    "exchange": _exchange,
    "swap": _swap,
    "close shift": lambda hands: hands.window.show_close_shift(),
    "open shift": lambda hands: hands.window.show_open_shift(),
    "goods": lambda hands: hands.window.ways.goods(),
    "product": lambda hands: hands.window.ways.product(),
    "stock card": _card,
    "import": lambda hands: hands.window.ways.importing(),
    "choose keys": lambda hands: hands.window.ways.keys(),
    "printers": lambda hands: (_printer(hands), hands.window.ways.printers()),
    "no printer": lambda hands: hands.window.ways.printers(),
    "printer form": lambda hands: (hands.window.ways.printers(), hands.press("Ins")),
    "print queue": lambda hands: (_printer(hands), _done(hands), hands.window.ways.queue()),
    "staff": lambda hands: hands.window.ways.staff(),
    "permissions": _permissions,
    "new person": lambda hands: (hands.window.ways.staff(), hands.press("Ins")),
    "new PIN": lambda hands: (hands.window.ways.staff(), hands.press("F6")),
    "settings": lambda hands: hands.window.ways.settings(),
    "sync": lambda hands: hands.window.ways.sync(),
    "merge": lambda hands: hands.window.ways.merge(),
    "customers": lambda hands: (_kasbon(hands), hands.window.ways.customers()),
    "no customer": lambda hands: hands.window.ways.customers(),
    "customer form": lambda hands: (hands.window.ways.customers(), hands.press("Ins")),
    "pay back": lambda hands: (_kasbon(hands), hands.window.ways.customers(), hands.press("F8")),
    **{f"reports {number}": _report(number) for number in range(1, REPORTS + 1)},
}


def test_the_walk_knows_every_way() -> None:
    """A page that is added to the window must be added here."""
    ways = {name for name in vars(Ways) if not name.startswith("_")}
    assert ways == {
        "goods", "product", "card", "importing", "printers", "queue", "staff", "settings", "keys",
        "customers", "reports", "sync", "merge",
    }  # fmt: skip


def test_the_walk_knows_every_report(hands: Hands) -> None:
    hands.window.ways.reports()
    page = hands.window.pages.currentWidget()
    assert isinstance(page, ReportsPage)
    assert page.stack.count() == REPORTS


@cache
def _only_indonesian() -> set[str]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    messages = [one for one in catalogue if isinstance(one.id, str) and one.id]
    english = {str(one.string) for one in messages}
    return {str(one.id) for one in messages if one.string != one.id} - english


# Making a page takes longer than looking at it, so each is looked at twice for two things: as it
# begins and changes in daylight, and made in English and in the dark.
@pytest.mark.parametrize("page", PAGES)
def test_what_takes_the_focus_has_names_and_the_language_changes_under_the_eyes(
    hands: Hands, page: str
) -> None:
    PAGES[page](hands)
    nameless = [
        (type(one).__name__, one.objectName(), one.accessibleName())
        for one in hands.window.findChildren(QWidget)
        if one.isVisible()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (one.objectName() and one.accessibleName())
    ]
    assert nameless == []
    set_language("en")
    hands.wedge.settle()
    assert _indonesian(hands) == []


@pytest.mark.parametrize("page", PAGES)
def test_made_in_english_nothing_is_indonesian_and_dark_is_dark(
    hands: Hands, page: str, qapp: QApplication
) -> None:
    set_language("en")
    theme.apply(qapp, "dark")
    PAGES[page](hands)
    assert _indonesian(hands) == []
    # A new person and a new PIN are small windows before the page that was looked at.
    assert page.startswith("new ") or _bright(hands) < MOST_BRIGHT


def _indonesian(hands: Hands) -> list[str]:
    return [text for text in texts(hands.window) if text in _only_indonesian()]


@pytest.mark.parametrize("page", ["cart", "payment", "goods", "customers", "reports 3"])
def test_the_look_changes_under_the_eyes(hands: Hands, page: str, qapp: QApplication) -> None:
    """Slow where a page has many parts, so not all of them."""
    PAGES[page](hands)
    assert _bright(hands) > 0.5
    theme.apply(qapp, "dark")
    assert _bright(hands) < MOST_BRIGHT


def _bright(hands: Hands) -> float:
    """The share of bright points in the window; paper and QRIS codes are white in every theme."""
    hands.wedge.settle()
    window = hands.window
    picture = window.grab().toImage()
    white = [
        QRect(one.mapTo(window, QPoint()), one.size())
        for kind in (Paper, QLabel)
        for one in window.findChildren(kind)
        if one.isVisible() and (isinstance(one, Paper) or not one.pixmap().isNull())
    ]
    points = [
        QPoint(x, y)
        for x in range(3, window.width(), 7)
        for y in range(3, window.height(), 7)
        if not any(place.contains(x, y) for place in white)
    ]
    bright = [at for at in points if picture.pixelColor(at).lightness() > BRIGHT]
    return len(bright) / len(points)
