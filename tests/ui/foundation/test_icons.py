"""No icon is drawn for nobody: each one stands somewhere in the window, each name has its icon."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from pos.shop.keys import STANDARD
from pos.ui.foundation.icon_paths import PATHS
from pos.ui.foundation.icons import svg

UI = Path(__file__).parents[3] / "pos" / "ui"
NOT_THE_WINDOW = {"icon_paths.py", "gallery.py"}
KEY = re.compile(r"(F\d+|(Ctrl|Alt)\+.+|Ins|Del|Esc|Enter)$")
SECOND = {"icon_button", "EmptyState", "Act"}
THIRD = {"Sign", "set_fact", "show_fact", "say"}
FIRST = {"icon", "pixmap", "svg"}
HELD = {"icons", "_SIGNS", "_sign", "_icon"}


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _constants(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def _beside_a_key(parts: list[ast.expr]) -> Iterator[str]:
    """Rows such as ("goods_card", words, "history", "F6", act): the icon stands before the key.

    On the selling screen an act stands for its key.
    """
    for before, after in pairwise(parts):
        told = _text(after)
        by_act = isinstance(after, ast.Call) and ast.unparse(after.func) == "key_of"
        if KEY.match(told) or told in STANDARD or by_act:
            yield _text(before)


def _used_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple):
            yield from _beside_a_key(node.elts)
        elif isinstance(node, ast.Call):
            yield from _called(node)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {ast.unparse(one).rpartition(".")[2] for one in targets}
            if names & HELD and node.value is not None:
                yield from _constants(node.value)


def _called(node: ast.Call) -> Iterator[str]:
    name = ast.unparse(node.func).rpartition(".")[2]
    yield from _beside_a_key(node.args)
    for word in node.keywords:
        if word.arg == "icon":
            yield from _constants(word.value)
    for names, place in ((FIRST, 0), (SECOND, 1), (THIRD, 2)):
        if name in names and len(node.args) > place:
            yield _text(node.args[place])


def _used() -> set[str]:
    found: set[str] = set()
    for file in UI.rglob("*.py"):
        if file.name not in NOT_THE_WINDOW:
            found.update(_used_in(ast.parse(file.read_text(encoding="utf-8"))))
    return found


def test_every_icon_stands_somewhere_in_the_window() -> None:
    assert sorted(set(PATHS) - _used()) == []


def test_every_icon_that_is_named_is_drawn() -> None:
    named = {
        word.value.value
        for file in UI.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "icon" and isinstance(word.value, ast.Constant) and word.value.value
    }
    assert sorted(named - set(PATHS)) == []


def test_a_word_is_no_use() -> None:
    tree = ast.parse('kinds = (("cash", lambda: _("Tunai")),); page("printer"); frame("card")')
    assert set(_used_in(tree)) & {"cash", "printer", "card"} == set()
    for use in (
        'Button("a", "A", icon="cash")',
        'x = ("a", words, "cash", "F6", act)',
        'icon_button("a", "cash", words)',
        'icons = {"bad": "cash"}',
        'status.set_fact("a", words, "cash")',
    ):
        assert "cash" in set(_used_in(ast.parse(use))), use


def test_the_icons_are_in_the_order_of_the_alphabet_and_whole() -> None:
    assert list(PATHS) == sorted(PATHS)
    for name in PATHS:
        assert "currentColor" not in svg(name, "#123456", 20)
