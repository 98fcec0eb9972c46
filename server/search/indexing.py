"""The index follows the shops: what is marked is reckoned anew, in turns that take little time.

A turn holds the shop's row, so that two processes never write one shop's rows at once, and reads
the shop's tables after that: what it writes is at least as new as every mark that it has read.
Only those marks are taken away. Feeds, and whoever sells, wait for nothing here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, select, update

from server.db.schema import SHOP
from server.db.schema.search import search_gerai, search_mark, search_product, search_word
from server.db.schema.shops import shop
from server.db.tied import tied
from server.db.transaction import ShopTx
from server.marks import GERAI, WHOLE
from server.search.reckoning import (
    GeraiRow,
    Now,
    ProductRow,
    now_of,
    products_after,
    products_of,
)
from server.services import Services

PART: Final = 500
"""So many goods are reckoned in one transaction."""
MOST_MARKS: Final = 5_000
_LONGEST_WORD: Final = 32
_mark, _product, _gerai = search_mark, search_product, search_gerai
_own_gerai = _gerai.c.owner == SHOP
_own = _product.c.owner == SHOP

# Nobody waits for who holds it: he does what there is to do.
_HOLD: Final = (
    select(shop.c.shop_id).where(tied(shop)).with_for_update(key_share=True, skip_locked=True)
)
_MARKS: Final = (
    select(_mark.c.mark, _mark.c.product_id).where(_mark.c.shop == SHOP).limit(MOST_MARKS)
)
_DONE: Final = delete(_mark).where(
    _mark.c.shop == SHOP, _mark.c.mark.in_(bindparam("marks", expanding=True))
)
_STORED: Final = select(*(_gerai.c[name] for name in GeraiRow._fields), _gerai.c.reckoned).where(
    _own_gerai
)
_RECKONED: Final = update(_gerai).where(_own_gerai).values(reckoned=bindparam("by"))
_CLOSE: Final = delete(_gerai).where(_own_gerai)
_CLEAR: Final = delete(_product).where(_own)
_FIELDS: Final = [_product.c[name] for name in ProductRow._fields]
_SOME: Final = select(*_FIELDS).where(
    _own, _product.c.product_id.in_(bindparam("keys", expanding=True))
)
_BETWEEN: Final = select(*_FIELDS).where(
    _own, _product.c.product_id > bindparam("after"), _product.c.product_id <= bindparam("last")
)
_BEYOND: Final = select(*_FIELDS).where(_own, _product.c.product_id > bindparam("after"))
_GONE: Final = delete(_product).where(
    _own, _product.c.product_id.in_(bindparam("keys", expanding=True))
)
_MARKED: Final = (
    select(_mark.c.shop).distinct().where(_mark.c.shop > bindparam("after")).order_by(_mark.c.shop)
)
_ENDED: Final = select(_gerai.c.owner).where(_gerai.c.day_ends_ms <= bindparam("now"))


def due_shops(services: Services, after: bytes, most: int) -> list[bytes]:
    """Shops whose rows are to be reckoned anew: marked ones that follow `after` by id, and those
    whose day has ended."""
    with services.store.reading_directory() as tx:
        found = [row.shop for row in tx.rows(_MARKED.limit(most), after=after)]
        if len(found) < most:
            now_ms = services.now_ms()
            found += [row.owner for row in tx.rows(_ENDED.limit(most - len(found)), now=now_ms)]
    return list(dict.fromkeys(found))


def catch_up(services: Services, shop_id: bytes, *, whole: bool = False) -> bool:
    """Bring a shop's rows up to date; False where another process is at it."""
    turn = _Turn(services, whole)
    while not turn.finished:
        # Lost with a crash of the database, its marks are there again, too.
        if not services.store.in_shop(shop_id, turn.part, lasting=False):
            return False
    return True


