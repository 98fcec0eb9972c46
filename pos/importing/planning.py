"""What a file would do to the shop's goods, row by row, before anything is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import msgspec

from core.text import fold
from pos.importing.cells import text_of
from pos.importing.comparing import cautions_of, changes_of
from pos.importing.errors import ImportCancelled
from pos.importing.headings import (
    FIELDS,
    MONEY_FIELDS,
    check_mapping,
    columns_of,
    propose_mapping,
)
from pos.importing.model import (
    CatalogView,
    CellValue,
    Change,
    Choices,
    Counts,
    ExistingProduct,
    Field,
    ImportPlan,
    ImportRow,
    Mapping,
    MoneySample,
    PlannedRow,
    Reason,
    Row,
    Table,
)
from pos.importing.rows import RowReader

INFORMATION = frozenset(["stock_kept"])
"""Reasons that tell, and do not warn."""
ASKED_FIRST = frozenset(["price_below_cost", "price_halved"])
"""Reasons for which the owner ticks the row before it is taken."""

_SAMPLES = 3
_BREATH = 500
_NAME_HEADINGS = (
    "Nama Barang",
    "Nama",
    "Nama Produk",
    "Nama Item",
    "Name",
    "Product Name",
    "Item Name",
    "Product",
    "Barang",
    "Produk",
)


class _Block(msgspec.Struct, frozen=True):
    """Rows under one heading: `first` is the spreadsheet row of `rows[0]`."""

    first: int
    rows: Sequence[Row]
    columns: dict[Field, int]


def plan(
    table: Table,
    mapping: Mapping | None,
    catalog: CatalogView,
    choices: Choices | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportPlan:
    """Decide what each row would do. Nothing is changed; the same input gives the same plan.

    Without `mapping` the headings are looked for. `progress` hears (rows done, rows in all).

    Raises:
        NoHeading, NoGoods: no mapping was given and none was found.
        MappingWrong: the mapping does not fit the table.
        ImportCancelled: `cancelled` said so.
    """
    choices = choices or Choices()
    used = mapping or propose_mapping(table)
    check_mapping(table, used)
    rows = table.sheets[used.sheet].rows
    planner = _Planner(catalog, choices)
    planned: list[PlannedRow] = []
    samples: list[MoneySample] = []
    done = used.heading_row
    for block in _blocks(rows, used, follow=mapping is None):
        reader = RowReader(block.rows, block.columns, choices)
        samples = samples or list(_samples(reader, block))
        for number, row in enumerate(block.rows, block.first):
            understood = reader.read(number, row)
            if understood is not None:
                planned.append(planner.decide(number, *understood))
            done += 1
            if done % _BREATH == 0:
                _breathe(done, len(rows), progress, cancelled, table)
    _breathe(len(rows), len(rows), progress, cancelled, table)
    return ImportPlan(tuple(planned), count(planned), tuple(samples), used, table.fingerprint)


def _breathe(
    done: int,
    total: int,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
    table: Table,
) -> None:
    if cancelled is not None and cancelled():
        raise ImportCancelled(file=table.file_name)
    if progress is not None:
        progress(done, total)


def count(rows: Sequence[PlannedRow]) -> Counts:
    """Count the rows of a plan by what becomes of them."""
    actions = [row.action for row in rows]
    return Counts(
        new=actions.count("new"),
        changed=actions.count("changed"),
        unchanged=actions.count("unchanged"),
        warned=sum(row.warned for row in rows),
        refused=actions.count("none"),
    )


def _blocks(rows: Sequence[Row], mapping: Mapping, follow: bool) -> Iterator[_Block]:
    """Cut the sheet at repeated headings; with `follow` a second table brings its own columns."""
    columns = mapping.columns
    start = mapping.heading_row
    words = _name_headings(rows, mapping)
    for index in range(start, len(rows)):
        if words.isdisjoint(rows[index]):
            continue
        found = columns_of(rows[index])
        if "name" not in found or len(found) < min(2, len(columns)):
            continue
        yield _Block(start + 1, rows[start:index], columns)
        columns = _columns_again(found, columns) if follow else columns
        start = index + 1
    yield _Block(start + 1, rows[start:], columns)


def _columns_again(found: dict[Field, int], before: dict[Field, int]) -> dict[Field, int]:
    """Read "Kode" in a second heading as it was read in the first."""
    if "code" in found and "barcode" not in found and "code" not in before:
        return {("barcode" if field == "code" else field): at for field, at in found.items()}
    return found


def _name_headings(rows: Sequence[Row], mapping: Mapping) -> frozenset[CellValue]:
    words = {form for text in _NAME_HEADINGS for form in (text, text.upper(), text.lower())}
    column = mapping.columns["name"]
    heading = rows[mapping.heading_row - 1] if mapping.heading_row else ()
    if column < len(heading) and isinstance(own := heading[column], str):
        words.add(own)
    return frozenset(words)


def _samples(reader: RowReader, block: _Block) -> Iterator[MoneySample]:
    """Show three readings of each money column, texts first: they are the ones to doubt."""
    for field in MONEY_FIELDS:
        if field not in block.columns:
            continue
        readable = [
            MoneySample(field, number, text_of(cell), reading.rupiah)
            for text_wanted in (True, False)
            for number, row in islice(enumerate(block.rows, block.first), 1000)
            if isinstance(cell := reader.cell(row, field), str) == text_wanted
            and (reading := reader.money(row, field)).rupiah is not None
        ]
        shapes: dict[str, MoneySample] = {}
        for sample in readable:
            shapes.setdefault("".join("9" if c.isdigit() else c for c in sample.shown), sample)
        chosen = [*shapes.values(), *readable]
        yield from list(dict.fromkeys(chosen))[:_SAMPLES]


class _Planner:
    """Matches rows with the shop's goods and with each other."""

    def __init__(self, catalog: CatalogView, choices: Choices) -> None:
        self._catalog = catalog
        self._choices = choices
        self._barcodes: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._products: dict[bytes, int] = {}

    def decide(
        self, number: int, item: ImportRow | None, reasons: list[Reason], name: str
    ) -> PlannedRow:
        """Plan one row."""
        if item is None:
            return _refused(number, reasons, name)
        folded = fold(item.name)
        if not folded:
            # Signs alone: nobody could find such goods again, by name or by hand.
            return _refused(number, [Reason("no_name")], name)
        barcodes = _all_barcodes(item)
        trouble = self._trouble_in_file(item, folded, barcodes)
        if trouble is not None:
            return _refused(number, [*reasons, trouble], name)
        carriers = {barcode: self._catalog.by_barcode(barcode) for barcode in barcodes}
        existing = self._match(item, folded, carriers)
        trouble = self._trouble_in_shop(carriers, existing)
        if trouble is not None:
            return _refused(number, [*reasons, trouble], name)
        self._remember(item, folded, barcodes, existing, reasons)
        if existing is None:
            return self._new(item, folded, reasons)
        return self._existing(item, existing, reasons)

    def _trouble_in_file(
        self, item: ImportRow, folded: str, barcodes: Sequence[str]
    ) -> Reason | None:
        if item.row in self._choices.leave_out:
            return Reason("left_out")
        for barcode in barcodes:
            if barcode in self._barcodes:
                return _duplicate(self._barcodes[barcode], "barcode", barcode)
        if item.code and item.code.lower() in self._codes:
            return _duplicate(self._codes[item.code.lower()], "code", item.code)
        if folded in self._names and not item.barcodes and not item.code:
            return _duplicate(self._names[folded], "name", item.name)
        return None

    def _match(
        self, item: ImportRow, folded: str, carriers: dict[str, list[ExistingProduct]]
    ) -> ExistingProduct | None:
        for barcode in item.barcodes:
            found = carriers[barcode]
            if found:
                alike = [product for product in found if fold(product.name) == folded]
                return (alike or found)[0]
        if item.code:
            by_code = self._catalog.by_code(item.code)
            if by_code is not None:
                return by_code
        same_name = [p for p in self._catalog.by_name(folded) if _may_be(item, p)]
        return min(same_name, key=lambda p: len(p.barcodes)) if same_name else None

    def _trouble_in_shop(
        self, carriers: dict[str, list[ExistingProduct]], existing: ExistingProduct | None
    ) -> Reason | None:
        if existing is not None and existing.id in self._products:
            return _duplicate(self._products[existing.id], "product", existing.name)
        own = None if existing is None else existing.id
        for barcode, others in carriers.items():
            if others and own not in [product.id for product in others]:
                return Reason("barcode_taken", {"barcode": barcode, "name": others[0].name})
        return None

    def _remember(
        self,
        item: ImportRow,
        folded: str,
        barcodes: Sequence[str],
        existing: ExistingProduct | None,
        reasons: list[Reason],
    ) -> None:
        self._barcodes.update(dict.fromkeys(barcodes, item.row))
        if item.code:
            self._codes[item.code.lower()] = item.row
        if existing is not None:
            self._products[existing.id] = item.row
        first = self._names.setdefault(folded, item.row)
        if first != item.row:
            reasons.append(Reason("name_repeats", {"row": first, "name": item.name}))

    def _new(self, item: ImportRow, folded: str, reasons: list[Reason]) -> PlannedRow:
        if item.price is None:
            reasons.append(Reason("price_missing"))
        alike = self._catalog.by_name(folded)
        if alike:
            reasons.append(Reason("name_exists", {"name": alike[0].name}))
        _compare_with_cost(item.price, item.cost, reasons)
        return _accepted(item, "new", reasons)

    def _existing(
        self, item: ImportRow, existing: ExistingProduct, reasons: list[Reason]
    ) -> PlannedRow:
        owner = self._catalog.by_code(item.code) if item.code else None
        code_is_free = owner is None or owner.id == existing.id
        changes = changes_of(item, existing, code_is_free)
        if not code_is_free and owner is not None:
            reasons.append(Reason("code_taken", {"code": item.code or "", "name": owner.name}))
        reasons += cautions_of(item, existing, changes)
        price = existing.price if item.price is None else item.price
        _compare_with_cost(price, item.cost or existing.cost, reasons)
        if item.stock is not None and item.stock != existing.stock:
            reasons.append(Reason("stock_kept", {"file": item.stock, "shop": existing.stock}))
        return _accepted(item, "changed" if changes else "unchanged", reasons, existing.id, changes)


