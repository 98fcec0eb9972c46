"""Text tables: which encoding, which separator, where a quote was never closed."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from typing import Literal

from pos.importing.errors import FileNotTable, FileTooLarge
from pos.importing.limits import MAX_CELL_CHARS, MAX_COLUMNS
from pos.importing.model import Row

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TextKind = Literal["csv"]

_DELIMITERS = ";\t,|"
_SAMPLE_CHARS = 64 * 1024
_MAX_LINES_IN_CELL = 12
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|table|\?xml|head|body|meta)", re.IGNORECASE)
_SEP_LINE = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decode(data: bytes) -> tuple[str, str]:
    """Turn bytes into text; the second value names the encoding that was used.

    Order: byte order mark, UTF-16 betrayed by its zero bytes, UTF-8 (a few broken bytes are
    borne), else Windows-1252, which is what spreadsheet programs of Windows write.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace").lstrip("\ufeff"), encoding
    guess = _utf16_without_bom(data)
    if guess:
        return data.decode(guess, "replace"), guess
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    whole = sum(map(lenient.count, _non_ascii(lenient))) - broken
    if whole > 4 * broken:
        return lenient, "utf-8"
    return data.decode("cp1252", "replace"), "cp1252"


def _non_ascii(text: str) -> set[str]:
    return {char for char in set(text) if char > "\x7f"}


def _utf16_without_bom(data: bytes) -> str | None:
    head = data[:2048]
    half = len(head) // 2
    if half < 4:
        return None
    if head[1::2].count(0) > half * 0.7 and head[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if head[0::2].count(0) > half * 0.7 and head[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def read_csv(data: bytes, file_name: str) -> tuple[tuple[Row, ...], str, str]:
    """Read a text table: its rows, its encoding and its separator. A record is a row.

    Raises:
        FileNotTable: the bytes are no text, or the text is a web page.
        FileTooLarge: a cell or a row passes the limits.
    """
    text, encoding = decode(data)
    head = text[:4096]
    if "\x00" in text or len(_CONTROL.findall(head)) * 50 > len(head) or _WEB_PAGE.match(head):
        raise FileNotTable(file=file_name)
    named = _SEP_LINE.match(text)
    delimiter = named.group(1) if named else _sniff(text[:_SAMPLE_CHARS])
    rows = _parse(text, delimiter, csv.QUOTE_MINIMAL, file_name)
    if _quote_left_open(rows):
        rows = _parse(text, delimiter, csv.QUOTE_NONE, file_name)
    if named:
        rows[0] = ()
    return tuple(rows), encoding, delimiter


def _sniff(sample: str) -> str:
    """Choose the separator by which most lines fall into most columns of the same number."""

    def score(delimiter: str) -> int:
        widths = Counter(map(len, csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)))
        widths.pop(0, None)
        return max(((min(width, 20) - 1) * lines for width, lines in widths.items()), default=0)

    csv.field_size_limit(max(csv.field_size_limit(), _SAMPLE_CHARS))
    return max(_DELIMITERS, key=score)


def _parse(text: str, delimiter: str, quoting: Literal[0, 3], file_name: str) -> list[Row]:
    rows: list[Row] = []
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, skipinitialspace=True, quoting=quoting)
    try:
        for record in reader:
            if len(record) > MAX_COLUMNS:
                raise FileTooLarge(file=file_name, limit="columns")
            rows.append(tuple(map(_cell, record)))
    except csv.Error:
        # The only complaint left to the csv module here is a field over its size limit.
        raise FileTooLarge(file=file_name, limit="cell") from None
    return rows


def _cell(text: str) -> str | None:
    if text.startswith("="):
        # ="0899..." is how some programs keep leading zeros alive in a CSV.
        formula = _FORMULA_TEXT.fullmatch(text)
        return formula.group(1) or None if formula else text
    return text.strip() or None


def _quote_left_open(rows: list[Row]) -> bool:
    """Say whether a cell swallowed many lines: a lone inch mark, not a quotation."""
    return any(
        len(cell) > MAX_CELL_CHARS or cell.count("\n") > _MAX_LINES_IN_CELL
        for row in rows
        for cell in row
        if isinstance(cell, str) and "\n" in cell
    )