@dataclass
class _Turn:
    """One shop's turn, in as many transactions as it has parts.

    A part may be run again from its beginning: what it leaves here is set at its end.
    """

    services: Services
    whole: bool
    finished: bool = False
    _after: bytes = b""
    _marks: frozenset[int] = field(default_factory=frozenset)
    _by: str = ""

    def part(self, tx: ShopTx) -> bool:
        """Hold the shop and do the next part; False where somebody else holds it."""
        if tx.one(_HOLD) is None:
            return False
        if self._after:
            self._go_on(tx)
        else:
            self._begin(tx)
        return True

    def _begin(self, tx: ShopTx) -> None:
        marked = tx.rows(_MARKS)
        self._marks = frozenset(row.mark for row in marked)
        now = now_of(tx, self.services.now_ms())
        if now is None:
            tx.run(_CLOSE)
            tx.run(_CLEAR)
            self._end(tx)
            return
        stored = tx.one(_STORED)
        _put_gerai(tx, now, stored)
        self._by = now.reckoned
        keys = {row.product_id for row in marked}
        everything = self.whole or WHOLE in keys or len(marked) == MOST_MARKS
        if everything or stored is None or stored.reckoned != self._by:
            self._page(tx, now, bytes(16))
            return
        goods = sorted(keys - {GERAI})
        for start in range(0, len(goods), PART):
            some = goods[start : start + PART]
            _put(tx, products_of(tx, now, some), tx.rows(_SOME, keys=some))
        self._end(tx)

    def _go_on(self, tx: ShopTx) -> None:
        now = now_of(tx, self.services.now_ms())
        if now is None:
            self._after = b""
            self._begin(tx)
        else:
            self._page(tx, now, self._after)

    def _page(self, tx: ShopTx, now: Now, after: bytes) -> None:
        """The goods that follow by id. The least id is that of no goods."""
        rows, last = products_after(tx, now, after, PART)
        if last is None:
            _put(tx, rows, tx.rows(_BEYOND, after=after))
            # By what the first part was: if that moved meanwhile, the next turn begins anew.
            tx.run(_RECKONED, by=self._by)
            self._end(tx)
        else:
            _put(tx, rows, tx.rows(_BETWEEN, after=after, last=last))
            self._after = last

    def _end(self, tx: ShopTx) -> None:
        if self._marks:
            tx.run(_DONE, marks=sorted(self._marks))
        self.finished = True


def _put_gerai(tx: ShopTx, now: Now, stored: Row[Any] | None) -> None:
    if stored is not None and tuple(stored)[:-1] == now.row:
        return
    columns = {name: [value] for name, value in now.row._asdict().items()}
    tx.insert_columns(
        _gerai,
        {**columns, "reckoned": [stored.reckoned if stored is not None else ""]},
        on_conflict=dict.fromkeys(columns, "replace"),
    )


def _put(tx: ShopTx, rows: Sequence[ProductRow], stored: Collection[Any]) -> None:
    """Write what differs, and take away what is no longer shown."""
    before = {row.product_id: ProductRow(*row) for row in stored}
    gone = before.keys() - {row.product_id for row in rows}
    if gone:
        tx.run(_GONE, keys=sorted(gone))
    changed = [row for row in rows if before.get(row.product_id) != row]
    if not changed:
        return
    known = {word for row in before.values() for word in row.folded.split()}
    _put_words(tx, {word for row in changed for word in row.folded.split()} - known)
    columns = dict(zip(ProductRow._fields, map(list, zip(*changed, strict=True)), strict=True))
    replaced = [name for name in columns if name != "product_id"]
    tx.insert_columns(_product, columns, on_conflict=dict.fromkeys(replaced, "replace"))


def _put_words(tx: ShopTx, words: set[str]) -> None:
    """Note words that may be meant by others; sorted, so that two who note them never wait for
    each other in a ring."""
    worth = sorted(word for word in words if _is_worth(word))
    if worth:
        tx.insert_columns(search_word, {"word": worth}, on_conflict="nothing")


def _is_worth(word: str) -> bool:
    """Whether a word may be meant by another one; a number is meant by no other number."""
    return 2 < len(word) <= _LONGEST_WORD and not word.isdigit()
