"""The refused rows as a spreadsheet, to be mended and imported again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

from core.errors import Refused
from pos.importing.limits import MAX_CELL_CHARS
from pos.importing.model import CellValue, ImportPlan, PlannedRow, Reason, Row, Table


class RefusedRowsNotSaved(Refused):
    """The spreadsheet could not be written. Details: `file`."""

    code = "refused_rows_not_saved"


def save_refused(
    table: Table,
    plan: ImportPlan,
    path: Path,
    sentence: Callable[[Reason], str],
    reason_heading: str,
) -> int:
    """Write the refused rows as they came, under their headings, each with its reasons.

    Texts stay texts: nothing in them is ever taken for a formula or a link, and barcodes keep
    their zeros. Gives the number of rows written. The file appears whole or not at all.

    Raises:
        RefusedRowsNotSaved: the place cannot be written to.
    """
    rows = table.sheets[plan.mapping.sheet].rows
    refused = [row for row in plan.rows if row.action == "none"]
    unfinished = path.with_name(f".{path.name}.part")
    try:
        workbook = xlsxwriter.Workbook(str(unfinished))
        _fill(
            workbook.add_worksheet(),
            _heading(rows, plan),
            rows,
            refused,
            sentence,
            reason_heading,
        )
        workbook.close()
        unfinished.replace(path)
    except (OSError, XlsxWriterException):
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise RefusedRowsNotSaved(file=path.name) from None
    return len(refused)


def _heading(rows: tuple[Row, ...], plan: ImportPlan) -> Row:
    """Give the heading row; where the sheet had none, the names of the fields stand in."""
    if plan.mapping.heading_row:
        return rows[plan.mapping.heading_row - 1]
    fields = {column: field for field, column in plan.mapping.columns.items()}
    return tuple(fields.get(column) for column in range(max(fields) + 1))


def _fill(
    sheet: Worksheet,
    heading: Row,
    rows: tuple[Row, ...],
    refused: list[PlannedRow],
    sentence: Callable[[Reason], str],
    reason_heading: str,
) -> None:
    width = max([len(heading), *(len(rows[row.row - 1]) for row in refused)])
    _write_row(sheet, 0, heading)
    sheet.write_string(0, width, reason_heading)
    for line, row in enumerate(refused, 1):
        _write_row(sheet, line, rows[row.row - 1])
        sheet.write_string(line, width, "; ".join(map(sentence, row.reasons))[:MAX_CELL_CHARS])
    sheet.freeze_panes(1, 0)


def _write_row(sheet: Worksheet, line: int, row: Row) -> None:
    for column, cell in enumerate(row):
        _write(sheet, line, column, cell)


def _write(sheet: Worksheet, line: int, column: int, cell: CellValue) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(line, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(line, column, cell)
    elif cell is not None:
        sheet.write_string(line, column, cell)
