"""The refused rows as a spreadsheet that can be mended and imported again."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from pos.importing.model import ImportPlan, Mapping, Reason, Table
from pos.importing.planning import plan
from pos.importing.reading import read_table
from pos.importing.refused import RefusedRowsNotSaved, save_refused
from tests.unit.importing.shop import Shop, table

FILE = table(
    ("Toko", None, None),
    ("Barcode", "Nama", "Harga"),
    ("8.99271E+12", "Agar", 2000.0),
    ("089686010015", "Indomie", "tanya"),
    ("0089", "Gula", 17000.0),
    (None, '=HYPERLINK("http://x")', "?"),
)


def sentence(reason: Reason) -> str:
    return f"{reason.code} {reason.details.get('shown', '')}".strip()


def saved(path: Path, source: Table = FILE, made: ImportPlan | None = None) -> int:
    return save_refused(source, made or plan(source, None, Shop()), path, sentence, "Alasan")


def test_rows_as_they_came_with_their_reasons(tmp_path: Path) -> None:
    assert saved(tmp_path / "tolak.xlsx") == 3
    assert read_table(tmp_path / "tolak.xlsx").sheets[0].rows == (
        ("Barcode", "Nama", "Harga", "Alasan"),
        ("8.99271E+12", "Agar", 2000.0, "barcode_lost_digits 8.99271E+12"),
        ("089686010015", "Indomie", "tanya", "price_unreadable tanya"),
        (None, '=HYPERLINK("http://x")', "?", "price_unreadable ?"),
    )


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    saved(tmp_path / "tolak.xlsx")
    with zipfile.ZipFile(tmp_path / "tolak.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet and b"hyperlink" not in sheet.lower()


def test_mended_it_can_be_imported_again(tmp_path: Path) -> None:
    saved(tmp_path / "tolak.xlsx")
    again = plan(read_table(tmp_path / "tolak.xlsx"), None, Shop())
    assert [row.verdict for row in again.rows] == ["refused"] * 3
    assert again.mapping.columns == {"barcode": 0, "name": 1, "price": 2}


def test_without_headings_the_fields_stand_in(tmp_path: Path) -> None:
    source = table(("Gula", "tanya"))
    made = plan(source, Mapping(0, 0, {"name": 0, "price": 1}), Shop())
    saved(tmp_path / "tolak.xlsx", source, made)
    rows = read_table(tmp_path / "tolak.xlsx").sheets[0].rows
    assert rows[0] == ("name", "price", "Alasan")


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "ada.xlsx").mkdir()
    for path in (tmp_path / "tidak-ada" / "x.xlsx", tmp_path / "ada.xlsx"):
        with pytest.raises(RefusedRowsNotSaved) as refused:
            saved(path)
        assert refused.value.details == {"file": path.name}
    assert [entry.name for entry in tmp_path.iterdir()] == ["ada.xlsx"]
