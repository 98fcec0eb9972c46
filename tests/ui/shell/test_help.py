"""F1 answers on every page with that page's own lines, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos.staff.pins import set_pin
from pos.ui.i18n import CATALOGUE, say, set_language
from pos.ui.shell.help import ANSWERS
from pos.ui.wizard.screen import WizardPage
from tests.ui.hands import MI, Hands, texts

ROOT = Path(__file__).parents[3]


def _pages() -> Iterator[tuple[str, str]]:
    """Class and object name of each kind of page in the window's code."""
    for file in (ROOT / "pos" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id == "Page" for base in node.bases
            ):
                yield node.name, _name_in(node)


def _name_in(page: ast.ClassDef) -> str:
    """The first text that a page gives to Page's own beginning."""
    for node in ast.walk(page):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
            first = node.args[0]
            assert isinstance(first, ast.Constant), page.name
            return str(first.value)
    raise AssertionError(f"{page.name} gives itself no name")


def test_every_page_has_its_own_answers() -> None:
    pages = dict(_pages())
    assert len(pages) > 20
    assert {name for name in pages.values() if name not in ANSWERS} == set()
    assert set(ANSWERS) - set(pages.values()) == {"selling"}


@pytest.mark.parametrize("page", ANSWERS)
def test_a_page_is_answered_in_three_to_six_lines_of_two_languages(page: str) -> None:
    assert 3 <= len(ANSWERS[page]) <= 6
    with CATALOGUE.open("rb") as file:
        english = {str(one.id): str(one.string) for one in read_po(file) if not one.context}
    for question, answer in ANSWERS[page].items():
        set_language("id")
        asked, said = say(question), say(answer)
        assert 3 <= len(asked) <= 40
        assert len(said) <= 180
        assert english.get(asked), asked
        assert english.get(said), said
        set_language("en")
        assert (say(question), say(answer)) == (english[asked], english[said])


def test_no_two_pages_share_their_answers() -> None:
    all_of_them = [tuple(say(one) for one in answers.values()) for answers in ANSWERS.values()]
    assert len(set(all_of_them)) == len(ANSWERS)


WAYS: dict[str, Callable[[Hands], object]] = {
    "selling": lambda hands: None,
    "lock": lambda hands: (
        set_pin(hands.counter, hands.counter.staff_id, "2468"),
        hands.window.lock(),
    ),
    "payment": lambda hands: (hands.scan(MI), hands.press("F9")),
    "sale_done": lambda hands: (hands.scan(MI), hands.press("F9", "Enter")),
    "open_shift": lambda hands: hands.window.show_open_shift(),
    "close_shift": lambda hands: hands.window.show_close_shift(),
    "receipts": lambda hands: hands.window.show_receipt(),
    "goods": lambda hands: hands.window.ways.goods(),
    "product": lambda hands: hands.window.ways.product(),
    "import": lambda hands: hands.window.ways.importing(),
    "customers": lambda hands: hands.window.ways.customers(),
    "reports": lambda hands: hands.window.ways.reports(),
    "printers": lambda hands: hands.window.ways.printers(),
    "print_queue": lambda hands: hands.window.ways.queue(),
    "staff": lambda hands: hands.window.ways.staff(),
    "settings": lambda hands: hands.window.ways.settings(),
    "sync": lambda hands: hands.window.ways.sync(),
}


@pytest.mark.parametrize("page", WAYS)
def test_the_key_opens_the_pages_own_answers(hands: Hands, page: str) -> None:
    WAYS[page](hands)
    assert hands.page == page
    hands.press("F1")
    assert hands.panel == "help"
    shown = texts(hands.window)
    assert all(say(question) in shown for question in ANSWERS[page])


@pytest.mark.parametrize("by_touch", [False, True])
def test_the_wizard_answers_too(qtbot: QtBot, tmp_path: Path, by_touch: bool) -> None:
    page = WizardPage(tmp_path / "new")
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.begin()
    if by_touch:
        page.help.click()
    else:
        qtbot.keyClick(page.shop, Qt.Key.Key_F1)
    shown = texts(page)
    assert all(say(question) in shown for question in ANSWERS["wizard"])


def test_a_touch_reaches_the_answers(hands: Hands) -> None:
    hands.press("F10")
    hands.tap("help_act")
    assert hands.panel == "help"
    assert all(say(question) in texts(hands.window) for question in ANSWERS["selling"])
