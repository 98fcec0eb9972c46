"""A counter's journal, folded by the server, gives the counter's own figures to the last gram."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import cart as carts
from core.errors import Refused
from core.facts.stock import StockLine
from core.journal import Entry
from pos.counter import Counter as Till
from pos.customers.people import add_customer, repay
from pos.receipts.listing import find_receipts
from pos.selling.refunds import Return, make_refund
from pos.stock.moving import adjust, receive
from server.db.schema import catalog, people, trade
from tests.helpers.counter import cart_of, sell
from tests.helpers.rich_shop import rich_shop
from tests.helpers.sync_client import Counter
from tests.server.sync.conftest import Shop


def _busy_days(till: Till, chance: random.Random) -> None:
    """Goods sold below zero, given back in parts, received at odd prices."""
    goods = [row[0] for row in till.db.rows("SELECT id FROM product WHERE active=1 LIMIT 5")]
    who = add_customer(till, "Bu Ani", credit_limit=900_000)

    def sold() -> None:
        lines = [(one, chance.randrange(1, 9) * 500) for one in chance.sample(goods, 2)]
        cart = cart_of(till, *lines)
        if chance.random() < 0.3:
            from core.pricing import price

            cart = carts.set_customer(cart, who)
            sell(till, cart, ("credit", price(cart, till.settings.tax).total))
        else:
            sell(till, cart)

    def returned() -> None:
        receipt = chance.choice(find_receipts(till.db)).receipt
        make_refund(till, receipt, [Return(1, chance.randrange(1, 4) * 250)], "rusak")

    steps: list[Callable[[], object]] = [
        sold,
        sold,
        sold,
        returned,
        lambda: receive(
            till,
            [
                StockLine(
                    chance.choice(goods), chance.randrange(1, 40) * 333, chance.randrange(9**6)
                )
            ],
            "Agen",
            "",
        ),
        lambda: adjust(till, chance.choice(goods), chance.randrange(-3, 4) * 500, "lost", ""),
        lambda: repay(till, who, chance.randrange(1, 30) * 1_000),
    ]
    for _ in range(80):
        with contextlib.suppress(Refused):
            chance.choice(steps)()


def _received(chance: random.Random, goods: list[bytes]) -> StockLine:
    qty, value = chance.randrange(1, 40) * 333, chance.randrange(500_000)
    return StockLine(chance.choice(goods), qty, value)


def _line(till: Till) -> Counter:
    """The till's journal as a counter of the tests sends it."""
    rows = till.db.rows(
        "SELECT shop, device, seq, kind, version, body, prev_hash, hash FROM journal ORDER BY pos"
    )
    counter = Counter("K1", bytes(rows[0][0]))
    counter.entries = [Entry(*row) for row in rows]
    counter.device = counter.entries[0].device
    return counter


def _same(found: list[Any], till: Till, query: str) -> None:
    expected = sorted(tuple(row) for row in till.db.rows(query))
    assert found == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_a_rich_shops_journal_gives_the_same_figures(
    shop: Shop, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sync.journal.STEP_ENTRIES", 7)
    till, chance = rich_shop(tmp_path), random.Random(seed)
    try:
        _busy_days(till, chance)
        counter = _line(till)
        shop.join(counter)
        first, last = 1, counter.head[0]
        while first <= last:
            size = chance.choice([1, 3, 40])
            taken = shop.push(counter, first, min(first + size - 1, last))
            assert taken.quarantined == ()
            first += size
        _compare(shop, till)
    finally:
        till.close()


def _compare(shop: Shop, till: Till) -> None:
    _same(
        shop.rows(catalog.product_stock, "product_id", "qty", "value", "sold"),
        till,
        "SELECT id, stock, stock_value, sold FROM product",
    )
    costs = {row[0]: row[1] for row in shop.rows(catalog.product_stock, "product_id", "cost")}
    assert costs == {row[0]: row[1] for row in till.db.rows("SELECT id, cost FROM product")}
    _same(
        shop.rows(catalog.product, "product_id", "code", "name", "price", "active", "picture"),
        till,
        "SELECT id, code, name, price, active, picture FROM product",
    )
    _same(
        shop.rows(catalog.product_barcode, "code", "product_id"),
        till,
        "SELECT barcode, product_id FROM product_barcode",
    )
    _same(
        shop.rows(people.customer_debt, "customer_id", "debt"),
        till,
        "SELECT id, debt FROM customer",
    )
    _same(
        shop.rows(trade.shift_cash, "shift_id", "cash"),
        till,
        "SELECT shift_id, sum(amount) FROM cash_movement GROUP BY shift_id",
    )
    _same(
        shop.rows(trade.sale, "receipt", "gross", "discount", "tax", "rounding", "total", "cost"),
        till,
        "SELECT receipt, gross, discount, tax, rounding, total, cost FROM sale",
    )
    _same(
        [row for row in shop.rows(trade.sale_mark, "refunded", "copies") if any(row)],
        till,
        "SELECT refunded, copies FROM sale WHERE refunded OR copies",
    )
    _same(
        shop.rows(trade.line_mark, "qty", "net", "tax", "cost"),
        till,
        "SELECT refunded_qty, refunded_net, refunded_tax, refunded_cost FROM sale_line"
        " WHERE refunded_qty",
    )
    _same(
        shop.rows(trade.payment, "kind", "amount", "reference"),
        till,
        "SELECT kind, amount, reference FROM payment",
    )
    _same(
        shop.rows(trade.stock_movement, "product_id", "kind", "qty", "value"),
        till,
        "SELECT product_id, kind, qty, value FROM stock_movement",
    )
    _same(shop.rows(people.setting, "name", "value"), till, "SELECT name, value FROM setting")
    _same(
        shop.rows(people.staff, "name", "role", "active", "permissions"),
        till,
        "SELECT name, role, active, permissions FROM staff",
    )
    _same(
        shop.rows(trade.shift, "shift_id", "z_number", "counted", "expected"),
        till,
        "SELECT id, z_number, counted, expected FROM shift",
    )
