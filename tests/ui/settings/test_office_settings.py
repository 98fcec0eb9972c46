"""Settings: kept, refused with a sentence, and in force at once where the screen is concerned."""

from __future__ import annotations

from pathlib import Path

import pytest
import segno
from PIL import Image
from PySide6.QtWidgets import QApplication

from core.qris import with_amount
from pos import app as program
from pos.counter import Counter
from pos.journal.verify import verify
from pos.shop.preferences import Preferences, load_preferences, save_preferences
from pos.staff.people import add_staff
from pos.ui.foundation.look import look
from pos.ui.i18n import language
from pos.ui.settings.pictures import BadPicture, NoCode, code_in, logo_from
from pos.ui.settings.screen import SettingsPage
from pos.ui.shell.window import MainWindow
from tests.helpers.office import open_panel

STICKER = (
    "00020101021126660014COM.CONTOH.WWW011893600099000001234502150000000123456780303UMI"
    "51440014ID.CO.QRIS.WWW0215ID10999999999990303UMI5204541153033605802ID"
    "5913WARUNG HUYULA6014KAB. GORONTALO61059621162070703A0163048913"
)


def settings_page(window: MainWindow) -> SettingsPage:
    window.ways.settings()
    page = window.pages.currentWidget()
    assert isinstance(page, SettingsPage)
    return page


def test_nothing_is_written_where_nothing_was_changed(window: MainWindow, counter: Counter) -> None:
    before = counter.settings
    facts = counter.db.scalar("SELECT count(*) FROM journal")
    settings_page(window)._save()
    assert counter.settings == before
    assert counter.db.scalar("SELECT count(*) FROM journal") == facts


def test_the_shop_is_written_down(window: MainWindow, counter: Counter) -> None:
    page = settings_page(window)
    fields = page.fields
    fields.name.setText("Toko  Serba Ada ")
    fields.address.setText("Jl. Panjaitan 1, Limboto")
    fields.phone.setText("0812")
    fields.npwp.setText("01.234.567.8-822.000")
    for field, text in zip(fields.footer, ("Terima kasih", "", "Odu'olo"), strict=True):
        field.setText(text)
    fields.step.set_value(500)
    fields.mode.set_value("down")
    fields.tax_rate.setText("11")
    fields.credit.set_amount(1_250_000_000)
    fields.zone.set_value("Asia/Jayapura")
    fields.day_close.set_value(120)
    fields.blind.setChecked(False)
    fields.lock.set_value(5)
    page._save()
    now = counter.settings
    assert (now.shop_name, now.address) == ("Toko Serba Ada", "Jl. Panjaitan 1, Limboto")
    assert (now.phone, now.npwp) == ("0812", "01.234.567.8-822.000")
    assert now.receipt_footer == ("Terima kasih", "Odu'olo")
    assert (now.cash_step, now.cash_mode, now.tax_basis_points) == (500, "down", 1_100)
    assert (now.default_credit_limit, now.zone) == (1_250_000_000, "Asia/Jayapura")
    assert (now.day_close_minutes, now.blind_close, now.lock_after_minutes) == (120, False, 5)
    assert window.top.shop.text() == "Toko Serba Ada"
    assert verify(counter.db).ok


@pytest.mark.parametrize("typed", ["sebelas", "101", "-1"])
def test_a_tax_rate_that_is_none_changes_nothing(
    window: MainWindow, counter: Counter, typed: str
) -> None:
    before = counter.settings
    page = settings_page(window)
    page.fields.tax_rate.setText(typed)
    page.fields.phone.setText("0812")
    page._save()
    assert counter.settings == before
    assert "0 sampai 100" in page.fields.rate_row.below()


def test_a_shop_needs_a_name(window: MainWindow, counter: Counter) -> None:
    page = settings_page(window)
    page.fields.name.setText("  ")
    page._save()
    assert counter.settings.shop_name == "Warung Uji"
    assert "nama" in page.fields.name_row.below()


def test_the_sticker_shows_whose_it_is_before_it_is_kept(
    window: MainWindow, counter: Counter
) -> None:
    page = settings_page(window)
    page.qris.code.setText(STICKER)
    assert "NMID" in page.qris.merchant.text() and page.qris.merchant.isVisible()
    page.qris.with_amount.setChecked(True)
    page._save()
    assert counter.settings.qris_code == STICKER
    assert counter.settings.qris_with_amount


