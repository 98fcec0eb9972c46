"""Files of every kind, and every way in which one cannot be read."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from core.errors import Refused
from pos.importing import reading
from pos.importing.csv_reading import decode
from pos.importing.model import CellValue, Row
from pos.importing.reading import read_table
from tests.unit.importing import files

SHEET = "xl/worksheets/sheet1.xml"


def rows_of(path: Path) -> tuple[Row, ...]:
    return read_table(path).sheets[0].rows


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as refused:
        read_table(path)
    assert refused.value.details["file"] == path.name
    return refused.value


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_the_same_cells_from_every_kind_of_spreadsheet(kind: str, tmp_path: Path) -> None:
    table = read_table(files.MAKERS[kind](tmp_path / f"barang.{kind}"))
    assert table.kind == kind
    assert table.sheets[0].rows == files.GOODS


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv"])
def test_the_content_counts_and_not_the_name(kind: str, tmp_path: Path) -> None:
    made = files.MAKERS[kind](tmp_path / f"a.{kind}")
    assert read_table(made.rename(tmp_path / "barang.dat")).kind == kind


def test_cells_keep_their_place_under_blank_rows_and_columns(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx", ((), (), (None, None, "Nama"), (None, None, "Gula")))
    assert rows_of(path)[3] == (None, None, "Gula")


def test_dates_are_shown_as_indonesians_write_them(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = workbook.add_worksheet()
    sheet.write_number(0, 0, 45689, workbook.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_boolean(0, 1, True)
    sheet.write_string(0, 2, "   ")
    workbook.close()
    assert rows_of(tmp_path / "a.xlsx")[0][:2] == ("01/02/2025", True)


def test_a_hidden_sheet_is_not_read_while_another_is_shown(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    for name in ("Rahasia", "Data"):
        workbook.add_worksheet(name).write_row(0, 0, ("Nama", "Harga"))
    workbook.worksheets()[1].activate()
    workbook.worksheets()[0].hide()
    workbook.close()
    assert [sheet.name for sheet in read_table(tmp_path / "a.xlsx").sheets] == ["Data"]


def test_a_million_formatted_blank_rows_are_no_rows(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "Nama")
    sheet.write_blank(1_048_575, 16_383, None, workbook.add_format({"bold": True}))
    workbook.close()
    assert rows_of(tmp_path / "a.xlsx") == (("Nama",),)


@pytest.mark.parametrize(
    ("row", "column", "limit"),
    [(1_048_575, 0, "rows"), (0, 16_383, "columns"), (99_999, 300, "columns")],
)
def test_a_stray_cell_far_out_is_refused_before_it_is_laid_out(
    row: int, column: int, limit: str, tmp_path: Path
) -> None:
    workbook = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "Nama")
    sheet.write(row, column, "x")
    workbook.close()
    refused = refusal(tmp_path / "a.xlsx")
    assert (refused.code, refused.details["limit"]) == ("file_too_large", limit)


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        (
            b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            b'office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>',
            "rows",
        ),
        (
            b'<table:table-row><table:table-cell table:number-columns-repeated="16384" '
            b'office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>',
            "columns",
        ),
    ],
)
def test_a_cell_repeated_without_end_is_refused(body: bytes, limit: str, tmp_path: Path) -> None:
    source = files.ods(tmp_path / "a.ods")
    content = files.member(source, "content.xml").replace(
        b"</table:table>", body + b"</table:table>"
    )
    path = written(tmp_path / "b.ods", files.repacked(source, {"content.xml": content}))
    refused = refusal(path)
    assert (refused.code, refused.details["limit"]) == ("file_too_large", limit)


def test_blank_rows_repeated_to_the_end_are_no_rows(tmp_path: Path) -> None:
    source = files.ods(tmp_path / "a.ods")
    tail = (
        b'<table:table-row table:number-rows-repeated="1048570">'
        b'<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    content = files.member(source, "content.xml").replace(b"</table:table>", tail)
    path = written(tmp_path / "b.ods", files.repacked(source, {"content.xml": content}))
    assert rows_of(path) == files.GOODS


def test_a_bomb_is_refused_by_what_it_would_unpack_to(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open(SHEET, "w", force_zip64=True) as sheet:
            for _ in range(520):
                sheet.write(bytes(1024 * 1024))
    assert path.stat().st_size < 2_000_000
    refused = refusal(path)
    assert (refused.code, refused.details["limit"]) == ("file_too_large", "unpacked")


def test_an_archive_that_lies_about_its_sizes_is_damaged(tmp_path: Path) -> None:
    source = files.xlsx(tmp_path / "a.xlsx")
    data = source.read_bytes()
    size = len(files.member(source, SHEET)).to_bytes(4, "little")
    assert data.count(size) >= 1
    lying = data.replace(size, (10).to_bytes(4, "little"))
    assert refusal(written(tmp_path / "b.xlsx", lying)).code == "file_unreadable"


def _encrypted_zip(folder: Path) -> bytes:
    data = bytearray(files.xlsx(folder / "s.xlsx").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def _encrypted_office(_folder: Path) -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def _encrypted_ods(folder: Path) -> bytes:
    manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    return files.repacked(files.ods(folder / "s.ods"), {"META-INF/manifest.xml": manifest})


@pytest.mark.parametrize("make", [_encrypted_zip, _encrypted_office, _encrypted_ods])
def test_a_file_with_a_password(make: Callable[[Path], bytes], tmp_path: Path) -> None:
    assert refusal(written(tmp_path / "a.xlsx", make(tmp_path))).code == "file_protected"


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "tidak-ada.xlsx").code == "file_missing"
    assert refusal(tmp_path).code == "file_is_folder"
    assert refusal(Path("a\x00b.csv")).code == "file_missing"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in this file system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.csv")
    assert refusal(tmp_path / "pipa.csv").code == "file_unreadable"


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\r\n", b"\xef\xbb\xbf", b"\xff\xfe", bytes(4096), b";;;\n;;;"]
)
def test_an_empty_file(data: bytes, tmp_path: Path) -> None:
    assert refusal(written(tmp_path / "a.csv", data)).code == "file_empty"


def test_an_empty_spreadsheet(tmp_path: Path) -> None:
    assert refusal(files.xlsx(tmp_path / "a.xlsx", ())).code == "file_empty"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        b"MZ" + bytes(64),
        b"<html><table><tr><td>Nama</td></tr></table></html>",
        b'<?xml version="1.0"?><Workbook/>',
        b"Nama\x00Harga\x00\x01\x02" * 9,
        bytes(range(32)) * 30,
    ],
)
def test_what_is_no_table_in_spite_of_its_name(data: bytes, tmp_path: Path) -> None:
    assert refusal(written(tmp_path / "barang.xls", data)).code == "file_not_table"


def test_an_archive_of_something_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "surat.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(tmp_path / "surat.docx").code == "file_not_table"
    with zipfile.ZipFile(tmp_path / "surat.odt", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<office/>")
    assert refusal(tmp_path / "surat.odt").code == "file_not_table"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_spreadsheet_cut_short(kind: str, tmp_path: Path) -> None:
    whole = files.MAKERS[kind](tmp_path / f"a.{kind}").read_bytes()
    path = written(tmp_path / f"b.{kind}", whole[: len(whole) // 2])
    assert refusal(path).code == "file_unreadable"


def test_limits_of_size_rows_columns_and_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limit(data: bytes) -> object:
        refused = refusal(written(tmp_path / "a.csv", data))
        assert refused.code == "file_too_large"
        return refused.details["limit"]

    assert limit(b"Nama;" + b"x" * 40_000) == "cell"
    assert limit(b"Nama;" + b"x" * 200_000) == "cell"
    assert limit(b";".join([b"a"] * 300)) == "columns"
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    assert limit(b"a\nb\nc") == "rows"
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 5)
    assert limit(b"Nama;Harga") == "bytes"


NAMES = "Nama;Harga\r\nCafé – Luwak;2.500\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (NAMES.encode("utf-8"), "utf-8"),
        (NAMES.encode("utf-8-sig"), "utf-8-sig"),
        (NAMES.encode("cp1252"), "cp1252"),
        (NAMES.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + NAMES.encode("utf-16-be"), "utf-16"),
        (NAMES.encode("utf-16-le"), "utf-16-le"),
        (NAMES.encode("utf-16-be"), "utf-16-be"),
        (NAMES.encode("utf-32"), "utf-32"),
    ],
)
def test_encodings(data: bytes, encoding: str, tmp_path: Path) -> None:
    table = read_table(written(tmp_path / "a.csv", data))
    assert table.encoding == encoding
    assert table.sheets[0].rows == (("Nama", "Harga"), ("Café – Luwak", "2.500"))


def test_one_broken_byte_does_not_turn_utf8_into_another_encoding() -> None:
    text = "Café Luwak, Teh Tarik é, Kopi é, Gulé, Soté"
    data = text.encode() + b"\xc3"
    assert decode(data) == (text + "\ufffd", "utf-8")


@pytest.mark.parametrize(
    ("text", "delimiter", "row"),
    [
        ("Nama,Harga\nGula,17000\n", ",", ("Gula", "17000")),
        ("Nama;Harga\nGula;17000,00\n", ";", ("Gula", "17000,00")),
        ("Nama\tHarga\nGula, pasir\t17000\n", "\t", ("Gula, pasir", "17000")),
        ("Nama|Harga\nGula|17000\n", "|", ("Gula", "17000")),
        ('Nama;Harga\n"Gula; putih";17000\n', ";", ("Gula; putih", "17000")),
        ('Nama,Harga\n"Gula ""putih""", "17,000"\n', ",", ('Gula "putih"', "17,000")),
        ('Nama;Harga\n="0899";17000\n', ";", ("0899", "17000")),
        ("Nama;Harga\n Gula ;\n", ";", ("Gula", None)),
        ("Nama,Harga\rGula,17000\r", ",", ("Gula", "17000")),
    ],
)
def test_separators_and_quotes(text: str, delimiter: str, row: Row, tmp_path: Path) -> None:
    table = read_table(written(tmp_path / "a.csv", text.encode()))
    assert table.delimiter == delimiter
    assert table.sheets[0].rows[1] == row


