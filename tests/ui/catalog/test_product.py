"""One product's form: what is typed is written, what is missing is said at its field."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.facts.catalog import BarcodeRecord, ProductRecord, TierRecord, UnitRecord
from pos.catalog.products import BadProduct, product_record
from pos.counter import Counter
from pos.staff.people import add_staff
from pos.ui.catalog.product import ProductPage
from pos.ui.catalog.record import NEW, Written, record_of
from pos.ui.shell.window import MainWindow

Add = Callable[..., bytes]


def _page(window: MainWindow, product_id: bytes = b"") -> ProductPage:
    window.ways.product(product_id)
    shown = window.pages.currentWidget()
    assert isinstance(shown, ProductPage)
    return shown


def _record(counter: Counter, name: str) -> ProductRecord:
    found = counter.db.scalar("SELECT id FROM product WHERE name=?", (name,))
    return product_record(counter.db, found)


def _type(qtbot: QtBot, window: QWidget, text: str) -> None:
    field = window.focusWidget()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_new_product_is_written_by_keys_alone(
    window: MainWindow, counter: Counter, qtbot: QtBot
) -> None:
    window.ways.goods()
    qtbot.keyClick(window.pages.currentWidget(), Qt.Key.Key_Insert)
    page = window.pages.currentWidget()
    assert isinstance(page, ProductPage)
    for text in ("Sagela bilungala", "ekor", "1250000000", "SGL", "Ikan", "Botu"):
        _type(qtbot, window, text)
    qtbot.keyClick(page, Qt.Key.Key_F9)
    record = _record(counter, "Sagela bilungala")
    assert (record.unit, record.price, record.code) == ("ekor", 1_250_000_000, "SGL")
    assert (record.category, record.brand) == ("Ikan", "Botu")
    assert window.pages.currentWidget().objectName() == "goods"


def test_barcodes_units_tiers_and_opening_stock_are_written(
    window: MainWindow, counter: Counter
) -> None:
    page = _page(window)
    page.name.setText("Air Botu 600 ml")
    page.unit.setText("botol")
    page.price.set_amount(4_000)
    page.cost.set_amount(2_900)
    page.opening.set_quantity(24_000)
    page.least.set_quantity(6_000)
    page.favourite.setChecked(True)
    page.online.setChecked(True)
    page.on_scan("8991111111114")
    unit, factor, price = page.units.add_line()
    unit.setText("dus")
    factor.setText("24")
    price.setText("88.000")
    least, each = page.tiers.add_line()
    least.setText("12")
    each.setText("3.800")
    page.save()
    record = _record(counter, "Air Botu 600 ml")
    assert [code.unit for code in record.barcodes] == ["botol"]
    assert record.units == (UnitRecord("dus", 24, 88_000),)
    assert record.tiers == (TierRecord(12_000, 3_800),)
    assert (record.cost, record.min_stock) == (2_900, 6_000) and record.favourite and record.online
    stock, value = counter.db.one(
        "SELECT stock, stock_value FROM product WHERE id=?", (record.product_id,)
    ) or (0, 0)
    assert (stock, value) == (24_000, 69_600)


def test_opening_and_saving_without_a_change_writes_nothing(
    window: MainWindow, counter: Counter, add: Add
) -> None:
    product_id = add(
        "Kopi sachet",
        units=(UnitRecord("renteng", 10, None),),
        barcodes=(BarcodeRecord("8991111111114", "renteng"),),
        tiers=(TierRecord(5_000, 900),),
        cost=700,
        tax_class="bebas",
    )
    before = counter.db.scalar("SELECT max(pos) FROM journal")
    _page(window, product_id).save()
    assert counter.db.scalar("SELECT max(pos) FROM journal") == before


def test_one_form_shows_one_product_after_the_other(window: MainWindow, add: Add) -> None:
    first = add("Satu", units=(UnitRecord("dus", 10, None),))
    page = _page(window, first)
    assert len(page.units.lines()) == 1
    _page(window, add("Dua"))
    assert page.units.lines() == []
    assert page.name.text() == "Dua"


@pytest.mark.parametrize(("field", "text"), [("name", "Isi nama"), ("price", "Isi harga")])
def test_what_is_missing_is_said_at_its_field(window: MainWindow, field: str, text: str) -> None:
    page = _page(window)
    if field == "price":
        page.name.setText("Tanpa harga")
    page.save()
    assert page.rows[field].below().startswith(text)
    assert window.focusWidget() is page.rows[field].field


def test_a_taken_barcode_is_refused_in_words_and_the_form_keeps_all(
    window: MainWindow, add: Add
) -> None:
    add("Punya kode", barcodes=(BarcodeRecord("8991111111114", "pcs"),))
    page = _page(window, add("Lain"))
    page.on_scan("8991111111114")
    page.save()
    assert "Punya kode" in window.status.said()
    assert window.pages.currentWidget() is page
    assert page.barcodes.lines()[0][0].text() == "8991111111114"


def test_the_same_scan_twice_is_one_barcode(window: MainWindow) -> None:
    page = _page(window)
    window.on_scan("8991111111114")
    window.on_scan("8991111111114")
    assert len(page.barcodes.lines()) == 1


def test_a_line_is_removed(window: MainWindow, counter: Counter, add: Add, qtbot: QtBot) -> None:
    page = _page(window, add("Dengan dus", units=(UnitRecord("dus", 10, 9_000),)))
    cross = next(
        one for one in page.units.findChildren(QWidget) if one.objectName().endswith("_remove")
    )
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    page.save()
    assert _record(counter, "Dengan dus").units == ()


def test_archiving_and_selling_again(window: MainWindow, counter: Counter, add: Add) -> None:
    product_id = add("Musiman")
    page = _page(window, product_id)
    page.archive.click()
    active = "SELECT active FROM product WHERE id=?"
    assert counter.db.scalar(active, (product_id,)) == 0
    page = _page(window, product_id)
    assert page.archive.text() == "Jual lagi"
    page.archive.click()
    assert counter.db.scalar(active, (product_id,)) == 1


def test_cost_is_neither_shown_nor_lost_without_permission(
    window: MainWindow, counter: Counter, add: Add
) -> None:
    product_id = add("Rahasia", cost=800)
    counter.staff_id = add_staff(counter, "Rahmat", "manager")
    page = _page(window, product_id)
    assert page.rows["cost"].isVisibleTo(page)
    owner = counter.db.scalar("SELECT id FROM staff WHERE role='owner'")
    counter.staff_id = owner
    cashier = add_staff(counter, "Yusuf", "cashier")
    counter.staff_id = cashier
    page = _page(window, product_id)
    assert not page.rows["cost"].isVisibleTo(page)
    page.name.setText("Rahasia baru")
    with counter.approved(owner):
        page.save()
    assert _record(counter, "Rahasia baru").cost == 800


def _written(**changed: object) -> Written:
    blank = Written("A", "", "", "", "pcs", 1, None, "kena", None, False, (), (), ())
    return blank._replace(**changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"price": None}, "price_range"),
        ({"units": [("dus", None, 5)]}, "factor_range"),
        ({"units": [("dus", 2_500, 5)]}, "factor_range"),
        ({"tiers": [(None, 5)]}, "tier_range"),
        ({"tiers": [(5_000, None)]}, "tier_range"),
    ],
)
def test_half_written_lines_are_refused(changed: dict[str, object], why: str) -> None:
    with pytest.raises(BadProduct) as refused:
        record_of(NEW, _written(**changed), with_cost=True)
    assert refused.value.details["why"] == why


def test_a_barcode_without_a_unit_stands_on_the_base_unit() -> None:
    record = record_of(
        NEW, _written(unit="botol", barcodes=[("8991111111114", " ")]), with_cost=True
    )
    assert record.barcodes == (BarcodeRecord("8991111111114", "botol"),)


def test_the_gerai_is_chosen_by_key_and_refused_for_tobacco_in_one_sentence(
    window: MainWindow, counter: Counter, add: Add, qtbot: QtBot
) -> None:
    page = _page(window, add("Kopi Pinogu", category="Minuman"))
    page.online.setFocus()
    qtbot.keyClick(page.online, Qt.Key.Key_Space)
    page.save()
    assert _record(counter, "Kopi Pinogu").online

    page = _page(window, add("Surya 12", category="Rokok"))
    assert not page.online.isChecked()
    page.online.setChecked(True)
    page.save()
    assert "PP 28/2024" in window.status.said()
    assert not _record(counter, "Surya 12").online


def test_a_product_says_whether_it_is_halal_and_by_which_certificate(
    window: MainWindow, counter: Counter, add: Add
) -> None:
    page = _page(window, add("Sosis ayam"))
    assert page.rows["halal_number"].isHidden()
    page.halal.setCurrentIndex(page.halal.findData("nomor"))
    assert not page.rows["halal_number"].isHidden()
    page.halal_number.setText("12")
    page.save()
    assert "ID75110000012341024" in page.rows["halal_number"].below()
    page.halal_number.setText("id 7511 0000 0123 41024")
    page.save()
    record = _record(counter, "Sosis ayam")
    assert record.halal == "ID75110000012341024"

    page = _page(window, record.product_id)
    assert page.halal_number.text() == record.halal
    page.halal.setCurrentIndex(page.halal.findData("tidak"))
    page.save()
    assert _record(counter, "Sosis ayam").halal == "tidak"
