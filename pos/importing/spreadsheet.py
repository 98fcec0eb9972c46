"""XLSX, XLS and ODS through calamine, which is first kept from harm.

Calamine lays a sheet out as a full rectangle and aborts the process where memory ends, so a
stray value in the last corner of a sheet, or a cell repeated a million times, must be noticed
before it looks. What slips through ends the reading process (see `process`), not the counter.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Literal
from xml.parsers import expat

import python_calamine

from pos.importing.compound import chains_are_sound
from pos.importing.errors import (
    FileNotTable,
    FileProtected,
    FileTooLarge,
    FileUnreadable,
)
from pos.importing.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED_BYTES
from pos.importing.model import CellValue, Row, Sheet

Kind = Literal["xlsx", "xls", "ods"]

_MAX_MEMBERS = 5_000
_SMALL_PART = 4 * 1024 * 1024
"""Up to here parts of an XLSX are parsed once more for soundness; larger ones only at their end."""
_END_OF_XLSX_SHEET = re.compile(rb"</(?:\w+:)?worksheet>\s*\Z")
_CODES_OF_ODS_ROW = re.compile(
    rb'<table:table-row\b[^>]*?number-rows-repeated="(\d+)"[^>]*[^/]>(.*?)</table:table-row>',
    re.DOTALL,
)
_WIDE_ODS_CELL = re.compile(
    rb'<table:table-cell\b[^>]*?number-columns-repeated="(\d{3,})"[^>]*[^/]>'
)
_FAR_XLSX_CELL = re.compile(
    rb'r="(?:([A-Z]{2,})(\d+)|[A-Z](\d{6,}))"[^>]*[^/]>(?!</)',
)
_LAST_XLSX_ROW = re.compile(rb'.*<(?:\w+:)?row [^>]*?\br="(\d{1,9})"[^>]*[^/]>', re.DOTALL)


def guard(data: bytes, kind: Kind, file_name: str) -> None:
    """Refuse what would hurt the reader: bombs, passwords, cells too far out.

    Raises:
        FileProtected, FileTooLarge, FileNotTable, FileUnreadable.
    """
    if kind == "xls":
        # A workbook with a password, of the new form too, is a compound file of encrypted parts.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileProtected(file=file_name)
        if data.startswith(b"\xd0\xcf") and not chains_are_sound(data):
            raise FileUnreadable(file=file_name)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _guard_archive(archive, kind, file_name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ):
        raise FileUnreadable(file=file_name) from None


def _guard_archive(archive: zipfile.ZipFile, kind: Kind, file_name: str) -> None:
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise FileProtected(file=file_name)
    if len(members) > _MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED_BYTES:
        raise FileTooLarge(file=file_name, limit="unpacked")
    names = {member.filename for member in members}
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in archive.read(manifest):
        raise FileProtected(file=file_name)
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            # Reading to the end also checks length and checksum against what the archive claims.
            _guard_part(member.filename, archive.read(member), kind, file_name)


def _guard_part(name: str, xml: bytes, kind: Kind, file_name: str) -> None:
    if (kind == "ods" or len(xml) < _SMALL_PART) and not _is_well_formed(xml):
        raise FileUnreadable(file=file_name)
    if kind == "ods" and name == "content.xml":
        _guard_ods(xml, file_name)
    elif kind == "xlsx" and "/worksheets/" in name:
        if not _END_OF_XLSX_SHEET.search(xml[-200:]):
            raise FileUnreadable(file=file_name)
        _guard_xlsx(xml, file_name)


def _is_well_formed(xml: bytes) -> bool:
    """Say whether a part ends as it should: calamine waits for ever for the end of a cut table."""
    try:
        expat.ParserCreate().Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError):
        return False
    return True


def _guard_xlsx(xml: bytes, file_name: str) -> None:
    last = _LAST_XLSX_ROW.match(xml[-200_000:])
    max_row, max_column = (int(last.group(1)) if last else 0), 26
    max_row = min(max_row, MAX_ROWS)
    for letters, row, far_row in _FAR_XLSX_CELL.findall(xml):
        max_row = max(max_row, int(row or far_row))
        max_column = max(max_column, _column_number(letters))
    if max_column > MAX_COLUMNS:
        raise FileTooLarge(file=file_name, limit="columns")
    if max_row * max_column > MAX_CELLS or max_row > MAX_ROWS:
        raise FileTooLarge(file=file_name, limit="rows")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number


def _guard_ods(xml: bytes, file_name: str) -> None:
    if any(int(found) > MAX_COLUMNS for found in _WIDE_ODS_CELL.findall(xml)):
        raise FileTooLarge(file=file_name, limit="columns")
    rows = sum(
        int(repeated)
        for repeated, inside in _CODES_OF_ODS_ROW.findall(xml)
        if b"office:value" in inside or b"<text:p" in inside
    )
    if rows > MAX_ROWS:
        raise FileTooLarge(file=file_name, limit="rows")


def read_sheets(data: bytes, file_name: str) -> Iterator[Sheet]:
    """Give the visible sheets with their cells; hidden sheets only if no other exists.

    Raises:
        FileProtected, FileUnreadable, FileNotTable.
    """
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in _readable(workbook):
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield Sheet(name, tuple(_rows(rows)))
    except python_calamine.PasswordError:
        raise FileProtected(file=file_name) from None
    except (FileNotTable, GeneratorExit, KeyboardInterrupt):
        raise
    except BaseException as trouble:
        # A panic of the Rust reader derives from BaseException alone.
        if isinstance(trouble, Exception) or type(trouble).__name__ == "PanicException":
            raise FileUnreadable(file=file_name) from None
        raise


def _readable(workbook: python_calamine.CalamineWorkbook) -> list[str]:
    sheets = [
        sheet
        for sheet in workbook.sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    shown = [s for s in sheets if s.visible == python_calamine.SheetVisibleEnum.Visible]
    return [sheet.name for sheet in shown or sheets]


def _rows(raw: Sequence[Sequence[object]]) -> Iterator[Row]:
    for cells in raw:
        yield tuple(map(_cell, cells))


def _cell(value: object) -> CellValue:
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, datetime.datetime | datetime.date):
        return value.strftime("%d/%m/%Y") if value.year >= 1000 else value.isoformat()
    return str(value)
