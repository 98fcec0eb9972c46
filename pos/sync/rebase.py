"""Value pools under waiting movements: lifted off while others' facts are folded, then put back.

What stock cost depends on the order of movements, and accepted ones come first. The accepted
pool of a product is what is shown less the sum of its waiting movements: quantities and values add
up. Only goods that the slice in hand moves are touched.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple

import msgspec

from core.contract import UnknownFact, UnreadableFact
from core.cost import Pool, take
from core.facts.base import Fact
from core.facts.selling import SaleCompleted
from core.movements import StockMove, movements
from pos.db.database import Database
from pos.db.fold.folding import Folding, Standing, folding_of
from pos.db.fold.selling import Original, costs_of, originals_of
from pos.db.fold.stock import accepted_cost, meant_moves, moved

MOST_LIFTED: Final = 1_000
"""So many movements are lifted off in one transaction: some 9 ms, twice that where each has come to
cost something else."""

_WAITING = (
    "SELECT m.pos, m.qty, m.value, m.n, m.kind, m.line_no, m.product_id"
    " FROM stock_movement m JOIN waiting w ON w.pos=m.pos"
    " WHERE m.product_id=? AND m.pos>=(SELECT min(pos) FROM waiting)"
)


class _Waiting(NamedTuple):
    """A movement that waits, as the tables have it."""

    pos: int
    qty: int
    value: int
    n: int
    kind: str
    line_no: int
    product_id: bytes

    @property
    def is_plain(self) -> bool:
        """Whether it is goods sold, of which the tables say all that its fact does."""
        return self.kind == "sale" and self.qty < 0


class _CostNow(NamedTuple):
    """What a line of a sale that waits has come to cost, in rupiah, and its movement."""

    pos: int
    n: int
    line_no: int
    cost: int


class Lifted:
    """Goods whose waiting movements are off the pools; `put_back` ends it.

    `is_to_fold` says that all is to be folded again, before what goods cost is right: there are so
    many that whoever sells would wait for it, and none is lifted; or a sale of which something that
    waits is given back came in between.

    In between `accept` folds an entry that waited and counts now.
    """

    def __init__(self, db: Database, product_ids: Collection[bytes]) -> None:
        """Take the waiting movements of these goods off; goods without any stay as they are."""
        self._db = db
        self._waits: dict[int, list[_Waiting]] = {}
        self._costs_now: list[_CostNow] = []
        self.products: set[bytes] = set()
        found = self._found(product_ids)
        self.is_to_fold = found is None
        self._given_back: set[tuple[int, int, int]] = set()
        for product_id, rows in (found or {}).items():
            self._lift(product_id, rows)
        for pos, moves in self._waits.items():
            if not _all_plain(moves):
                self._lift_refunds(pos)

    def _found(self, product_ids: Collection[bytes]) -> dict[bytes, list[_Waiting]] | None:
        """The waiting movements of goods; None where there are more than are lifted."""
        found: dict[bytes, list[_Waiting]] = {}
        left = MOST_LIFTED
        for product_id in product_ids:
            some = self._db.raw.execute(f"{_WAITING} LIMIT ?", (product_id, left + 1))
            rows = [_Waiting(*row) for row in some]
            left -= len(rows)
            if left < 0:
                return None
            if rows:
                found[product_id] = rows
        return found

    def _lift(self, product_id: bytes, rows: list[_Waiting]) -> None:
        self._db.run(
            "UPDATE product SET stock=stock-?, stock_value=stock_value-? WHERE id=?",
            (sum(row.qty for row in rows), sum(row.value for row in rows), product_id),
        )
        self.products.add(product_id)
        for row in rows:
            self._waits.setdefault(row.pos, []).append(row)

    def _lift_refunds(self, pos: int) -> None:
        for row in self._refund_lines(pos):
            if self._mark(row[0], row[1], row[2], row[3]):
                self._given_back.add((pos, row[0], row[1]))

    def _refund_lines(self, pos: int) -> list[Any]:
        rows = self._db.rows(
            "SELECT refers_sale, refers_line, qty, cost, product_id FROM sale_line"
            " WHERE sale_id=? AND refers_sale<>0",
            (pos,),
        )
        return [row for row in rows if self._meant(bytes(row[4])) in self.products]

    def _meant(self, product_id: bytes) -> bytes:
        found = self._db.scalar(
            "SELECT target FROM merged WHERE table_name='product' AND source=?", (product_id,)
        )
        return product_id if found is None else self._meant(bytes(found))

    def _mark(self, sale_id: int, line_no: int, qty: int, cost: int) -> int:
        """Note what was given back of a line; 0 where the sale is not here."""
        return self._db.run(
            "UPDATE sale_line SET refunded_qty=refunded_qty+?, refunded_cost=refunded_cost+?"
            " WHERE sale_id=? AND line_no=?",
            (qty, cost, sale_id, line_no),
        )

    def accept(self, pos: int) -> None:
        """The entry at `pos` waits no longer: fold its movements here, among the accepted."""
        moves = self._waits.pop(pos, None)
        if moves is not None:
            self._fold(pos, "accepted")

    def put_back(self) -> None:
        """Fold what still waits again, in its order.

        Nearly all of it is goods sold. They only take from pools, so their facts need not be read
        again, pools are kept at hand, and only what has come to cost otherwise is written.
        """
        pools: dict[bytes, Pool] = {}
        for pos, moves in sorted(self._waits.items()):
            if _all_plain(moves):
                self._sell_again(sorted(moves, key=lambda move: move.n), pools)
            else:
                self._store(pools)
                self._fold(pos, "waiting")
        self._store(pools)

    def _sell_again(self, moves: list[_Waiting], pools: dict[bytes, Pool]) -> None:
        for move in moves:
            product_id = move.product_id
            pool = pools.get(product_id) or self._pool(product_id)
            hint = 0
            if pool is None:
                pool = Pool(0, 0)
            elif pool.qty < -move.qty:
                hint = self._hint("waiting", move.pos, product_id)
            pools[product_id], taken = take(pool, -move.qty, hint)
            if taken != -move.value:
                self._costs_now.append(_CostNow(move.pos, move.n, move.line_no, taken))

    def _store(self, pools: dict[bytes, Pool]) -> None:
        now, self._costs_now = self._costs_now, []
        self._db.many(
            "UPDATE stock_movement SET value=? WHERE pos=? AND n=?",
            [(-one.cost, one.pos, one.n) for one in now],
        )
        self._cost_anew([(one.cost, one.pos, one.line_no) for one in now])
        self._db.many(
            "UPDATE product SET stock=?, stock_value=? WHERE id=?",
            [(pool.qty, pool.value, product_id) for product_id, pool in pools.items()],
        )
        pools.clear()

    def _pool(self, product_id: bytes) -> Pool | None:
        row = self._db.tuple_of("SELECT stock, stock_value FROM product WHERE id=?", (product_id,))
        return None if row is None else Pool(row[0], row[1])

    def _fold(self, pos: int, standing: Standing) -> None:
        try:
            at, fact = folding_of(self._db, pos)
        except (UnknownFact, UnreadableFact):
            # The disk has damaged it since: what it moved stays as it was.
            self._move_back(pos)
            return
        self._move(at._replace(standing=standing), fact)

    def _move_back(self, pos: int) -> None:
        for product_id, qty, value in self._db.rows(
            "SELECT product_id, qty, value FROM stock_movement WHERE pos=?", (pos,)
        ):
            if product_id in self.products:
                self._db.run(
                    "UPDATE product SET stock=stock+?, stock_value=stock_value+? WHERE id=?",
                    (qty, value, product_id),
                )

    def _move(self, at: Folding, fact: Fact) -> None:
        moves = meant_moves(at, movements(fact).stock)
        originals = originals_of(at, fact) if isinstance(fact, SaleCompleted) else {}
        before: dict[int, int] = dict(
            self._db.raw.execute("SELECT n, value FROM stock_movement WHERE pos=?", (at.pos,))
        )
        values = [
            self._one(at, n, move, originals)
            if move.product_id in self.products
            else before.get(n, 0)
            for n, move in enumerate(moves, 1)
        ]
        if isinstance(fact, SaleCompleted):
            self._costs(at, costs_of(moves, values))

    def _one(self, at: Folding, n: int, move: StockMove, originals: dict[int, Original]) -> int:
        def returned(asked: StockMove) -> int | None:
            original = originals.get(asked.line_no)
            return original.cost if original else None

        known = self._pool(move.product_id)
        hint = self._hint(at.standing, at.pos, move.product_id) if known else 0
        pool, value = moved(known or Pool(0, 0), move, hint, returned)
        self._db.run(
            "UPDATE product SET stock=?, stock_value=? WHERE id=?",
            (pool.qty, pool.value, move.product_id),
        )
        self._db.run(
            "UPDATE stock_movement SET value=? WHERE pos=? AND n=? AND value<>?",
            (value, at.pos, n, value),
        )
        return value

    def _hint(self, standing: Standing, pos: int, product_id: bytes) -> int:
        """The last known cost of a base unit where an entry stands, in rupiah."""
        if standing == "waiting":
            text = self._db.scalar(
                "SELECT value FROM field_wait WHERE table_name='product' AND document=?"
                " AND field='cost' AND pos<? ORDER BY pos DESC, n DESC LIMIT 1",
                (product_id, pos),
            )
            if text is not None:
                return int(msgspec.json.decode(text) or 0)
        return accepted_cost(self._db, product_id)

    def _costs(self, at: Folding, costs: dict[int, int]) -> None:
        """What the lines of a sale cost now, and what refunds brought back of others."""
        self._cost_anew([(cost, at.pos, line_no) for line_no, cost in costs.items()])
        for row in self._refund_lines(at.pos):
            if (at.pos, row[0], row[1]) in self._given_back:
                self._mark(row[0], row[1], -row[2], -row[3])
            else:
                self.is_to_fold = True  # the sale has found it, at what it had cost before

    def _cost_anew(self, lines: list[tuple[int, int, int]]) -> None:
        """What the goods of sales' lines cost: rupiah, where the sale lies, the line's number."""
        self._db.many(
            "UPDATE sale SET cost=cost+?1-(SELECT cost FROM sale_line WHERE sale_id=?2"
            " AND line_no=?3) WHERE id=?2",
            lines,
        )
        self._db.many("UPDATE sale_line SET cost=? WHERE sale_id=? AND line_no=?", lines)


def _all_plain(moves: list[_Waiting]) -> bool:
    return all(move.is_plain for move in moves)
