"""Goods on the shelf: quantity and value pool of each product, in the feed's order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from core.cost import Pool, put, take
from core.movements import StockMove
from core.sync.digest import GroupDigest, change_rows
from server.db.keyed import rows_by_keys
from server.db.schema.catalog import product_stock
from server.db.schema.trade import stock_movement
from server.db.transaction import ShopTx
from server.sync.fold.at import At
from server.sync.fold.loading import by_keys
from server.sync.rows import Rows, put_rows

_LOAD = by_keys(product_stock, "product_id", "product_id", "qty", "value", "cost", "sold", "known")


class Shelf:
    """One product's stock; `cost` is what a base unit cost last (None: not known)."""

    __slots__ = ("cost", "known", "pool", "sold", "stored")

    def __init__(self, pool: Pool, cost: int | None, sold: int, known: int) -> None:
        """As the table has it."""
        self.pool = pool
        self.cost = cost
        self.sold = sold
        self.known = known
        self.stored = self.row()

    def row(self) -> tuple[int, int, int | None, int, int]:
        """As it is now, in the order of the table's columns."""
        return (*self.pool, self.cost, self.sold, self.known)


class _Loaded(dict[bytes, Shelf]):
    """Shelves by product; one that is missing is loaded when it is asked for."""

    def __init__(self, load: Callable[[Collection[bytes]], None]) -> None:
        super().__init__()
        self._load = load

    def __missing__(self, key: bytes) -> Shelf:
        self._load((key,))
        return self[key]


class Shelves:
    """The stock that a step touches."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is loaded yet."""
        self._tx = tx
        self._shelves = _Loaded(self.load)
        self._moves = Rows(stock_movement)

    def load(self, ids: Collection[bytes]) -> None:
        """Read the shelves of these products, and know of the others that there are none."""
        missing = {key for key in ids if key not in self._shelves}
        for row in rows_by_keys(self._tx, _LOAD, missing):
            key, qty, value, cost, sold, known = row
            self._shelves[key] = Shelf(Pool(qty, value), cost, sold, known)
        for key in missing:
            if key not in self._shelves:
                self._shelves[key] = Shelf(Pool(0, 0), None, 0, 0)

    def shelf(self, key: bytes) -> Shelf:
        """A product's shelf; empty where nothing is known of it."""
        return self._shelves[key]

    def move(
        self,
        at: At,
        moves: Sequence[StockMove],
        returned: Callable[[StockMove], int | None] | None = None,
    ) -> list[int]:
        """Move goods; returns each movement's value in rupiah.

        `returned` gives the value that goods given back had when they left.
        """
        values: list[int] = []
        n, number, shelves, add = at.n, at.moves, self._shelves, self._moves.add
        for move in moves:
            product_id, kind, qty, value, line_no = move
            shelf = shelves[product_id]
            if value is None and qty < 0:
                shelf.pool, taken = take(shelf.pool, -qty, shelf.cost or 0)
                value = -taken
            else:
                value = self._put(shelf, move, returned)
            values.append(value)
            number += 1
            add((n, number, product_id, kind, qty, value, line_no))
        at.moves = number
        return values

    def _put(
        self,
        shelf: Shelf,
        move: StockMove,
        returned: Callable[[StockMove], int | None] | None,
    ) -> int:
        value = move.value
        if value is None and move.qty > 0 and returned is not None:
            value = returned(move)
        if value is None:
            value = _found_value(shelf, move.qty)
        shelf.pool = put(shelf.pool, move.qty, value)
        return value

    def changed(self) -> set[bytes]:
        """The products whose stock or movements are to be written."""
        moved = {row[2] for row in self._moves.rows}
        return moved | {key for key, one in self._shelves.items() if one.row() != one.stored}

    def write(self, tx: ShopTx, digest: GroupDigest) -> GroupDigest:
        """Write what changed; returns the digest of all stock afterwards."""
        self._moves.write(tx)
        shelves = sorted(
            (key, shelf) for key, shelf in self._shelves.items() if shelf.row() != shelf.stored
        )
        digest = change_rows(
            "stock",
            digest,
            (
                (key, (shelf.stored[0],), (shelf.pool.qty,))
                for key, shelf in shelves
                if shelf.stored[0] != shelf.pool.qty
            ),
        )
        put_rows(
            tx,
            product_stock,
            [(key, *shelf.row()) for key, shelf in shelves],
        )
        for _, shelf in shelves:
            shelf.stored = shelf.row()
        return digest

    def adopt(self, before: Shelves) -> None:
        """Go on with what an earlier step left."""
        self._shelves.update(before._shelves)


def _found_value(shelf: Shelf, qty: int) -> int:
    """Goods found without a price: worth what the others on the shelf are, else last cost."""
    if shelf.pool.qty > 0:
        return shelf.pool.value * qty // shelf.pool.qty
    return (shelf.cost or 0) * qty // 1000
