"""After a server went back facts may return in another order: a merge before its own records."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.facts.base import FieldChange
from core.facts.catalog import (
    OpeningStock,
    ProductAdded,
    ProductChanged,
    ProductRecord,
    UnitRecord,
)
from core.facts.customers import CustomerAdded, CustomerChanged, CustomerRecord, DebtRepaid
from core.facts.selling import SaleCompleted, SaleLine, TenderPart
from core.facts.stock import StockLine, StockReceived
from core.facts.sync import DocumentsMerged
from pos.db.database import Database
from tests.helpers.many_counters import World

LATE = b"\x77" * 16


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, random.Random(5), 1)
    yield made
    made.close()


def _pull(world: World) -> Database:
    world.pull(0, 99)
    world.check(0)
    world.equal()
    return world.counters[0].db


def test_goods_that_come_after_their_merge_lie_with_the_other_record(world: World) -> None:
    db, write = world.counters[0].db, world.server.write
    target, before, value = db.rows("SELECT id, stock, stock_value FROM product ORDER BY name")[0]
    write(StockReceived((StockLine(LATE, 609, 42_707),), "", ""))
    write(DocumentsMerged("product", LATE, bytes(target)))
    write(
        ProductAdded(
            ProductRecord(LATE, "", "Mi", "", "", "pcs", 2_500), OpeningStock(LATE, 20_000, 40_000)
        )
    )
    _pull(world)
    stocks = dict(db.rows("SELECT id, stock FROM product"))
    assert (stocks[target], stocks[LATE]) == (before + 20_609, 0)
    assert db.scalar("SELECT stock_value FROM product WHERE id=?", (target,)) == value + 82_707
    assert not db.rows("SELECT * FROM stock_movement WHERE product_id=?", (LATE,))


def test_goods_that_come_after_their_sale_know_how_often_they_were_sold(world: World) -> None:
    db, write = world.counters[0].db, world.server.write
    for number in (1, 2):
        line = SaleLine(LATE, "Mi", "pcs", 1, 1_000, 2_500, 2_500, 2_500, 0, 0, 2_500, 0)
        part = TenderPart("cash", 2_500)
        write(SaleCompleted(number, LATE, "sale", (line,), (part,), 2_500, 0, 0, True))
    write(ProductAdded(ProductRecord(LATE, "", "Mi", "", "", "pcs", 2_500), None))
    _pull(world)
    assert db.scalar("SELECT sold FROM product WHERE id=?", (LATE,)) == 2


@pytest.mark.parametrize("opening", [0, 20_000])
def test_what_waits_for_goods_that_come_now_is_taken_from_their_shelf_once(
    world: World, opening: int
) -> None:
    counter = world.counters[0]
    line = SaleLine(LATE, "Mi", "pcs", 1, 1_000, 2_500, 2_500, 2_500, 0, 0, 2_500, 0)
    part = TenderPart("cash", 2_500)
    with counter.transaction() as tx:
        tx.append(SaleCompleted(990, LATE, "sale", (line,), (part,), 2_500, 0, 0, True))
    stock = OpeningStock(LATE, opening, opening * 2) if opening else None
    world.server.write(ProductAdded(ProductRecord(LATE, "", "Mi", "", "", "pcs", 2_500), stock))
    world.pull(0, 99)
    world.check(0)
    found = counter.db.scalar("SELECT stock FROM product WHERE id=?", (LATE,))
    assert found == opening - 1_000
    world.push(0, 99)
    _pull(world)


def test_goods_that_were_merged_before_they_came_keep_their_own_sales(world: World) -> None:
    db, write = world.counters[0].db, world.server.write
    target = bytes(db.scalar("SELECT id FROM product ORDER BY name"))
    line = SaleLine(LATE, "Mi", "pcs", 1, 1_000, 2_500, 2_500, 2_500, 0, 0, 2_500, 0)
    part = TenderPart("cash", 2_500)
    before = db.scalar("SELECT sold FROM product WHERE id=?", (target,))
    write(SaleCompleted(1, LATE, "sale", (line,), (part,), 2_500, 0, 0, True))
    write(DocumentsMerged("product", LATE, target))
    write(SaleCompleted(2, LATE, "sale", (line,), (part,), 2_500, 0, 0, True))
    write(ProductAdded(ProductRecord(LATE, "", "Mi", "", "", "pcs", 2_500), None))
    _pull(world)
    assert dict(db.rows("SELECT id, sold FROM product WHERE id IN (?,?)", (LATE, target))) == {
        LATE: 1, target: before + 1,
    }  # fmt: skip


def test_debt_of_a_customer_who_comes_after_the_merge_lies_with_the_other(world: World) -> None:
    db, write = world.counters[0].db, world.server.write
    target = db.scalar("SELECT id FROM customer")
    write(DebtRepaid(1, LATE, "credit", 4_000, ()))
    write(DocumentsMerged("customer", LATE, bytes(target)))
    write(CustomerAdded(CustomerRecord(LATE, "Udin")))
    _pull(world)
    assert dict(db.rows("SELECT id, debt FROM customer")) == {target: -4_000, LATE: 0}


@pytest.mark.parametrize("born_at", ["server", "here"])
@pytest.mark.parametrize("pushed", ["before", "after"])
def test_a_change_that_waits_for_a_customer_who_comes_now_stands(
    world: World, born_at: str, pushed: str
) -> None:
    counter, born = world.counters[0], CustomerAdded(CustomerRecord(LATE, "Udin", "", ""))
    with counter.transaction() as tx:
        tx.append(CustomerChanged(LATE, (FieldChange("phone", '""', '"0811"'),)))
    if pushed == "before":
        world.push(0, 99)
        _pull(world)
    if born_at == "here":
        with counter.transaction() as tx:
            tx.append(born)
    else:
        world.server.write(born)
    world.pull(0, 99)
    world.check(0)
    who = counter.db.one("SELECT name, phone FROM customer WHERE id=?", (LATE,))
    assert (who.name, who.phone) == ("Udin", "0811")
    world.push(0, 99)
    _pull(world)
    who = counter.db.one("SELECT name, phone FROM customer WHERE id=?", (LATE,))
    assert (who.name, who.phone) == ("Udin", "0811")
    assert not counter.db.rows("SELECT * FROM field_base")


@pytest.mark.parametrize("old", ["[]", "born"])
@pytest.mark.parametrize("pushed", ["before", "after"])
def test_units_that_wait_for_goods_that_come_now_stand(world: World, pushed: str, old: str) -> None:
    """They apply where they replace what the goods are born with, and else not, everywhere."""
    counter = world.counters[0]
    units = (UnitRecord("dus", 40_000, 90_000),)
    was = msgspec.json.encode(units).decode() if old == "born" else old
    new = msgspec.json.encode([UnitRecord("karton", 20_000, 50_000)]).decode()
    with counter.transaction() as tx:
        tx.append(ProductChanged(LATE, (FieldChange("units", was, new),)))
    if pushed == "before":
        world.push(0, 99)
        _pull(world)
    world.server.write(
        ProductAdded(ProductRecord(LATE, "", "Mi", "", "", "pcs", 2_500, units=units))
    )
    world.pull(0, 99)
    world.check(0)
    world.push(0, 99)
    _pull(world)
    assert counter.db.rows("SELECT unit FROM product_unit WHERE product_id=?", (LATE,))
