"""Folding stock movements: quantity and value pool of each product, in journal order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.cost import Pool, put, take
from core.facts.stock import StockAdjusted, StockReceived
from core.movements import StockMove, movements
from pos.db.fold.folding import Folding

Costed = list[int]
_MOVEMENT = (
    "INSERT INTO stock_movement (pos, n, product_id, kind, qty, value, line_no)"
    " VALUES (?,?,?,?,?,?,?)"
)


def _pools(at: Folding, product_ids: set[bytes]) -> dict[bytes, tuple[Pool, int]]:
    ids = list(product_ids)
    found: dict[bytes, tuple[Pool, int]] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ",".join("?" * len(part))
        for row in at.db.raw.execute(
            f"SELECT id, stock, stock_value, cost FROM product WHERE id IN ({marks})", part
        ):
            found[row[0]] = (Pool(row[1], row[2]), row[3] or 0)
    return found


def move_stock(
    at: Folding,
    moves: Sequence[StockMove],
    returned_cost: Callable[[StockMove], int | None] | None = None,
) -> Costed:
    """Store movements and the pools they leave; returns each movement's value in rupiah.

    `returned_cost` gives the value that goods given back had when they left. A product that
    is not known here (its fact is still to come) moves nothing but its row.
    """
    pools = _pools(at, {move.product_id for move in moves})
    rows: list[tuple[object, ...]] = []
    values: Costed = []
    for n, move in enumerate(moves, 1):
        pool, hint = pools.get(move.product_id, (Pool(0, 0), 0))
        value = move.value
        if value is None and move.qty > 0 and returned_cost is not None:
            value = returned_cost(move)
        if value is None and move.qty < 0:
            pool, taken = take(pool, -move.qty, hint)
            value = -taken
        else:
            if value is None:
                value = _found_value(pool, move.qty, hint)
            pool = put(pool, move.qty, value)
        pools[move.product_id] = (pool, hint)
        values.append(value)
        rows.append((at.pos, n, move.product_id, move.kind, move.qty, value, move.line_no))
    at.db.many(_MOVEMENT, rows)
    at.db.many(
        "UPDATE product SET stock=?, stock_value=? WHERE id=?",
        [(pool.qty, pool.value, product_id) for product_id, (pool, _) in pools.items()],
    )
    return values


def note_moves(at: Folding, moves: Sequence[StockMove]) -> None:
    """Store movements whose values are known and whose pools are written with the goods."""
    at.db.many(
        _MOVEMENT,
        [
            (at.pos, n, move.product_id, move.kind, move.qty, move.value or 0, move.line_no)
            for n, move in enumerate(moves, 1)
        ],
    )


def _found_value(pool: Pool, qty: int, hint: int) -> int:
    """Goods found without a price: worth what the others on the shelf are, else last cost."""
    if pool.qty > 0:
        return pool.value * qty // pool.qty
    return hint * qty // 1000


def stock_received(at: Folding, fact: StockReceived) -> None:
    """Goods in; the product remembers what a base unit cost this time."""
    move_stock(at, movements(fact).stock)
    at.db.many(
        "UPDATE product SET cost=? WHERE id=?",
        [
            ((line.value or 0) * 1000 // line.qty, line.product_id)
            for line in fact.lines
            if line.qty > 0
        ],
    )


def stock_adjusted(at: Folding, fact: StockAdjusted) -> None:
    """Stock set right."""
    move_stock(at, movements(fact).stock)
