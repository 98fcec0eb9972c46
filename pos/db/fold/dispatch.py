"""Which handler folds which fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.facts import catalog as facts_catalog
from core.facts import customers as facts_customers
from core.facts import orders as facts_orders
from core.facts import selling as facts_selling
from core.facts import shifts as facts_shifts
from core.facts import shop as facts_shop
from core.facts import stock as facts_stock
from core.facts import sync as facts_sync
from core.facts.base import Fact
from pos.db.fold import catalog, customers, drawer, orders, selling, shop, stock, sync
from pos.db.fold.fields import settle
from pos.db.fold.folding import Folding


def _nothing(at: Folding, fact: Fact) -> None:
    """A fact that is its own record and changes no table."""


_HANDLERS: dict[type[Fact], Callable[[Folding, Any], None]] = {
    facts_shop.LineOpened: shop.line_opened,
    facts_shop.SettingsChanged: shop.settings_changed,
    facts_shop.StaffAdded: shop.staff_added,
    facts_shop.StaffChanged: shop.staff_changed,
    facts_shop.PinChanged: shop.pin_changed,
    facts_shop.BusinessDateConfirmed: _nothing,
    facts_catalog.ProductAdded: catalog.product_added,
    facts_catalog.ProductChanged: catalog.product_changed,
    facts_catalog.CatalogImported: catalog.catalog_imported,
    facts_catalog.ImportTakenBack: catalog.import_taken_back,
    facts_stock.StockReceived: stock.stock_received,
    facts_stock.StockAdjusted: stock.stock_adjusted,
    facts_customers.CustomerAdded: customers.customer_added,
    facts_customers.CustomerChanged: customers.customer_changed,
    facts_customers.DebtRepaid: customers.debt_repaid,
    facts_shifts.ShiftOpened: drawer.shift_opened,
    facts_shifts.CashMoved: drawer.cash_moved,
    facts_shifts.DrawerOpened: drawer.drawer_opened,
    facts_shifts.ShiftClosed: drawer.shift_closed,
    facts_selling.SaleCompleted: selling.sale_completed,
    facts_selling.TenderSwapped: selling.tender_swapped,
    facts_selling.ReceiptCopied: selling.receipt_copied,
    facts_selling.RefundSettled: selling.refund_settled,
    facts_selling.CartParked: selling.cart_parked,
    facts_selling.CartFetched: selling.cart_fetched,
    facts_sync.ShopJoined: sync.shop_joined,
    facts_sync.RegisterJoined: sync.register_joined,
    facts_sync.RegisterLeft: sync.register_left,
    # What is inside a carried entry is folded, not that it was carried (pos/journal/order.py).
    facts_sync.Carried: _nothing,
    facts_sync.FieldDecided: sync.field_decided,
    facts_sync.DocumentsMerged: sync.documents_merged,
    facts_sync.KeptApart: sync.kept_apart,
    facts_sync.KasbonAllotted: sync.kasbon_allotted,
    facts_sync.EntryJudged: _nothing,
    facts_sync.EpochBegan: _nothing,
    facts_sync.SyncDiffered: _nothing,
    facts_orders.OrderPlaced: orders.order_placed,
    facts_orders.OrderStepped: orders.order_stepped,
    # What was said is lent by the server beside the feed (pos/sync/talk.py).
    facts_orders.OrderSaid: _nothing,
    facts_orders.OrderReviewed: _nothing,
}

# The part of a fact that its place in the feed decides (fields of documents, an order's story), for
# facts that waited and are accepted.
_FIELDS: dict[type[Fact], Callable[[Folding, Any], None]] = {
    facts_shop.SettingsChanged: shop.settings_changed,
    facts_shop.StaffChanged: shop.staff_changed,
    facts_catalog.ProductChanged: catalog.product_changed,
    facts_catalog.CatalogImported: catalog.imported_fields,
    facts_catalog.ImportTakenBack: catalog.taken_back_fields,
    facts_stock.StockReceived: stock.received_costs,
    facts_customers.CustomerChanged: customers.customer_changed,
    facts_sync.FieldDecided: sync.field_decided,
    facts_sync.DocumentsMerged: sync.merged_fields,
    facts_orders.OrderPlaced: orders.order_accepted,
    facts_orders.OrderStepped: orders.order_accepted,
}


def fold(at: Folding, fact: Fact) -> None:
    """Change the tables as this fact says. The entry itself is already in the journal."""
    _HANDLERS[type(fact)](at, fact)


def accept_fields(at: Folding, fact: Fact) -> None:
    """An entry whose changes waited is accepted: what stands now is shown."""
    handler = _FIELDS.get(type(fact))
    if handler is not None:
        handler(at, fact)
    settle(at)
