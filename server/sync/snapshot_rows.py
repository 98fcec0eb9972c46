"""The rows of a snapshot, read from a shop's tables in one transaction (`core.sync.snapshot`).

Whole are the entries of the last months, and of the older ones those that a later fact may still
mean: lines, registers, PINs, pairs kept apart, shifts that are open with their sales, orders that
are not over, parked carts, what is held in quarantine or waits for a sale, and imports that
changed fields. All others are in sums, which are the tables' sums less what the whole entries
moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, exists, func, or_, select

from core.facts.catalog import BarcodeRecord, TierRecord, UnitRecord
from core.facts.shop import LineOpened, PinChanged
from core.facts.sync import KeptApart, RegisterJoined, RegisterLeft
from core.orders.standing import ENDS
from core.sync.digest import GroupDigest
from core.sync.feed import START
from core.sync.snapshot import (
    SOLD,
    Cash,
    Customer,
    Day,
    Debt,
    Early,
    Head,
    Identity,
    Merged,
    Person,
    Product,
    Row,
    Setting,
    Share,
    Stock,
)
from server.db.keyed import rows_by_keys
from server.db.schema import SHOP, catalog, journal, orders, people, trade
from server.db.transaction import ShopTx
from server.db.types import id_bytes
from server.sync.fold.books import unpack_digests
from server.sync.fold.documents import TABLES
from server.sync.fold.loading import all_rows, by_keys, whole
from server.sync.keys import ServerKey
from server.sync.sale_marks import marks_of
from server.sync.standing import FeedHead, hash_at
from server.sync.whole_entries import Carriers, Signer, read_whole

_entry, _sale = journal.entry, trade.sale
_LASTING: Final = (
    LineOpened.KIND, RegisterJoined.KIND, RegisterLeft.KIND, PinChanged.KIND, KeptApart.KIND,
)  # fmt: skip
_UNSETTLED: Final = ("asked", "claimed", "refund_due")
_RECEIVED = select(_entry.c.received_ms).where(
    _entry.c.shop_id == SHOP, _entry.c.n == bindparam("at")
)
_OF_KIND = select(_entry.c.n).where(
    _entry.c.shop_id == SHOP, _entry.c.n <= bindparam("after"), _entry.c.kind.in_(_LASTING)
)
_OPEN = select(trade.shift.c.shift_id, trade.shift.c.n).where(
    trade.shift.c.shop_id == SHOP, trade.shift.c.closed_n.is_(None)
)
_IN_SHIFT = select(_sale.c.n, _sale.c.device, _sale.c.seq).where(
    _sale.c.shop_id == SHOP,
    _sale.c.n <= bindparam("after"),
    _sale.c.shift_id.in_(bindparam("shifts", expanding=True)),
)
_CARTS = select(people.parked_cart.c.n).where(
    people.parked_cart.c.shop_id == SHOP, people.parked_cart.c.fetched_n == 0
)
_owed, _mark = trade.payment, trade.payment_mark
_OWED = select(_sale.c.n, _sale.c.device, _sale.c.seq).where(
    _sale.c.shop_id == SHOP,
    _sale.c.n <= bindparam("after"),
    _sale.c.type != "sale",
    exists().where(
        _owed.c.shop_id == SHOP,
        _owed.c.n == _sale.c.n,
        _owed.c.amount < 0,
        _owed.c.kind.in_(("qris", "card", "ewallet", "transfer")),
        ~exists().where(
            _mark.c.shop_id == SHOP,
            _mark.c.n == _owed.c.n,
            _mark.c.i == _owed.c.i,
            _mark.c.settled_n > 0,
        ),
    ),
)
_HELD = select(journal.quarantine.c.n).where(
    journal.quarantine.c.shop_id == SHOP, journal.quarantine.c.decision == ""
)
_LATE = select(journal.waiting.c.n).where(journal.waiting.c.shop_id == SHOP)
_change, _stamp = catalog.field_change, catalog.field_stamp
_IMPORTS = select(catalog.catalog_import.c.n).where(
    catalog.catalog_import.c.shop_id == SHOP,
    catalog.catalog_import.c.import_id.in_(
        select(catalog.catalog_import.c.import_id)
        .where(
            catalog.catalog_import.c.shop_id == SHOP,
            exists().where(_change.c.shop_id == SHOP, _change.c.n == catalog.catalog_import.c.n),
        )
        .correlate(None)
    ),
)
_EARLY: Final = {
    name: select(_stamp.c.document, _stamp.c.field, _stamp.c.value).where(
        _stamp.c.shop_id == SHOP,
        _stamp.c.table_name == name,
        ~exists().where(
            table.c.shop_id == SHOP, id_bytes(table.c[f"{name}_id"]) == _stamp.c.document
        ),
    )
    for name, table in TABLES.items()
}
_shelf = catalog.product_stock
_SOLD_EARLY = select(_shelf.c.product_id, _shelf.c.sold).where(
    _shelf.c.shop_id == SHOP,
    _shelf.c.sold != 0,
    ~exists().where(
        catalog.product.c.shop_id == SHOP, catalog.product.c.product_id == _shelf.c.product_id
    ),
)
_order, _event = orders.shop_order, orders.order_event
_ORDERS = select(_order.c.n, _order.c.order_id).where(
    _order.c.shop_id == SHOP,
    or_(_order.c.state.not_in(sorted(ENDS)), _order.c.payment.in_(_UNSETTLED)),
)
_EVENTS = by_keys(_event, "order_id", "n")
_DIGEST = select(journal.feed_digest.c.body).where(
    journal.feed_digest.c.shop_id == SHOP, journal.feed_digest.c.n == bindparam("at")
)
_last = (
    select(_entry.c.device, func.max(_entry.c.seq).label("seq"))
    .where(_entry.c.shop_id == SHOP, _entry.c.n <= bindparam("after"))
    .group_by(_entry.c.device)
    .subquery()
)
_HEADS_AT = (
    select(_entry.c.device, _entry.c.seq, _entry.c.hash)
    .select_from(
        _entry.join(_last, (_entry.c.device == _last.c.device) & (_entry.c.seq == _last.c.seq))
    )
    .where(_entry.c.shop_id == SHOP)
)
_AMOUNTS: Final = ("gross", "discount", "tax", "rounding", "total", "cost")
_DAYS = (
    select(_sale.c.day, func.count(), *(func.sum(_sale.c[name]) for name in _AMOUNTS))
    .where(_sale.c.shop_id == SHOP, _sale.c.n <= bindparam("after"))
    .group_by(_sale.c.day)
)
_SALES = by_keys(_sale, "n", "day", *_AMOUNTS)


def _sums(table: Any, *keys: str, of: tuple[str, ...]) -> Any:
    columns = [table.c[name] for name in keys]
    sums = [func.sum(table.c[name]) for name in of]
    return select(*columns, *sums).where(table.c.shop_id == SHOP).group_by(*columns)


_DEBT_SUMS = _sums(trade.debt_movement, "customer_id", "account", "day", of=("amount",))
_CASH_SUMS = _sums(trade.cash_movement, "shift_id", "kind", of=("amount",))
_SHELVES = whole(catalog.product_stock, "product_id", "qty", "value", "cost", "sold")
_PRODUCT: Final = (
    "product_id", "code", "name", "category", "brand", "unit", "price", "tax_class", "min_stock",
    "favourite", "fractional", "active", "picture", "import_id", "units", "barcodes", "tiers",
    "online", "halal",
)  # fmt: skip
_PRODUCTS = (
    select(*(catalog.product.c[name] for name in _PRODUCT))
    .where(catalog.product.c.shop_id == SHOP)
    .order_by(catalog.product.c.product_id)
)
_NONE: Final = "[]"
_units = msgspec.json.Decoder(tuple[UnitRecord, ...]).decode
_barcodes = msgspec.json.Decoder(tuple[BarcodeRecord, ...]).decode
_tiers = msgspec.json.Decoder(tuple[TierRecord, ...]).decode


class Read:
    """The state of a shop at its head; `rows` gives a group's rows, always in the same order.
    `entries` are those that come whole."""

    def __init__(self, tx: ShopTx, head: FeedHead, key: ServerKey, after: int) -> None:
        """Entries after `after` come whole. Whole entries and shelves are read at once."""
        self._tx = tx
        self.head = head
        self.after = after
        self.after_hash = hash_at(tx, after) or START
        body = tx.scalar(_DIGEST, at=head.n)
        self.digest: dict[str, GroupDigest] = unpack_digests(body) if body is not None else {}
        self.heads = _heads(whole(journal.line_head, "device", "seq", "hash"), tx)
        self._carriers = Carriers(tx)
        self._shelves = {key: shelf for key, *shelf in all_rows(tx, _SHELVES)}
        self._numbers = self._kept()
        signer = Signer(tx, key, head.epoch)
        self.entries = read_whole(signer, self._carriers, self._numbers, after, head.n)

    def rows(self, group: str) -> Iterator[Row]:
        """The rows of a group."""
        make: Callable[[], Iterator[Row]] = getattr(self, f"_{group}")
        return make()

    # -- whole entries

    def _kept(self) -> list[int]:
        """Older entries that come whole, too."""
        tx, after = self._tx, self.after
        if not after:
            return []
        shifts = {row.shift_id: row.n for row in tx.rows(_OPEN)}
        found = {row.n for row in tx.rows(_OF_KIND, after=after)} | set(shifts.values())
        found |= self._carriers.holding(tx, _LASTING, after)
        if shifts:
            found |= self._sales_of(sorted(shifts))
        for query in (_CARTS, _HELD, _LATE, _IMPORTS):
            found |= {row.n for row in tx.rows(query)}
        found |= self._still_owed() | self._orders()
        found.update(self._carriers.originals(tx, after + 1, self.head.n).values())
        return sorted(n for n in found if 0 < n <= after)

    def _sales_of(self, shifts: list[bytes]) -> set[int]:
        """Older sales of these shifts, and what was done to them since."""
        rows = self._tx.rows(_IN_SHIFT, after=self.after, shifts=shifts)
        found = {(row.device, row.seq): row.n for row in rows}
        if not found:
            return set()
        return set(found.values()) | marks_of(self._tx, set(found), self.after)

    def _still_owed(self) -> set[int]:
        """Older refunds whose money is still to be sent, and what was done to them."""
        found = {(r.device, r.seq): r.n for r in self._tx.rows(_OWED, after=self.after)}
        return set(found.values()) | marks_of(self._tx, set(found), self.after)

    def _orders(self) -> set[int]:
        """Older orders that are not over, and what was written about them."""
        rows = self._tx.rows(_ORDERS)
        keys = {row.order_id for row in rows}
        events = {row.n for row in rows_by_keys(self._tx, _EVENTS, keys)}
        return {row.n for row in rows} | events

    def _entry(self) -> Iterator[Row]:
        return iter(self.entries)

    # -- what stands behind them

    def _head(self) -> Iterator[Row]:
        return iter(_heads(_HEADS_AT, self._tx, after=self.after) if self.after else ())

    def _identity(self) -> Iterator[Row]:
        return (
            Identity(key) for key, n in sorted(self._carriers.by_hash.items()) if n <= self.after
        )

    def _day(self) -> Iterator[Row]:
        if not self.after:
            return
        rows = self._tx.rows(_DAYS, after=self.after)
        sums = {row[0]: [int(one) for one in row[1:]] for row in rows}
        for day, *amounts in rows_by_keys(self._tx, _SALES, self._numbers):
            for place, amount in enumerate((1, *amounts)):
                sums[day][place] -= amount
        yield from (Day(day, *one) for day, one in sorted(sums.items()) if any(one))

    def _setting(self) -> Iterator[Row]:
        rows = all_rows(self._tx, whole(people.setting, "name", "value"))
        return (Setting(*row) for row in sorted(map(tuple, rows)))

    def _person(self) -> Iterator[Row]:
        rows = sorted(all_rows(self._tx, whole(people.staff)), key=lambda r: r.staff_id)
        return (Person(r.staff_id, r.name, r.role, r.active, r.permissions) for r in rows)

    def _merged(self) -> Iterator[Row]:
        rows = sorted(all_rows(self._tx, whole(catalog.alias)), key=lambda r: (r.n, r.source))
        return (Merged(r.table_name, r.source, r.target) for r in rows)

    def _early(self) -> Iterator[Row]:
        """Values of documents whose own facts are held or unread, for when these are let in."""
        for table, query in _EARLY.items():
            yield from (Early(table, *row) for row in sorted(map(tuple, self._tx.rows(query))))
        for key, sold in sorted(map(tuple, self._tx.rows(_SOLD_EARLY))):
            yield Early("product", key, SOLD, str(sold))

    def _customer(self) -> Iterator[Row]:
        for r in sorted(all_rows(self._tx, whole(people.customer)), key=lambda r: r.customer_id):
            yield Customer(
                r.customer_id, r.name, r.phone, r.note, r.credit_limit, r.member_no,
                r.balance_limit, r.active,
            )  # fmt: skip

    def _product(self) -> Iterator[Row]:
        nothing = (0, 0, None, 0)
        # Taken apart by place: asking a hundred thousand rows by name takes half a second more.
        for (
            key, code, name, category, brand, unit, price, tax, least, star, part, on, picture,
            batch, units, codes, tiers, online, halal,
        ) in self._tx.rows(_PRODUCTS):  # fmt: skip
            qty, value, cost, sold = self._shelves.get(key, nothing)
            yield Product(
                key, code, name, category, brand, unit, price, cost, tax, least, star, part, on,
                picture, batch, sold, qty, value,
                () if units == _NONE else _units(units),
                () if codes == _NONE else _barcodes(codes),
                () if tiers == _NONE else _tiers(tiers),
                online, halal,
            )  # fmt: skip

    def _share(self) -> Iterator[Row]:
        rows = all_rows(self._tx, whole(people.allotment, "customer_id", "device", "amount"))
        aliases = all_rows(self._tx, whole(catalog.alias))
        gone = {row.source for row in aliases if row.table_name == "customer"}
        return (Share(*row) for row in sorted(map(tuple, rows)) if row[0] not in gone)

    def _stock(self) -> Iterator[Row]:
        if not self.after:
            return  # every movement comes with its entry
        rest = {key: [qty, value] for key, (qty, value, _, _) in self._shelves.items()}
        for move in (move for one in self.entries for move in one.stock):
            mine = rest.setdefault(move.product_id, [0, 0])
            mine[0] -= move.qty
            mine[1] -= move.value
        for key, (qty, value) in sorted(rest.items()):
            if qty or value:
                yield Stock(key, "before", qty, value, 0)

    def _debt(self) -> Iterator[Row]:
        if not self.after:
            return
        rest = {tuple(row[:3]): int(row[3]) for row in self._tx.rows(_DEBT_SUMS)}
        for move in (move for one in self.entries for move in one.debt):
            rest[move.customer_id, move.account, move.day] -= move.amount
        for (customer, account, day), amount in sorted(rest.items()):
            if amount:
                yield Debt(customer, account, amount, day)

    def _cash(self) -> Iterator[Row]:
        if not self.after:
            return
        rest = {tuple(row[:2]): int(row[2]) for row in self._tx.rows(_CASH_SUMS)}
        for move in (move for one in self.entries for move in one.cash):
            rest[move.shift_id, move.kind] -= move.amount
        for (shift_id, kind), amount in sorted(rest.items()):
            if amount:
                yield Cash(shift_id, kind, amount)


def read(tx: ShopTx, head: FeedHead, key: ServerKey, since_ms: int) -> Read:
    """Everything of the shop at `head`, which was read in this very transaction.

    Entries that were received since `since_ms` (UTC ms) come whole.
    """
    return Read(tx, head, key, _before(tx, head.n, since_ms))


def _before(tx: ShopTx, last: int, since_ms: int) -> int:
    """The last number that was received before an instant; numbers come in the order of time."""
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        if int(tx.scalar(_RECEIVED, at=middle)) < since_ms:
            low = middle
        else:
            high = middle - 1
    return low


def _heads(query: Any, tx: ShopTx, **params: Any) -> tuple[Head, ...]:
    return tuple(Head(*row) for row in sorted(map(tuple, all_rows(tx, query, **params))))