def _may_be(item: ImportRow, product: ExistingProduct) -> bool:
    """Say whether a product of the same name can be the one meant: no barcode speaks against it."""
    return not item.barcodes or not product.barcodes


def _all_barcodes(item: ImportRow) -> Sequence[str]:
    if not item.units:
        return item.barcodes
    return [*item.barcodes, *(unit.barcode for unit in item.units if unit.barcode)]


def _duplicate(row: int, by: str, value: str) -> Reason:
    return Reason("duplicate_in_file", {"row": row, "by": by, "value": value})


def _compare_with_cost(price: int | None, cost: int | None, reasons: list[Reason]) -> None:
    if price is not None and cost and 1 < price < cost:
        reasons.append(Reason("price_below_cost", {"price": price, "cost": cost}))


def _refused(number: int, reasons: list[Reason], name: str) -> PlannedRow:
    return PlannedRow(number, "none", False, tuple(reasons), name=name)


def _accepted(
    item: ImportRow,
    action: str,
    reasons: list[Reason],
    product_id: bytes | None = None,
    changes: tuple[Change, ...] = (),
) -> PlannedRow:
    codes = {reason.code for reason in reasons} if reasons else INFORMATION
    return PlannedRow(
        row=item.row,
        action="new" if action == "new" else "changed" if changes else "unchanged",
        warned=action != "unchanged" and not codes <= INFORMATION,
        reasons=tuple(reasons),
        item=item,
        product_id=product_id,
        changes=changes,
        ask=action != "unchanged" and not codes.isdisjoint(ASKED_FIRST),
        name=item.name,
    )


def by_hand(mapping: Mapping, columns: dict[Field, int | None]) -> Mapping:
    """Give the mapping with some columns set anew; None takes a field out of it."""
    merged = {**mapping.columns, **columns}
    kept = {field: merged[field] for field in FIELDS if merged.get(field) is not None}
    return msgspec.structs.replace(mapping, columns=kept)
