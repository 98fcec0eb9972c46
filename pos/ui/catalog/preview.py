"""What an import would do, as the window shows it: filtered, ticked, put into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from core.money import format_rupiah
from pos.importing.headings import MONEY_FIELDS
from pos.importing.model import (
    Change,
    Choices,
    ImportedTier,
    ImportedUnit,
    ImportPlan,
    PlannedRow,
)
from pos.messages import reason_sentence
from pos.ui.catalog.words import FIELD_WORDS, VERDICT_WORDS
from pos.ui.i18n import _, language, shown_quantity

Filter = Literal["all", "new", "changed", "unchanged", "warned", "refused"]
FILTERS: tuple[Filter, ...] = ("all", "new", "changed", "unchanged", "warned", "refused")
_QUANTITIES = frozenset({"min_stock", "stock"})


class Shown(NamedTuple):
    """A row of the preview in words."""

    row: int
    tick: str
    status: str
    tone: str
    name: str
    price: str
    said: str


class Preview:
    """A plan with the owner's ticks. Rows that ask first begin unticked."""

    def __init__(self, plan: ImportPlan, *, with_cost: bool = True) -> None:
        """Nothing is left out but the rows that ask."""
        self.plan = plan
        self.with_cost = with_cost
        self.left_out = {row.row for row in plan.rows if row.ask and takeable(row)}
        self.filter: Filter = "all"
        self._rows: Sequence[PlannedRow] = plan.rows

    def choose(self, chosen: Filter) -> None:
        """Show only rows of one kind."""
        self.filter = chosen
        rows = self.plan.rows
        self._rows = rows if chosen == "all" else [row for row in rows if _fits(row, chosen)]

    def count(self) -> int:
        """How many rows are shown."""
        return len(self._rows)

    def planned(self, at: int) -> PlannedRow:
        """A shown row's plan."""
        return self._rows[at]

    def counted(self, chosen: Filter) -> int:
        """How many rows a filter would show."""
        counts = self.plan.counts
        return len(self.plan.rows) if chosen == "all" else int(getattr(counts, chosen))

    def taken(self) -> int:
        """How many rows would be carried out now."""
        return self.plan.counts.new + self.plan.counts.changed - len(self.left_out)

    def asking(self) -> int:
        """How many rows wait for a tick because they ask first."""
        return sum(row.ask and row.row in self.left_out for row in self.plan.rows)

    def tick(self, at: int) -> None:
        """Take a shown row, or leave it out."""
        row = self._rows[at]
        if takeable(row):
            self.left_out.symmetric_difference_update({row.row})

    def tick_shown(self) -> None:
        """Take all shown rows; where all are taken already, leave them all out."""
        shown = {row.row for row in self._rows if takeable(row)}
        if shown & self.left_out:
            self.left_out -= shown
        else:
            self.left_out |= shown

    def choices(self) -> Choices:
        """The ticks as planning takes them."""
        return Choices(leave_out=frozenset(self.left_out))

    def page(self, number: int, size: int) -> list[Shown]:
        """Shown rows in words, for the list."""
        return [self.shown(row) for row in self._rows[number * size : (number + 1) * size]]

    def shown(self, row: PlannedRow) -> Shown:
        """One row in words."""
        price = row.item.price if row.item is not None else None
        asks = row.ask and row.row in self.left_out
        return Shown(
            row.row,
            self._tick(row),
            _("Centang dulu") if asks else VERDICT_WORDS[row.verdict](),
            _tone(row),
            row.name or (row.item.name if row.item else ""),
            "" if price is None else format_rupiah(price, symbol=False),
            self.said(row),
        )

    def _tick(self, row: PlannedRow) -> str:
        if not takeable(row):
            return ""
        return "" if row.row in self.left_out else "✓"

    def said(self, row: PlannedRow) -> str:
        """Why, and what would change."""
        parts = [reason_sentence(reason, language()) for reason in row.reasons]
        parts += [
            _changed(change) for change in row.changes if self.with_cost or change.field != "cost"
        ]
        return " ".join(parts)

    def samples(self) -> str:
        """How amounts of the file were read, so that a wrong comma is seen before it costs."""
        return " · ".join(
            # Kept on one line each: an amount broken in two reads as another amount.
            f"{sample.shown} = {format_rupiah(sample.rupiah)}".replace(" ", "\u00a0")
            for sample in self.plan.samples
            if self.with_cost or sample.field != "cost"
        )


def takeable(row: PlannedRow) -> bool:
    """Whether a row would change anything."""
    return row.action in ("new", "changed")


def _fits(row: PlannedRow, chosen: Filter) -> bool:
    if chosen == "warned":
        return row.warned
    return row.action == ("none" if chosen == "refused" else chosen)


def _tone(row: PlannedRow) -> str:
    tones = {"refused": "bad", "warned": "warn", "new": "ok", "changed": "info"}
    return tones.get(row.verdict, "none")


def _changed(change: Change) -> str:
    plural = {"barcodes": "barcode", "units": "unit2", "tiers": "wholesale_price"}
    field = plural.get(change.field, change.field)
    word = FIELD_WORDS[field]() if field in FIELD_WORDS else field
    old, new = _value(change.field, change.old), _value(change.field, change.new)
    return f"{word}: {old} → {new}."


def _value(field: str, value: object) -> str:
    if value is None or value == () or value == "":
        return "-"
    if isinstance(value, int):
        if field in MONEY_FIELDS:
            return format_rupiah(value, symbol=False)
        return shown_quantity(value) if field in _QUANTITIES else str(value)
    if isinstance(value, tuple):
        return ", ".join(_part(one) for one in value)
    return str(value)


def _part(one: object) -> str:
    if isinstance(one, ImportedUnit):
        price = "" if one.price is None else f" {format_rupiah(one.price, symbol=False)}"
        return f"{one.unit} ({one.factor}){price}"
    if isinstance(one, ImportedTier):
        return f"{shown_quantity(one.quantity)}+ {format_rupiah(one.price, symbol=False)}"
    return str(one)