@pytest.mark.parametrize("text", ["toko", STICKER[:-1] + "0", with_amount(STICKER, 5_000)])
def test_another_code_is_refused(window: MainWindow, counter: Counter, text: str) -> None:
    page = settings_page(window)
    page.qris.code.setText(text)
    assert "QRIS" in page.qris.row.below()
    assert page.qris.merchant.isHidden()
    page._save()
    assert counter.settings.qris_code == ""


def test_a_photo_of_the_sticker_is_read(window: MainWindow, tmp_path: Path) -> None:
    photo = tmp_path / "stiker.png"
    segno.make(STICKER, error="m").save(str(photo), scale=6, border=6)
    page = settings_page(window)
    page.qris.take(photo)
    assert page.qris.value() == STICKER


def test_pictures_without_a_code_and_no_pictures_are_told_apart(tmp_path: Path) -> None:
    white, text = tmp_path / "putih.png", tmp_path / "teks.png"
    Image.new("L", (80, 80), 255).save(white)
    text.write_text("bukan gambar")
    with pytest.raises(NoCode):
        code_in(white)
    for read in (code_in, logo_from):
        with pytest.raises(BadPicture):
            read(text)
        with pytest.raises(BadPicture):
            read(tmp_path / "tidak ada.png")


def test_a_logo_is_made_fit_for_paper_and_taken_away(
    window: MainWindow, counter: Counter, tmp_path: Path
) -> None:
    picture = tmp_path / "logo.png"
    drawn = Image.new("RGB", (400, 300), "white")
    drawn.paste("black", (100, 100, 300, 200))
    drawn.save(picture)
    page = settings_page(window)
    page.logo.take(picture)
    page._save()
    assert counter.settings.receipt_logo.startswith(b"\x89PNG")
    assert page.logo.picture.isVisible() and page.logo.none.isHidden()
    page.logo.drop.click()
    page._save()
    assert counter.settings.receipt_logo == b""


def test_the_language_is_spoken_at_once_and_kept(window: MainWindow, counter: Counter) -> None:
    page = settings_page(window)
    assert page.title.text() == "Pengaturan"
    page.look.language.set_value("en")
    page.look.language.activated.emit(1)
    assert (language(), counter.settings.language) == ("en", "en")
    assert page.title.text() == "Settings"


def test_theme_and_size_are_this_counters_own(window: MainWindow, counter: Counter) -> None:
    facts = counter.db.scalar("SELECT count(*) FROM journal")
    page = settings_page(window)
    page.look.theme.set_value("dark")
    page.look.scale.set_value("large")
    page.look.scale.activated.emit(2)
    assert look().dark and look().scale == "large"
    assert load_preferences(counter.db) == Preferences("dark", "large")
    assert counter.db.scalar("SELECT count(*) FROM journal") == facts
    assert verify(counter.db).ok


def test_the_look_is_put_in_force_at_the_next_start(counter: Counter, qapp: QApplication) -> None:
    save_preferences(counter.db, Preferences("dark", "small"))
    program.Program(qapp, counter.folder, "light")._put_look(counter)
    assert not look().dark
    program.Program(qapp, counter.folder)._put_look(counter)
    assert look().dark and look().scale == "small"


def test_a_changed_or_unknown_preference_is_noticed_and_harmless(counter: Counter) -> None:
    assert load_preferences(counter.db) == Preferences()
    save_preferences(counter.db, Preferences("light", "large"))
    counter.db.run("UPDATE local_setting SET value='huge' WHERE name='scale'")
    assert load_preferences(counter.db) == Preferences("light", "normal")
    assert [item.table for item in verify(counter.db).differences] == ["local_setting"]


def test_a_cashier_asks_a_manager(window: MainWindow, counter: Counter) -> None:
    counter.staff_id = add_staff(counter, "Rahmat", "cashier")
    page = settings_page(window)
    page.fields.phone.setText("0812")
    page._save()
    assert counter.settings.phone == ""
    assert open_panel(window, "override").isVisible()
