"""Making the files that the tests read: good ones, damaged ones, traps."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P

GOODS = (
    ("Barcode", "Nama Barang", "Satuan", "Harga Beli", "Harga Jual", "Stok"),
    (89686010015, "Indomie Ayam bawang", "pcs", 2300, "Rp 2.500", 12),
    ("8992705012100", "Agar-agar satelit", "sachet", 1500, "2.000", 3),
    (None, "Gula pasir curah", "kg", "15.500", "17.000", "12,5"),
)


def xlsx(path: Path, rows: object = GOODS) -> Path:
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet("Data")
    for at, row in enumerate(rows):  # type: ignore[call-overload]
        sheet.write_row(at, 0, row)
    workbook.close()
    return path


def xls(path: Path) -> Path:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Data")
    for at, row in enumerate(GOODS):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(at, column, cell)
    workbook.save(str(path))
    return path


def ods(path: Path) -> Path:
    document = OpenDocumentSpreadsheet()
    sheet = OdfTable(name="Data")
    for row in GOODS:
        line = TableRow()
        for cell in row:
            line.addElement(_odf_cell(cell))
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))
    return path


def _odf_cell(value: object) -> TableCell:
    if value is None:
        return TableCell()
    if isinstance(value, int):
        return TableCell(valuetype="float", value=str(value))
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=str(value)))
    return cell


def csv(path: Path) -> Path:
    lines = (";".join("" if cell is None else str(cell) for cell in row) for row in GOODS)
    path.write_text("\r\n".join(lines), encoding="utf-8")
    return path


MAKERS = {"xlsx": xlsx, "xls": xls, "ods": ods, "csv": csv}


def repacked(source: Path, changed: dict[str, bytes]) -> bytes:
    """The archive with some of its members replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return out.getvalue()


def member(source: Path, name: str) -> bytes:
    with zipfile.ZipFile(source) as archive:
        return archive.read(name)
