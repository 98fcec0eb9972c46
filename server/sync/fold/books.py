"""All that a step changes, in memory: loaded by what its facts name, written at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, select

from core.facts.base import Fact
from core.movements import CashMove, DebtMove, StockMove
from core.sync.digest import NOTHING, GroupDigest
from server.db.keyed import rows_by_keys
from server.db.schema import SHOP, catalog, journal, people, trade
from server.db.transaction import Ask, ShopTx
from server.marks import Marks
from server.sync.fold.at import At
from server.sync.fold.fields import Documents
from server.sync.fold.loading import all_rows, by_keys, whole
from server.sync.fold.money import Debts, Drawers, Months
from server.sync.fold.orders import Orders
from server.sync.fold.registers import Registers
from server.sync.fold.sales import Sales
from server.sync.fold.stock import Shelves
from server.sync.fold.stored import fact_of_row
from server.sync.rows import Rows, put_rows

_ALIASES = whole(catalog.alias, "table_name", "source", "target")
ALIASES_ASK: Final = Ask(_ALIASES)
"""What the first question for a product that is meant asks."""
_ENTRY = select(journal.entry).where(
    journal.entry.c.shop_id == SHOP, journal.entry.c.n == bindparam("at")
)
_LINE_COSTS = by_keys(trade.sale_line, "n", "line_no", "cost")
_CARTS = by_keys(people.parked_cart, "cart_id")
_SHIFTS = by_keys(trade.shift, "shift_id")
Digests = dict[str, GroupDigest]


class Books:
    """The tables of a shop, as far as a step touches them."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is loaded yet."""
        self.tx = tx
        self.registers = Registers(tx)
        self.shelves = Shelves(tx)
        self.debts = Debts(tx)
        self.drawers = Drawers(tx)
        self.months = Months(tx)
        self.documents = Documents(tx)
        self.orders = Orders(tx, self.registers, self.product)
        self.marks = Marks(tx)
        self.sales = Sales(tx, self.registers.ancestors, self._write_sales)
        self.new_sales = Rows(trade.sale)
        self.lines = Rows(trade.sale_line)
        self.payments = Rows(trade.payment)
        self.repayments = Rows(trade.repayment)
        self.imports = Rows(catalog.catalog_import)
        self.new_aliases = Rows(catalog.alias)
        self.recent: dict[int, tuple[At, Fact]] = {}
        self._aliases: dict[str, dict[bytes, bytes]] | None = None
        self._carts: dict[bytes, list[Any]] = {}
        self._shifts: dict[bytes, dict[str, Any]] = {}

    def _alias(self, table: str) -> dict[bytes, bytes]:
        if self._aliases is None:
            self._aliases = {"product": {}, "customer": {}}
            for name, source, target in all_rows(self.tx, _ALIASES):
                self._aliases[name][source] = target
        return self._aliases[table]

    def product(self, product_id: bytes) -> bytes:
        """The product that is meant: another one where the two were merged."""
        aliases = self._alias("product")
        return _follow(aliases, product_id) if aliases else product_id

    def customer(self, customer_id: bytes) -> bytes:
        """The customer who is meant."""
        return _follow(self._alias("customer"), customer_id)

    def merge(self, table: str, source: bytes, target: bytes, n: int) -> None:
        """From here on `source` means `target`."""
        self._alias(table)[source] = target
        self.new_aliases.add((table, source, target, n))

    def stock_moves(self, moves: Sequence[StockMove]) -> Sequence[StockMove]:
        """The movements, of the products that are meant."""
        aliases = self._alias("product")
        if not aliases:
            return moves
        return [move._replace(product_id=_follow(aliases, move.product_id)) for move in moves]

    def move_cash(self, at: At, moves: Sequence[CashMove]) -> None:
        """Cash into or out of drawers."""
        if moves:
            self.drawers.move(at, moves)

    def move_debts(self, at: At, moves: Sequence[DebtMove], *, lends: bool) -> None:
        """Debts up or down; `lends`: checked against the limit, taken from the counter's share."""
        if not moves:
            return
        meant = [move._replace(customer_id=self.customer(move.customer_id)) for move in moves]
        self.debts.move(at, meant, self.registers.root(at.device), lends=lends)
        for move in meant:
            if lends and move.account == "credit" and move.amount > 0:
                limit = self.documents.get("customer", move.customer_id).number("credit_limit")
                if self.debts.debt(move.customer_id).debt > limit:
                    at.flags.add("over_limit")

    def shift(self, shift_id: bytes) -> dict[str, Any]:
        """A shift's row, to be changed in place; empty where it is not here."""
        if shift_id not in self._shifts:
            self._shifts[shift_id] = {}
            for row in rows_by_keys(self.tx, _SHIFTS, (shift_id,)):
                self._shifts[shift_id] = dict(row._mapping)
        return self._shifts[shift_id]

    def _cart(self, cart_id: bytes) -> list[Any]:
        if cart_id not in self._carts:
            self._carts[cart_id] = [0, "", b"", "", None, 0, 0]
            for row in rows_by_keys(self.tx, _CARTS, (cart_id,)):
                self._carts[cart_id] = list(row)[2:]
        return self._carts[cart_id]

    def park(self, cart_id: bytes, *row: Any) -> None:
        """A cart put aside."""
        self._cart(cart_id)[:6] = row

    def fetch(self, cart_id: bytes, n: int) -> None:
        """A cart taken up again."""
        self._cart(cart_id)[6] = n

    def fact_at(self, n: int) -> tuple[At, Fact]:
        """An earlier fact by its number in the feed."""
        if n not in self.recent:
            row = self.tx.one(_ENTRY, at=n)
            assert row is not None, n
            self.recent[n] = fact_of_row(row)
        return self.recent[n]

    def line_costs(self, n: int) -> dict[int, int]:
        """What the lines of an earlier sale cost."""
        here = {row[1]: row[9] for row in self.lines.rows if row[0] == n}
        return here or dict(rows_by_keys(self.tx, _LINE_COSTS, (n,)))

    def _write_sales(self) -> None:
        for rows in (self.new_sales, self.lines, self.payments):
            rows.write(self.tx)

    def write(self, digests: Digests) -> Digests:
        """Write all that changed, reading nothing (`months` were loaded); returns the digests
        afterwards (lines' heads apart)."""
        tx = self.tx
        digests = dict(digests)
        self.marks.products(self.shelves.changed() | self.documents.changed("product"))
        self.marks.products(self.orders.changed_goods())
        self.marks.settings(self.documents.changed_settings())
        for group, part in (
            ("stock", self.shelves),
            ("debt", self.debts),
            ("cash", self.drawers),
            ("sales", self.months),
        ):
            digests[group] = part.write(tx, digests.get(group, NOTHING))
        self._write_sales()
        self.repayments.write(tx)
        self.imports.write(tx, "nothing")
        self.new_aliases.write(tx, "nothing")
        self.documents.write(tx)
        self.sales.write(tx)
        self.orders.write(tx)
        self.registers.write(tx)
        put_rows(tx, people.parked_cart, [(k, *row) for k, row in sorted(self._carts.items())])
        columns = [c.name for c in trade.shift.columns if c.name != "shop_id"]
        put_rows(
            tx,
            trade.shift,
            [
                tuple(row[name] for name in columns)
                for _, row in sorted(self._shifts.items())
                if row
            ],
        )
        self._carts.clear()
        self._shifts.clear()
        self.recent.clear()
        return digests

    def adopt(self, before: Books) -> None:
        """Go on with what an earlier step left, where nobody wrote since."""
        self.registers.adopt(before.registers)
        self.shelves.adopt(before.shelves)
        self.drawers.adopt(before.drawers)
        self.months.adopt(before.months)
        self.sales.adopt(before.sales)
        self.marks.adopt(before.marks)
        self._aliases = before._aliases


def _follow(aliases: dict[bytes, bytes], key: bytes) -> bytes:
    for _ in range(len(aliases)):
        if key not in aliases:
            break
        key = aliases[key]
    return key


def pack_digests(digests: Digests) -> bytes:
    """Digests as they are stored."""
    return msgspec.msgpack.encode(digests)


def unpack_digests(body: bytes) -> Digests:
    """Digests as they were stored."""
    return msgspec.msgpack.decode(body, type=dict[str, GroupDigest])
