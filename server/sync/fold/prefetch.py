"""What a step's facts will touch, loaded at once instead of one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from core.contract import UnknownFact, UnreadableFact, decode_body
from core.facts import catalog, customers, orders, selling, shifts, shop, stock, sync
from core.facts.base import Fact
from core.facts.references import references
from server.sync.fold.books import Books
from server.sync.fold.sales import Key


class _Keys:
    def __init__(self) -> None:
        self.shelves: set[bytes] = set()
        self.debts: set[bytes] = set()
        self.drawers: set[bytes] = set()
        self.sales: set[Key] = set()
        self.orders: set[bytes] = set()
        self.documents: dict[str, set[bytes]] = defaultdict(set)


def prefetch(books: Books, facts: Iterable[Fact | None]) -> None:
    """Load what these facts will touch. What is missed here is loaded when it is needed."""
    keys = _Keys()
    for fact in facts:
        if fact is not None:
            _gather(keys, fact)
    books.shelves.load({books.product(key) for key in keys.shelves})
    customers_meant = {books.customer(key) for key in keys.debts}
    books.debts.load(customers_meant)
    keys.documents["customer"] |= customers_meant
    books.drawers.load(keys.drawers)
    books.sales.load(keys.sales)
    books.orders.load(keys.orders)
    for table, ids in keys.documents.items():
        books.documents.load(table, ids)


def _gather(keys: _Keys, fact: Fact) -> None:
    match fact:
        case selling.SaleCompleted():
            _gather_sale(keys, fact)
        case stock.StockReceived():
            ids = {line.product_id for line in fact.lines}
            keys.shelves |= ids
            keys.documents["product"] |= ids
        case stock.StockAdjusted():
            keys.shelves |= {line.product_id for line in fact.lines}
        case catalog.ProductAdded():
            keys.shelves.add(fact.product.product_id)
            keys.documents["product"].add(fact.product.product_id)
        case catalog.ProductChanged():
            keys.shelves.add(fact.product_id)
            keys.documents["product"].add(fact.product_id)
        case catalog.CatalogImported():
            ids = {record.product_id for record in fact.products}
            ids |= {changed.product_id for changed in fact.changes}
            keys.shelves |= ids
            keys.documents["product"] |= ids
        case customers.CustomerAdded():
            keys.debts.add(fact.customer.customer_id)
        case customers.CustomerChanged() | customers.DebtRepaid():
            keys.debts.add(fact.customer_id)
        case shifts.CashMoved() | shifts.ShiftOpened():
            keys.drawers.add(fact.shift_id)
        case shifts.ShiftClosed():
            keys.sales |= {(one.device, one.seq) for one in references(fact)}
        case selling.TenderSwapped() | selling.ReceiptCopied() | selling.RefundSettled():
            keys.sales.add((fact.device, fact.seq))
        case shop.StaffAdded() | shop.StaffChanged():
            keys.documents["staff"].add(fact.staff_id)
        case orders.OrderPlaced() | orders.OrderStepped():
            keys.orders.add(fact.order_id)
        case sync.Carried():
            _gather_inside(keys, fact)


def _gather_sale(keys: _Keys, fact: selling.SaleCompleted) -> None:
    for line in fact.lines:
        keys.shelves.add(line.product_id)
        if line.refers is not None:
            keys.sales.add((line.refers.device, line.refers.seq))
    for part in fact.tenders:
        if part.kind == "cash":
            keys.drawers.add(fact.shift_id)
        elif part.kind in ("credit", "balance"):
            keys.debts.add(fact.customer_id)


def _gather_inside(keys: _Keys, fact: sync.Carried) -> None:
    try:
        _, inner = decode_body(fact.kind, fact.version, fact.body)
    except (UnknownFact, UnreadableFact):
        return
    if not isinstance(inner, sync.Carried):
        _gather(keys, inner)
