"""Understanding the rows under a heading: what goods each one tells of, and what is odd in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from core.text import fold
from core.units import is_measured, normal_unit
from pos.importing import cells
from pos.importing.headings import MONEY_FIELDS
from pos.importing.model import (
    CellValue,
    Choices,
    Field,
    ImportedTier,
    ImportedUnit,
    ImportRow,
    Reason,
    Row,
)
from pos.importing.money_column import NOTHING, MoneyColumn, MoneyReading

CLEARABLE: tuple[Field, ...] = ("category", "brand", "cost", "min_stock", "barcode")
"""Fields that a cell can empty; a lone "-" under Barcode is only the usual word for none."""

MAX_NAME = 200
MAX_CODE = 64
MAX_WORD = 60
_MAX_FACTOR = 100_000
_NO_VALUE = frozenset(["money_unreadable", "money_negative", "money_too_large"])
_PIECES = frozenset(["pcs", "butir", "tablet", "lembar", "batang", "potong", "sachet"])
_PACKS = frozenset(
    ["strip", "box", "dus", "pak", "bal", "slop", "renteng", "lusin", "krat", "rak", "toples"]
)
_TOTAL = re.compile(
    r"(?:grand|sub)?[\s-]*(?:total|jumlah|jml)(?:\s+(?:barang|stok|stock|item|harga|nilai|semua|"
    r"keseluruhan|persediaan|aset|modal|akhir|qty|produk))*\s*[:=.]*",
    re.IGNORECASE,
)


class Understood(NamedTuple):
    """A row that is not blank. Without `item` it is refused, and the last reason says why."""

    item: ImportRow | None
    reasons: list[Reason]
    name: str


class RowReader:
    """Reads the rows of one table by one mapping; what columns mean is decided once, at the start.

    Costs one look at every cell of the money and barcode columns before the first row is read.
    """

    def __init__(self, rows: Sequence[Row], columns: dict[Field, int], choices: Choices) -> None:
        """Decide how the money columns are written and whether zeros were lost."""
        self._columns = columns
        self._choices = choices
        self._money = {
            field: MoneyColumn(_at(row, columns[field]) for row in rows)
            for field in MONEY_FIELDS
            if field in columns
        }
        self._restore: dict[Field, bool] = {
            field: not cells.zeros_survived(_at(row, columns[field]) for row in rows)
            for field in ("barcode", "barcode2", "barcode3")
            if field in columns
        }
        self._spellings: dict[Field, dict[str, str]] = {"category": {}, "brand": {}}
        self._words: dict[tuple[Field, CellValue], str | None] = {}
        self._measured: dict[str | None, bool] = {None: False}
        self._further = [suffix for suffix in "23" if f"unit{suffix}" in columns]
        self._clearing = self._clearing_words(rows)

    def _clearing_words(self, rows: Sequence[Row]) -> dict[Field, set[CellValue]]:
        """Find what empties a field, in the columns where anything does."""
        found: dict[Field, set[CellValue]] = {}
        for field in CLEARABLE:
            if field in self._columns:
                dash_clears = self._choices.dash_clears and field != "barcode"
                column = {_at(row, self._columns[field]) for row in rows}
                words = {cell for cell in column if cells.says_clear(cell, dash_clears)}
                if words:
                    found[field] = words
        return found

    def cell(self, row: Row, field: Field) -> CellValue:
        """Give the cell of a field; None where the row or the mapping ends before it."""
        column = self._columns.get(field)
        return None if column is None or column >= len(row) else row[column]

    def money(self, row: Row, field: Field) -> MoneyReading:
        """Read a money cell as its column was decided."""
        column = self._money.get(field)
        return NOTHING if column is None else column.read(self.cell(row, field))

    def read(self, number: int, row: Row) -> Understood | None:
        """Understand one row; None for a blank one."""
        if row.count(None) == len(row):
            return None
        name = cells.text_of(self.cell(row, "name"))
        verdict = self._not_goods(row, name)
        if verdict is not None:
            return Understood(None, [Reason(verdict)], name[:MAX_NAME])
        reasons: list[Reason] = []
        barcodes = self._barcodes(row, "barcode", reasons)
        price = self._price(row, reasons)
        if barcodes is None or price is _REFUSED:
            return Understood(None, reasons, name)
        item = self._item(number, row, name, barcodes, price.rupiah, reasons)
        return Understood(item, reasons, name)

    def _not_goods(self, row: Row, name: str) -> str | None:
        """Name the reason why this row is no goods, if it is none."""
        if not name:
            texts = [cell.strip() for cell in row if isinstance(cell, str) and cell.strip()]
            if any(_TOTAL.fullmatch(text) for text in texts):
                return "total_row"
            return "title_row" if len(texts) == 1 and _filled(row) == 1 else "no_name"
        if len(name) > MAX_NAME:
            return "name_too_long"
        if _TOTAL.fullmatch(name) and cells.says_nothing(self.cell(row, "barcode")):
            return "total_row"
        if len(self._columns) > 2 and _filled(row) == 1:
            return "title_row"
        return None

    def _item(
        self,
        number: int,
        row: Row,
        name: str,
        barcodes: tuple[str, ...],
        price: int | None,
        reasons: list[Reason],
    ) -> ImportRow:
        if name[0] in "=+-@" and len(name) > 1:
            reasons.append(Reason("name_like_formula"))
        unit = self._unit(row, "unit")
        units = self._units(row, unit, barcodes, reasons)
        return ImportRow(
            row=number,
            name=name,
            code=self._code(row, reasons),
            category=self._word(row, "category"),
            brand=self._word(row, "brand"),
            barcodes=barcodes,
            unit=unit,
            price=price,
            cost=self._cost(row, reasons),
            stock=self._stock(row, unit, units, reasons),
            min_stock=self._quantity(row, "min_stock", unit, units, reasons),
            units=units,
            tiers=self._tiers(row, price, unit, units, reasons),
            cleared=self._cleared(row),
        )

    def _barcodes(self, row: Row, field: Field, reasons: list[Reason]) -> tuple[str, ...] | None:
        """Read a barcode cell; None where the row must be refused for it."""
        cell = self.cell(row, field)
        if cell is None or cells.says_clear(cell, dash_clears=False):
            return ()
        reading = cells.read_barcodes(cell, self._restore[field])
        trouble = reading.refused or reading.warned
        if trouble:
            reasons.append(Reason(trouble, {"shown": cells.text_of(cell)[:40]}))
        return None if reading.refused else reading.barcodes

    def _price(self, row: Row, reasons: list[Reason]) -> MoneyReading:
        reading = self.money(row, "price")
        if reading.reason:
            shown = cells.text_of(self.cell(row, "price"))[:40]
            reasons.append(Reason(reading.reason.replace("money", "price"), {"shown": shown}))
            if reading.reason in _NO_VALUE:
                return _REFUSED
        if reading.rupiah in (0, 1):
            reasons.append(Reason("price_tiny", {"price": reading.rupiah or 0}))
        return reading

    def _cost(self, row: Row, reasons: list[Reason]) -> int | None:
        reading = self.money(row, "cost")
        if reading.reason in _NO_VALUE or reading.reason == "money_unsure":
            shown = cells.text_of(self.cell(row, "cost"))[:40]
            reasons.append(Reason(f"cost_{reading.reason[6:]}", {"shown": shown}))
        return reading.rupiah or None

    def _code(self, row: Row, reasons: list[Reason]) -> str | None:
        cell = self.cell(row, "code")
        if cells.says_nothing(cell):
            return None
        code = cells.text_of(cell)
        if len(code) > MAX_CODE:
            reasons.append(Reason("code_too_long"))
            return None
        return code or None

    def _word(self, row: Row, field: Field) -> str | None:
        """Read a category or brand, spelled as where the file first had it."""
        cell = self.cell(row, field)
        if cell is None:
            return None
        key = (field, cell)
        if key not in self._words:
            nothing = cells.says_nothing(cell) or cells.says_clear(cell, dash_clears=True)
            word = "" if nothing else cells.text_of(cell)[:MAX_WORD].strip()
            self._words[key] = self._spellings[field].setdefault(fold(word), word) if word else None
        return self._words[key]

    def _unit(self, row: Row, field: Field) -> str | None:
        cell = self.cell(row, field)
        if cell is None:
            return None
        key = (field, cell)
        if key not in self._words:
            unit = "" if cells.says_nothing(cell) else normal_unit(cells.text_of(cell)[:MAX_WORD])
            self._words[key] = unit if any(map(str.isalpha, unit)) else None
        return self._words[key]

    def _units(
        self,
        row: Row,
        base: str | None,
        barcodes: tuple[str, ...],
        reasons: list[Reason],
    ) -> tuple[ImportedUnit, ...]:
        units: list[ImportedUnit] = []
        for suffix in self._further:
            name = self._unit(row, f"unit{suffix}")
            if name is None:
                continue
            factor = self._factor(self.cell(row, f"factor{suffix}"))
            if name == (base or "pcs") or any(unit.unit == name for unit in units):
                if factor and factor > 1:
                    reasons.append(Reason("unit_same", {"unit": name}))
            elif factor is None or factor < 2:
                reasons.append(Reason("unit_without_factor", {"unit": name}))
            elif name in _PIECES and base in _PACKS:
                reasons.append(Reason("unit_smaller", {"unit": name, "base": base or ""}))
            else:
                units.append(self._further_unit(row, suffix, name, factor, barcodes, reasons))
        return tuple(units)

    def _further_unit(
        self,
        row: Row,
        suffix: str,
        name: str,
        factor: int,
        barcodes: tuple[str, ...],
        reasons: list[Reason],
    ) -> ImportedUnit:
        own = self._barcodes(row, f"barcode{suffix}", reasons) or ()
        barcode = own[0] if own and own[0] not in barcodes else None
        price = self.money(row, f"price{suffix}")
        if price.reason in _NO_VALUE:
            shown = cells.text_of(self.cell(row, f"price{suffix}"))[:40]
            reasons.append(Reason("unit_price_unreadable", {"unit": name, "shown": shown}))
        return ImportedUnit(name, factor, price.rupiah or None, barcode)

    def _factor(self, cell: CellValue) -> int | None:
        if cells.says_nothing(cell):
            return None
        reading = cells.read_quantity(cell, measured=False)
        whole, rest = divmod(reading.thousandths or 0, 1000)
        return whole if not rest and 0 < whole <= _MAX_FACTOR else None

    def _quantity(
        self,
        row: Row,
        field: Field,
        unit: str | None,
        units: tuple[ImportedUnit, ...],
        reasons: list[Reason],
    ) -> int | None:
        """Read a quantity in thousandths of the base unit; "2 dus" by the factor of dus."""
        cell = self.cell(row, field)
        if cell is None:
            return None
        reading = cells.read_quantity(cell, self._is_measured(unit))
        if reading.reason is None and reading.unit is None:
            return reading.thousandths
        factors = {further.unit: further.factor for further in units}
        factor = 1 if reading.unit in (None, unit) else factors.get(reading.unit or "", 0)
        details: dict[str, str | int] = {"shown": cells.text_of(cell)[:40]}
        if reading.reason:
            reasons.append(Reason(f"{field}_{reading.reason}", details))
        elif reading.thousandths is not None and not factor:
            details["unit"] = reading.unit or ""
            reasons.append(Reason(f"{field}_unit_unknown", details))
        return reading.thousandths * factor if reading.thousandths is not None and factor else None

    def _is_measured(self, unit: str | None) -> bool:
        if unit not in self._measured:
            self._measured[unit] = is_measured(unit or "")
        return self._measured[unit]

    def _stock(
        self,
        row: Row,
        unit: str | None,
        units: tuple[ImportedUnit, ...],
        reasons: list[Reason],
    ) -> int | None:
        stock = self._quantity(row, "stock", unit, units, reasons)
        if stock is not None and cells.never_counted(stock):
            reasons.append(Reason("stock_never_counted", {"stock": stock}))
            return None
        return stock

    def _tiers(
        self,
        row: Row,
        price: int | None,
        unit: str | None,
        units: tuple[ImportedUnit, ...],
        reasons: list[Reason],
    ) -> tuple[ImportedTier, ...]:
        """Read the wholesale price: a tier needs the quantity from which it holds."""
        if "wholesale_price" not in self._columns:
            return ()
        reading = self.money(row, "wholesale_price")
        if reading.reason in _NO_VALUE:
            shown = cells.text_of(self.cell(row, "wholesale_price"))[:40]
            reasons.append(Reason("wholesale_unreadable", {"shown": shown}))
        if not reading.rupiah:
            return ()
        quantity = self._quantity(row, "wholesale_quantity", unit, units, reasons)
        if not quantity:
            reasons.append(Reason("wholesale_no_quantity", {"price": reading.rupiah}))
            return ()
        if price is not None and reading.rupiah >= price:
            reasons.append(Reason("wholesale_not_lower", {"price": reading.rupiah}))
            return ()
        return (ImportedTier(quantity, reading.rupiah),)

    def _cleared(self, row: Row) -> frozenset[str]:
        if not self._clearing:
            return _NOTHING_CLEARED
        found = [field for field, words in self._clearing.items() if self.cell(row, field) in words]
        return frozenset("barcodes" if field == "barcode" else field for field in found)


_NOTHING_CLEARED: frozenset[str] = frozenset()
_REFUSED = MoneyReading(None, "refused")


def _at(row: Row, column: int) -> CellValue:
    return row[column] if column < len(row) else None


def _filled(row: Row) -> int:
    return len(row) - row.count(None)
