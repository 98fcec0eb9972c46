"""Two languages, switched while running."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos.ui import i18n
from pos.ui.i18n import N_, _, language, languages, ngettext, pgettext, say, set_language
from pos.ui.widgets.base import Label
from pos.ui.widgets.button import Button
from pos.ui.widgets.fields import TextEdit

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Bayar"
msgstr "Pay"

msgid "{n} barang"
msgid_plural "{n} barang"
msgstr[0] "{n} item"
msgstr[1] "{n} items"

msgctxt "shift"
msgid "Tutup"
msgstr "Close the shift"
"""


@pytest.fixture(autouse=True)
def _catalogue(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    po = tmp_path / "huyula.po"
    po.write_text(PO, encoding="utf-8")
    monkeypatch.setattr(i18n, "CATALOGUE", po)
    monkeypatch.setattr(i18n, "_cache_folder", lambda: tmp_path / "cache")
    set_language("id")
    yield
    set_language("id")


def test_indonesian_is_what_the_code_says() -> None:
    assert language() == "id"
    assert _("Bayar") == "Bayar"
    assert ngettext("{n} barang", "{n} barang", 2) == "{n} barang"


def test_english_with_plurals_and_contexts() -> None:
    set_language("en")
    assert language() == "en"
    assert _("Bayar") == "Pay"
    assert ngettext("{n} barang", "{n} barang", 1) == "{n} item"
    assert ngettext("{n} barang", "{n} barang", 2) == "{n} items"
    assert pgettext("shift", "Tutup") == "Close the shift"
    assert _("Tutup") == "Tutup"
    assert N_("Bayar") == "Bayar"


def test_a_change_is_told_once() -> None:
    heard: list[str] = []
    languages().changed.connect(lambda: heard.append(language()))
    for chosen in ("en", "en", "id"):
        set_language(chosen)
    assert heard == ["en", "id"]


def test_widgets_change_what_they_say(qtbot: QtBot) -> None:
    button = Button("pay", lambda: _("Bayar"), key="F9")
    label = Label(lambda: _("Bayar"))
    field = TextEdit("pay_field", lambda: _("Bayar"), hint=lambda: _("Bayar"))
    for widget in (button, label, field):
        qtbot.addWidget(widget)
    set_language("en")
    assert (button.text(), button.accessibleName(), label.text()) == ("Pay", "Pay, F9", "Pay")
    assert (field.accessibleName(), field.placeholderText()) == ("Pay", "Pay")


def test_a_widget_that_is_gone_is_not_asked(qtbot: QtBot) -> None:
    asked: list[int] = []

    def text() -> str:
        asked.append(1)
        return "x"

    label = Label(text)
    count = len(asked)
    shiboken6.delete(label)
    set_language("en")
    assert len(asked) == count


def test_texts_can_be_plain() -> None:
    assert say("Kopi") == "Kopi"
    assert say(lambda: "Kopi") == "Kopi"


def test_the_catalogue_is_compiled_once_a_content(tmp_path: Path) -> None:
    po, cache = tmp_path / "huyula.po", tmp_path / "cache"
    assert i18n.load(po, cache).gettext("Bayar") == "Pay"
    (kept,) = cache.iterdir()
    made = kept.stat().st_mtime_ns
    assert i18n.load(po, cache).gettext("Bayar") == "Pay"
    assert kept.stat().st_mtime_ns == made
    po.write_text(PO.replace('"Pay"', '"Check out"'), encoding="utf-8")
    assert i18n.load(po, cache).gettext("Bayar") == "Check out"


def test_a_newer_compiled_file_beside_it_is_taken(tmp_path: Path) -> None:
    po = tmp_path / "huyula.po"
    compiled = po.with_suffix(".mo")
    compiled.write_bytes(i18n.compile_po(PO.replace('"Pay"', '"Beside"').encode()))
    later = po.stat().st_mtime + 10
    os.utime(compiled, (later, later))
    assert i18n.load(po, tmp_path / "cache").gettext("Bayar") == "Beside"
    os.utime(compiled, (0, 0))
    assert i18n.load(po, tmp_path / "cache").gettext("Bayar") == "Pay"


@pytest.mark.parametrize("left", [b"", bytes(500), b"half"], ids=["empty", "zeros", "half"])
def test_a_file_that_a_power_cut_damaged_is_made_again(tmp_path: Path, left: bytes) -> None:
    po, cache = tmp_path / "huyula.po", tmp_path / "cache"
    i18n.load(po, cache)
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2] if left == b"half" else left)
    assert i18n.load(po, cache).gettext("Bayar") == "Pay"
    assert kept.read_bytes() == whole


def test_a_damaged_file_beside_it_is_passed_over(tmp_path: Path) -> None:
    po = tmp_path / "huyula.po"
    compiled = po.with_suffix(".mo")
    compiled.write_bytes(b"")
    later = po.stat().st_mtime + 10
    os.utime(compiled, (later, later))
    assert i18n.load(po, tmp_path / "cache").gettext("Bayar") == "Pay"


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    loaded = i18n.load(tmp_path / "huyula.po", tmp_path / "file" / "cache")
    assert loaded.gettext("Bayar") == "Pay"
