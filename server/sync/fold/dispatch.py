"""Which handler folds which fact, and what a fact must be like to be folded at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

from core.facts import catalog, customers, orders, selling, shifts, shop, stock, sync
from core.facts.base import Fact, Header
from server.sync.fold import goods, people
from server.sync.fold import selling as sold
from server.sync.fold.at import At
from server.sync.fold.books import Books

Handler = Callable[[Books, At, Any], None]
_DAY: Final = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]", re.ASCII)
_NAMES_OF_IDS: Final = frozenset({"device", "source", "target", "shop", "parent"})
_OPTIONAL: Final = frozenset({"customer_id", "shift_id", "parent"})


class BadFact(ValueError):
    """A fact that no counter writes: an id of a wrong length, a text that cannot be stored."""


HANDLERS: Final[dict[type[Fact], Handler]] = {
    shop.LineOpened: people.line_opened,
    shop.SettingsChanged: people.settings_changed,
    shop.StaffAdded: people.staff_added,
    shop.StaffChanged: people.staff_changed,
    catalog.ProductAdded: goods.product_added,
    catalog.ProductChanged: goods.product_changed,
    catalog.CatalogImported: goods.catalog_imported,
    catalog.ImportTakenBack: goods.import_taken_back,
    stock.StockReceived: goods.stock_received,
    stock.StockAdjusted: goods.stock_adjusted,
    customers.CustomerAdded: people.customer_added,
    customers.CustomerChanged: people.customer_changed,
    customers.DebtRepaid: sold.debt_repaid,
    shifts.ShiftOpened: people.shift_opened,
    shifts.CashMoved: people.cash_moved,
    shifts.ShiftClosed: people.shift_closed,
    selling.SaleCompleted: sold.sale_completed,
    selling.TenderSwapped: sold.tender_swapped,
    selling.ReceiptCopied: sold.receipt_copied,
    selling.RefundSettled: sold.refund_settled,
    selling.CartParked: sold.cart_parked,
    selling.CartFetched: sold.cart_fetched,
    sync.RegisterJoined: people.register_joined,
    sync.RegisterLeft: people.register_left,
    sync.FieldDecided: people.field_decided,
    sync.DocumentsMerged: people.documents_merged,
    sync.KasbonAllotted: people.kasbon_allotted,
    orders.OrderPlaced: lambda books, at, fact: books.orders.placed(at, fact),
    orders.OrderStepped: lambda books, at, fact: books.orders.stepped(at, fact),
}
"""Facts that are not named here are their own record and change no table."""


def fold(books: Books, at: At, fact: Fact) -> None:
    """Change the books as this fact says; it has passed `check` before."""
    handler = HANDLERS.get(type(fact))
    if handler is not None:
        handler(books, at, fact)


def check(header: Header, fact: Fact) -> None:
    """Pass a fact whose ids and texts can be stored.

    Raises:
        BadFact: they cannot.
    """
    if _DAY.fullmatch(header.day) is None or len(header.by) not in (0, 16):
        raise BadFact("header")
    if isinstance(fact, selling.SaleCompleted):
        _check_sale(fact)
    else:
        _check_struct(fact)


def _check_sale(fact: selling.SaleCompleted) -> None:
    """The same as `_check_struct`, by hand: sales are most of what comes."""
    ids = {len(line.product_id) for line in fact.lines}
    ids.add(len(fact.shift_id))
    if ids != {16} or len(fact.customer_id) not in (0, 16):
        raise BadFact("an id of a wrong length")
    for line in fact.lines:
        if line.refers is not None and len(line.refers.device) != 16:
            raise BadFact("an id of a wrong length")
    for part in fact.tenders:
        if "\0" in part.kind or "\0" in part.reference:
            raise BadFact("a text with a NUL in it")
        if part.kind in ("credit", "balance") and not fact.customer_id:
            raise BadFact("a debt of nobody")


def _check_struct(value: Any) -> None:
    for name in value.__struct_fields__:
        _check_value(name, getattr(value, name))


def _check_value(name: str, value: Any) -> None:
    if isinstance(value, bytes):
        is_id = name.endswith("_id") or name in _NAMES_OF_IDS
        if is_id and len(value) != 16 and (value or name not in _OPTIONAL):
            raise BadFact(f"{name}: an id of a wrong length")
    elif isinstance(value, str):
        if "\0" in value:
            raise BadFact(f"{name}: a text with a NUL in it")
    elif isinstance(value, tuple):
        for one in value:
            _check_value(name, one)
    elif isinstance(value, msgspec.Struct):
        _check_struct(value)
