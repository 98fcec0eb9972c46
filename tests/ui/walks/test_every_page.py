"""Every page, walked through: names for screen readers, and one language at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos.ui.i18n import CATALOGUE, set_language
from tests.ui.hands import MI, Hands, texts

Way = Callable[[Hands], object]


def _pay(hands: Hands) -> None:
    hands.scan(MI)
    hands.window.pay()


def _done(hands: Hands) -> None:
    hands.scan(MI)
    hands.press("F9", "Enter")


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
    "close shift": lambda hands: hands.window.show_close_shift(),
    "open shift": lambda hands: hands.window.show_open_shift(),
    "goods": lambda hands: hands.window.ways.goods(),
    "product": lambda hands: hands.window.ways.product(),
    "import": lambda hands: hands.window.ways.importing(),
}


def _only_indonesian() -> set[str]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    messages = [one for one in catalogue if isinstance(one.id, str) and one.id]
    english = {str(one.string) for one in messages}
    return {str(one.id) for one in messages if one.string != one.id} - english


@pytest.mark.parametrize("page", PAGES)
def test_whatever_takes_the_focus_has_names(hands: Hands, page: str) -> None:
    PAGES[page](hands)
    nameless = [
        (type(one).__name__, one.objectName(), one.accessibleName())
        for one in hands.window.findChildren(QWidget)
        if one.isVisible()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (one.objectName() and one.accessibleName())
    ]
    assert nameless == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_stays_in_indonesian(hands: Hands, page: str) -> None:
    set_language("en")
    PAGES[page](hands)
    assert [text for text in texts(hands.window) if text in _only_indonesian()] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_language_changes_under_the_eyes(hands: Hands, page: str) -> None:
    PAGES[page](hands)
    set_language("en")
    hands.wedge.settle()
    assert [text for text in texts(hands.window) if text in _only_indonesian()] == []
