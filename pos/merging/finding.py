"""Pairs of goods and of customers that two counters wrote down, with what differs in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from core.facts.catalog import BarcodeRecord, UnitRecord
from core.gtin import display_form
from core.merging import GoodsSide, Pair, PersonSide, goods_pairs, people_pairs
from core.text import fold
from pos.db.database import Database
from pos.merging.origins import Origins

Table = Literal["product", "customer"]
Cancelled = Callable[[], bool]


class Goods(NamedTuple):
    """A product beside another. Rupiah; `stock` in thousandths of the base unit."""

    id: bytes
    name: str
    code: str
    barcodes: tuple[str, ...]
    unit: str
    units: tuple[UnitRecord, ...]
    price: int
    cost: int | None
    stock: int
    stock_value: int


class Customer(NamedTuple):
    """A customer beside another. Rupiah."""

    id: bytes
    name: str
    phone: str
    member_no: str
    credit_limit: int
    debt: int


class Proposal(NamedTuple):
    """Two records that may mean one thing; `target` is the one that stays."""

    table: Table
    pair: Pair
    source: Goods | Customer
    target: Goods | Customer
    words: str
    """What a search looks in."""


def proposals(db: Database, cancelled: Cancelled = lambda: False) -> list[Proposal]:
    """All pairs that nobody has decided on: sure ones before others, the likest first, by name.

    Takes seconds in a large shop: for a thread or the command line. A counter that is no shop's
    with others has none.
    """
    if db.tuple_of("SELECT 1 FROM feed LIMIT 1") is None or cancelled():
        return []
    origins = Origins(db)
    found = [*_of_goods(db, origins)]
    if not cancelled():
        found += _of_people(db, origins)
    return _sorted(found)


def _of_goods(db: Database, origins: Origins) -> list[Proposal]:
    goods = _goods(db)
    sides = [
        GoodsSide(
            one.id,
            origins.rank(one.id),
            one.name,
            one.unit,
            one.units,
            codes,
        )
        for one, codes in goods.values()
    ]
    pairs = _undecided(db, "product", goods_pairs(sides))
    return [
        _proposal("product", pair, goods[pair.source][0], goods[pair.target][0]) for pair in pairs
    ]


def _of_people(db: Database, origins: Origins) -> list[Proposal]:
    rows = db.raw.execute(
        "SELECT id, name, phone, member_no, credit_limit, debt FROM customer WHERE active=1"
    )
    people = {bytes(row[0]): Customer(bytes(row[0]), *row[1:]) for row in rows}
    sides = [
        PersonSide(one.id, origins.rank(one.id), one.name, one.phone, one.member_no)
        for one in people.values()
    ]
    pairs = _undecided(db, "customer", people_pairs(sides))
    return [_proposal("customer", pair, people[pair.source], people[pair.target]) for pair in pairs]


def _goods(db: Database) -> dict[bytes, tuple[Goods, tuple[BarcodeRecord, ...]]]:
    codes: dict[bytes, list[BarcodeRecord]] = {}
    units: dict[bytes, list[UnitRecord]] = {}
    for key, *code in db.raw.execute(
        "SELECT product_id, barcode, unit FROM product_barcode ORDER BY product_id, barcode"
    ):
        codes.setdefault(bytes(key), []).append(BarcodeRecord(*code))
    for key, *unit in db.raw.execute(
        "SELECT product_id, unit, factor, price FROM product_unit ORDER BY product_id, factor, unit"
    ):
        units.setdefault(bytes(key), []).append(UnitRecord(*unit))
    found: dict[bytes, tuple[Goods, tuple[BarcodeRecord, ...]]] = {}
    for key, name, code, unit, *figures in db.raw.execute(
        "SELECT id, name, code, unit, price, cost, stock, stock_value FROM product WHERE active=1"
    ):
        key = bytes(key)
        mine = tuple(codes.get(key, ()))
        shown = tuple(display_form(one.code) for one in mine)
        more = tuple(units.get(key, ()))
        found[key] = (Goods(key, name, code, shown, unit, more, *figures), mine)
    return found


def _undecided(db: Database, table: Table, pairs: Iterable[Pair]) -> list[Pair]:
    apart = {
        (bytes(row[0]), bytes(row[1]))
        for row in db.raw.execute(
            "SELECT source, target FROM kept_apart WHERE table_name=?", (table,)
        )
    }
    return [
        pair
        for pair in pairs
        if (pair.source, pair.target) not in apart and (pair.target, pair.source) not in apart
    ]


def _proposal(
    table: Table, pair: Pair, source: Goods | Customer, target: Goods | Customer
) -> Proposal:
    texts = [source.name, target.name]
    for one in (source, target):
        if isinstance(one, Goods):
            texts += [one.code, *one.barcodes]
        else:
            texts += [one.phone, one.member_no]
    return Proposal(table, pair, source, target, fold(" ".join(texts)))


def _sorted(found: Iterable[Proposal]) -> list[Proposal]:
    return sorted(
        found,
        key=lambda one: (
            not one.pair.sure,
            not one.pair.possible,
            one.table == "customer",
            -one.pair.score,
            fold(one.target.name),
            one.pair.source,
        ),
    )
