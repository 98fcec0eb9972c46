"""A file of goods, whatever it is, as a table of cells: or one clear reason why not."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pos.importing import csv_reading, spreadsheet
from pos.importing.errors import (
    FileEmpty,
    FileIsFolder,
    FileMissing,
    FileNotTable,
    FileTooLarge,
    FileUnreadable,
)
from pos.importing.limits import MAX_CELL_CHARS, MAX_FILE_BYTES, MAX_ROWS
from pos.importing.model import Row, Sheet, Table

_OTHER_THINGS = (
    b"%PDF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"SQLite format 3\x00",
)


def read_table(path: Path) -> Table:
    """Read a spreadsheet or text table, told by its content and not by its name.

    Spreadsheets can end the process that reads them when they are hostile: use
    `pos.importing.process.read_in_process` where that matters.

    Raises:
        FileMissing, FileIsFolder, FileUnreadable, FileEmpty, FileTooLarge, FileProtected,
        FileNotTable.
    """
    data = _bytes_of(path)
    fingerprint = hashlib.sha256(data).hexdigest()
    kind = kind_of(data, path.name)
    if kind == "csv":
        rows, encoding, delimiter = csv_reading.read_csv(data, path.name)
        sheet = _checked(Sheet(path.stem, rows), path.name)
        table = Table(path.name, "csv", (sheet,), fingerprint, encoding, delimiter)
    else:
        spreadsheet.guard(data, kind, path.name)
        sheets = tuple(_checked(s, path.name) for s in spreadsheet.read_sheets(data, path.name))
        table = Table(path.name, kind, sheets, fingerprint)
    if not any(sheet.rows for sheet in table.sheets):
        raise FileEmpty(file=path.name)
    return table


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FileIsFolder(file=path.name)
        if not path.exists():
            raise FileMissing(file=path.name)
        if not path.is_file():
            raise FileUnreadable(file=path.name)
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FileTooLarge(file=path.name, limit="bytes")
        data = path.read_bytes()
    except (OSError, ValueError):
        raise FileUnreadable(file=path.name) from None
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FileEmpty(file=path.name)
    return data


def kind_of(data: bytes, file_name: str) -> spreadsheet.Kind | csv_reading.TextKind:
    """Tell what the bytes are: "xlsx", "xls", "ods" or "csv".

    Raises:
        FileNotTable: an archive without a sheet, a picture, a program.
    """
    if data.startswith(b"PK"):
        return _kind_of_archive(data, file_name)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"\x09\x08", b"\x09\x04", b"\x09\x02")):
        return "xls"
    if data.startswith(_OTHER_THINGS):
        raise FileNotTable(file=file_name)
    return "csv"


def _kind_of_archive(data: bytes, file_name: str) -> spreadsheet.Kind:
    """Tell a spreadsheet by the names of its parts, which stand in the bytes as they are."""
    if b"xl/workbook.xml" in data:
        return "xlsx"
    if b"content.xml" in data and b"mimetype" in data and not _is_other_document(data):
        return "ods"
    # The names in a damaged archive may be all that is left of it.
    if file_name.lower().endswith((".xlsx", ".xlsm", ".ods")):
        raise FileUnreadable(file=file_name)
    raise FileNotTable(file=file_name)


def _is_other_document(data: bytes) -> bool:
    """Say whether an OpenDocument archive names itself a text or a drawing (ODF 1.2, part 3)."""
    kind = b"application/vnd.oasis.opendocument."
    return kind in data[:200] and kind + b"spreadsheet" not in data[:200]


def _checked(sheet: Sheet, file_name: str) -> Sheet:
    """Cut the blank tail off and hold the rest against the limits."""
    last = 0
    filled = 0
    for number, row in enumerate(sheet.rows, 1):
        if any(cell is not None for cell in row):
            last = number
            filled += 1
            _check_cells(row, number, file_name)
    if filled > MAX_ROWS:
        raise FileTooLarge(file=file_name, limit="rows")
    return Sheet(sheet.name, sheet.rows[:last])


def _check_cells(row: Row, number: int, file_name: str) -> None:
    for cell in row:
        if isinstance(cell, str) and len(cell) > MAX_CELL_CHARS:
            raise FileTooLarge(file=file_name, limit="cell", row=number)
