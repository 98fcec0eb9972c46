"""Folding stock movements: quantity and value pool of each product, in journal order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

import msgspec

from core.cost import Pool, put, take
from core.facts.stock import StockAdjusted, StockReceived
from core.movements import StockMove, movements
from pos.db.database import Database
from pos.db.fold.fields import Change, base, change_fields
from pos.db.fold.folding import Folding, target_of

Costed = list[int]
ReturnedCost = Callable[[StockMove], int | None]
_MOVEMENT = (
    "INSERT INTO stock_movement (pos, n, product_id, kind, qty, value, line_no)"
    " VALUES (?,?,?,?,?,?,?)"
)
_SOLD: Final = "UPDATE product SET sold=sold+? WHERE id=?"
_SOLD_EARLY: Final = (
    "INSERT INTO field_base (table_name, document, field, value)"
    " SELECT 'product', ?2, 'sold', ?1 WHERE NOT EXISTS (SELECT 1 FROM product WHERE id=?2)"
    " ON CONFLICT (table_name, document, field) DO UPDATE SET"
    " value=CAST(CAST(value AS INTEGER)+CAST(excluded.value AS INTEGER) AS TEXT)"
)
_TAKE_SOLD: Final = (
    "UPDATE product SET sold=sold+b.value FROM (SELECT CAST(value AS INTEGER) AS value FROM"
    " field_base WHERE table_name='product' AND document=?1 AND field='sold') AS b WHERE id=?1"
)
_DROP_SOLD: Final = (
    "DELETE FROM field_base WHERE table_name='product' AND document=? AND field='sold'"
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
    if at.standing == "accepted":
        for product_id, (pool, _) in found.items():
            found[product_id] = (pool, accepted_cost(at.db, product_id))
    if at.standing != "alone":
        for product_id in product_ids - found.keys():
            found[product_id] = (earlier_pool(at, product_id), accepted_cost(at.db, product_id))
    return found


def earlier_pool(at: Folding, product_id: bytes) -> Pool:
    """What movements came to of a product whose own fact is still to come."""
    waits = "" if at.standing == "waiting" else " AND pos NOT IN (SELECT pos FROM waiting)"
    row = at.db.tuple_of(
        "SELECT coalesce(sum(qty), 0), coalesce(sum(value), 0) FROM stock_movement"
        f" WHERE product_id=?{waits}",
        (product_id,),
    )
    assert row is not None, "a sum is always there"
    return Pool(row[0], row[1])


def accepted_cost(db: Database, product_id: bytes) -> int:
    """The last known cost of a base unit in the accepted state, in rupiah; 0 for none."""
    text = base(db, "product", product_id, "cost")
    if text is None:
        return int(db.scalar("SELECT cost FROM product WHERE id=?", (product_id,)) or 0)
    return int(msgspec.json.decode(text[0] or "0") or 0)


def move_stock(
    at: Folding,
    moves: Sequence[StockMove],
    returned_cost: ReturnedCost | None = None,
) -> Costed:
    """Store movements and the pools they leave; returns each movement's value in rupiah.

    `returned_cost` gives the value that goods given back had when they left. A product that
    is not known here (its fact is still to come) moves nothing but its row.
    """
    if at.laid:
        kept = at.db.raw.execute(
            "SELECT value FROM stock_movement WHERE pos=? ORDER BY n", (at.pos,)
        )
        return [row[0] for row in kept]
    moves = meant_moves(at, moves)
    pools = _pools(at, {move.product_id for move in moves})
    rows: list[tuple[object, ...]] = []
    values: Costed = []
    for n, move in enumerate(moves, 1):
        pool, hint = pools.get(move.product_id, (Pool(0, 0), 0))
        pool, value = moved(pool, move, hint, returned_cost)
        pools[move.product_id] = (pool, hint)
        values.append(value)
        rows.append((at.pos, n, move.product_id, move.kind, move.qty, value, move.line_no))
    at.db.many(_MOVEMENT, rows)
    at.db.many(
        "UPDATE product SET stock=?, stock_value=? WHERE id=?",
        [(pool.qty, pool.value, product_id) for product_id, (pool, _) in pools.items()],
    )
    return values


def moved(
    pool: Pool, move: StockMove, hint: int, returned_cost: ReturnedCost | None
) -> tuple[Pool, int]:
    """What one movement leaves of a pool, and its value in rupiah."""
    value = move.value
    if value is None and move.qty > 0 and returned_cost is not None:
        value = returned_cost(move)
    if value is None and move.qty < 0:
        pool, taken = take(pool, -move.qty, hint)
        return pool, -taken
    if value is None:
        value = _found_value(pool, move.qty, hint)
    return put(pool, move.qty, value), value


def meant_moves(at: Folding, moves: Sequence[StockMove]) -> Sequence[StockMove]:
    """Movements of the goods that are meant, where two records were merged."""
    if at.standing == "alone" or not moves or not _some_merged(at.db):
        return moves
    return [move._replace(product_id=target_of(at, "product", move.product_id)) for move in moves]


def _some_merged(db: Database) -> bool:
    return db.tuple_of("SELECT 1 FROM merged WHERE table_name='product' LIMIT 1") is not None


def add_earlier_moves(at: Folding, product_ids: Collection[bytes]) -> None:
    """Give new goods the movements whose facts came before the goods' own; to accepted ones not
    what waits, which is put on top of them afterwards (`pos.sync.rebase`)."""
    if at.standing == "alone":
        return
    waits = "" if at.standing == "waiting" else " AND pos NOT IN (SELECT pos FROM waiting)"
    for product_id in product_ids:
        at.db.run(
            "UPDATE product SET stock=stock+m.qty, stock_value=stock_value+m.value FROM"
            " (SELECT coalesce(sum(qty), 0) AS qty, coalesce(sum(value), 0) AS value"
            f" FROM stock_movement WHERE product_id=?1 AND pos<>?2{waits}) AS m WHERE id=?1",
            (product_id, at.pos),
        )


def count_sold(at: Folding, sold: Sequence[tuple[int, bytes]]) -> None:
    """How often goods were sold, less how often given back; of goods whose own fact is still to
    come it is kept for then."""
    at.db.many(_SOLD, sold)
    if at.standing != "alone":
        at.db.many(_SOLD_EARLY, [(str(times), product_id) for times, product_id in sold])


def add_earlier_sales(at: Folding, product_ids: Collection[bytes]) -> None:
    """Count for new goods how often they were sold by facts that came before the goods' own."""
    if at.standing == "alone":
        return
    keys = [(product_id,) for product_id in product_ids]
    at.db.many(_TAKE_SOLD, keys)
    at.db.many(_DROP_SOLD, keys)


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
    received_costs(at, fact)


def received_costs(at: Folding, fact: StockReceived) -> None:
    """What a base unit cost this time, in rupiah: a field like any other, whatever it was."""
    for line in fact.lines:
        if line.qty > 0:
            cost = (line.value or 0) * 1000 // line.qty
            product_id = target_of(at, "product", line.product_id)
            change_fields(at, "product", product_id, (Change("cost", None, str(cost)),))


def stock_adjusted(at: Folding, fact: StockAdjusted) -> None:
    """Stock set right."""
    move_stock(at, movements(fact).stock)
