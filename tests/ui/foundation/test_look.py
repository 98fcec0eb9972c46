"""Theme, fonts, icons and the pattern as they are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from pos.ui.foundation import fonts, gallery, icons, karawo, theme
from pos.ui.foundation.look import look, looks
from pos.ui.foundation.stylesheet import stylesheet
from pos.ui.foundation.tokens import DARK, LIGHT, TYPES
from pos.ui.widgets.base import Label


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


def colours(drawn: QPixmap) -> set[str]:
    image = drawn.toImage()
    found = set()
    for y in range(image.height()):
        for x in range(image.width()):
            pixel = image.pixelColor(x, y)
            if pixel.alpha() == 255:
                found.add(pixel.name().upper())
    return found


def test_theme_switches_while_running(qapp: QApplication) -> None:
    heard: list[bool] = []
    looks().changed.connect(lambda: heard.append(look().dark))
    theme.apply(qapp, "dark")
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.ground)
    assert DARK.primary in qapp.styleSheet()
    theme.apply(qapp, "light")
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.ground)
    assert heard == [True, False]


def test_system_follows_the_desktop(qapp: QApplication) -> None:
    theme.apply(qapp, "system")
    assert look().dark is (qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark)


def test_a_larger_size_reaches_labels_that_exist(qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel("Bayar")
    qtbot.addWidget(label)
    fonts.set_type(label, "title")
    assert label.font().pixelSize() == 24
    theme.apply(qapp, "light", "large")
    assert label.font().pixelSize() == 28
    fonts.set_tone(label, "bad")
    assert label.font().pixelSize() == 28
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(label)
    window.show()
    assert label.font().pixelSize() == 28
    theme.apply(qapp, "light", "small")
    assert label.font().pixelSize() == 22
    fonts.set_type(label, "status")
    assert label.font().pixelSize() == 13


def test_a_role_given_before_it_is_shown_stays(qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    label = Label("Bayar", "title")
    column.addWidget(label)
    window.show()
    label.say("Lunas", "ok")
    assert label.font().pixelSize() == 24
    assert label.font().isVariableAxisSet(QFont.Tag("wght"))


def test_the_font_is_the_shops_and_its_weights_differ(qapp: QApplication) -> None:
    assert fonts.load() == "Plus Jakarta Sans"
    widths = [
        QFontMetrics(fonts.text_font(80, weight)).horizontalAdvance("Simpan pembayaran")
        for weight in (400, 500, 600, 700, 800)
    ]
    assert widths == sorted(set(widths))


def test_no_weight_is_thickened_by_qt(qapp: QApplication) -> None:
    assert fonts.text_font(16, 700).weight() == 400


def test_digits_have_one_width(qapp: QApplication) -> None:
    metrics = QFontMetrics(fonts.number_font(40, 700))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")
    plain = QFontMetrics(fonts.text_font(40, 700))
    assert plain.horizontalAdvance("1111") != plain.horizontalAdvance("8888")


def test_without_the_package_the_systems_font_serves(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_PACKAGE", "no_such_font_package")
    assert fonts.font_file() is None
    fonts.load.cache_clear()
    try:
        assert fonts.load() is None
        assert fonts.role_font("title").weight() == 700
        assert fonts.role_font("title").pixelSize() == 24
    finally:
        fonts.load.cache_clear()


def test_every_type_role_has_its_size(qapp: QApplication) -> None:
    for role, kind in TYPES.items():
        assert fonts.role_font(role).pixelSize() == kind.size


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_is_drawn_in_its_colour(qapp: QApplication, name: str) -> None:
    drawn = icons.pixmap(name, "#0B5D52", 48)
    assert drawn.width() == 48
    assert "#0B5D52" in colours(drawn)


def test_icons_are_sharp_on_dense_screens(qapp: QApplication) -> None:
    drawn = icons.pixmap("cart", "#000000", 24, 1.5)
    assert (drawn.width(), drawn.devicePixelRatio()) == (36, 1.5)
    assert icons.icon("cart", "#000000", 24).availableSizes()


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        icons.svg("no such icon", "#000000", 24)


def test_there_are_enough_icons_and_they_are_in_order() -> None:
    assert len(icons.names()) >= 40
    assert list(icons.names()) == sorted(icons.names())


def test_the_pattern_is_nested_diamonds_on_a_grid() -> None:
    cells = set(karawo.stitches("intan", 12, 12))
    assert cells == {
        (i, j) for i in range(12) for j in range(12) if abs(i - 6) + abs(j - 6) in (2, 5, 6)
    }
    assert set(karawo.stitches("intan", 24, 12)) == cells | {(i + 12, j) for i, j in cells}


def test_every_motif_is_cloth_and_thread(qapp: QApplication) -> None:
    for name in karawo.MOTIFS:
        count = len(karawo.stitches(name, 12, 12))
        assert 12 <= count <= 72, name
    drawn = karawo.cloth(96, 48, "#B4690E", 100, 1.0).toImage()
    alphas = {drawn.pixelColor(x, y).alpha() for x in range(96) for y in range(48)}
    assert 0 in alphas and max(alphas) > 150


def test_the_pattern_is_painted_once(qapp: QApplication) -> None:
    first = karawo.cloth(96, 48, "#B4690E", 55, 1.0)
    assert karawo.cloth(96, 48, "#B4690E", 55, 1.0) is first


def test_an_unknown_motif_is_refused(qtbot: QtBot) -> None:
    edge = karawo.Karawo(48, 48)
    qtbot.addWidget(edge)
    edge.choose("bunga")
    with pytest.raises(KeyError):
        edge.choose("batik")


def test_the_sheet_stays_small_and_names_no_font() -> None:
    sheet = stylesheet(look())
    assert len(sheet) < 12_000
    assert "font" not in sheet


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_the_hint_in_an_empty_field_has_the_hints_colour(
    qapp: QApplication, qtbot: QtBot, kind: type[QLineEdit | QPlainTextEdit], dark: bool
) -> None:
    theme.apply(qapp, "dark" if dark else "light")
    field = kind()
    qtbot.addWidget(field)
    field.setPlaceholderText("\N{FULL BLOCK}" * 8)
    field.resize(200, 60)
    assert look().colours.ink3 in colours(field.grab())


def test_a_button_of_qts_own_dialogs_shows_its_focus(qtbot: QtBot) -> None:
    button = QPushButton("OK")
    qtbot.addWidget(button)
    button.resize(100, 48)
    button.show()
    assert LIGHT.focus not in colours(button.grab())
    qtbot.waitExposed(button)
    button.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    drawn = button.grab().toImage()
    assert [drawn.pixelColor(50, y).name().upper() for y in range(2)] == [LIGHT.focus] * 2


def test_a_tone_colours_a_field(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.resize(200, 52)
    fonts.set_tone(field, "bad")
    assert LIGHT.bad_soft in colours(field.grab())
    fonts.set_tone(field, "none")
    assert LIGHT.bad_soft not in colours(field.grab())


@pytest.mark.parametrize("dark", [False, True])
def test_checked_boxes_show_a_mark(qapp: QApplication, dark: bool) -> None:
    theme.apply(qapp, "dark" if dark else "light")
    assert f"check-{'dark' if dark else 'light'}.svg" in stylesheet(look())
    assert (Path(gallery.__file__).parent / "assets/check-dark.svg").is_file()


def test_the_gallery_draws_everything(qapp: QApplication, tmp_path: Path) -> None:
    files = gallery.save(tmp_path)
    assert len(files) == 24
    assert all(QPixmap(str(file)).width() in (1024, 1920) for file in files)