def test_a_named_separator_keeps_the_row_numbers(tmp_path: Path) -> None:
    rows = rows_of(written(tmp_path / "a.csv", b"sep=;\nNama;Harga\nGula,x;1\n"))
    assert rows == ((), ("Nama", "Harga"), ("Gula,x", "1"))


def test_blank_lines_count_as_rows_and_the_blank_tail_does_not(tmp_path: Path) -> None:
    rows = rows_of(written(tmp_path / "a.csv", b"Nama;Harga\n\nGula;1\n" + b";\n" * 1_000))
    assert rows == (("Nama", "Harga"), (), ("Gula", "1"))


def test_an_inch_mark_does_not_swallow_the_rest(tmp_path: Path) -> None:
    lines = ["Nama;Harga", '"Pipa 3/4;9000', *(f"Barang {n};{n}000" for n in range(30))]
    rows = rows_of(written(tmp_path / "a.csv", "\n".join(lines).encode()))
    assert len(rows) == 32
    assert rows[1] == ('"Pipa 3/4', "9000")


def test_a_line_break_inside_quotes_is_part_of_the_cell(tmp_path: Path) -> None:
    cells: tuple[CellValue, ...] = rows_of(
        written(tmp_path / "a.csv", b'Nama;Harga\n"Gula\nputih";1\n')
    )[1]
    assert cells == ("Gula\nputih", "1")
