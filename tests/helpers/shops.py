"""Shops for the server's tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, Text

from server.db.schema import shop_tables
from server.db.schema.directory import known_shop
from server.db.schema.shops import shop, shop_feed
from server.db.store import Store
from server.db.transaction import ShopTx
from server.db.types import Hash, Id

A, B = bytes([1] * 16), bytes([2] * 16)


def add_bare_shop(store: Store, shop_id: bytes) -> None:
    """A shop with its feed, written straight into the tables."""
    with store.directory() as tx:
        tx.insert(known_shop, shop=shop_id, name="Warung", created_ms=shop_id[0])
    with store.shop(shop_id) as tx:
        insert_shop(tx)


def insert_shop(tx: ShopTx) -> None:
    """The rows of a shop."""
    tx.insert(
        shop,
        name="Warung",
        zone="Asia/Makassar",
        day_close_minutes=0,
        server_device=tx.shop_id,
        created_ms=1,
    )
    tx.insert(shop_feed, epoch=1, next_n=1, feed_hash=bytes(32), unknown="")


_CHOICES = {
    "role": "owner",
    "state": "trusted",
    "side": "debit",
    "stars": 5,
    # Double entry: another account than `debit`, and nothing spoken for.
    "credit": bytes([8] * 16),
    "ledger_hold.state": "open",
    "environment": "sandbox",
    "order_payment.state": "pending",
    "order_payment_refund.state": "refused",
    "order_payment_refund.ended_ms": 9,
    "settlement_line.kind": "refund",
    "held": 0,
    "posted": 0,
    "ended_ms": None,
    "reversal_of": None,
}


def any_row(table: Table) -> dict[str, Any]:
    """Values for each column of a shop's table but `shop_id`, the same each time."""
    return {column.name: _value(column) for column in table.c if column.name != "shop_id"}


def any_rows(table: Table) -> list[dict[str, Any]]:
    """`any_row`, and before it what it needs: of accounts two."""
    row = any_row(table)
    if table.name == "ledger_account":
        return [{**row, "account_id": _CHOICES["credit"], "code": "8"}, row]
    return [row]


def _value(column: Column[Any]) -> Any:
    kind = column.type
    for name in (str(column), column.name):
        if name in _CHOICES:
            return _CHOICES[name]
    if isinstance(kind, Id):
        return bytes([9] * 16)
    if isinstance(kind, Hash):
        return bytes([9] * 32)
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, LargeBinary):
        return b"9"
    if isinstance(kind, Text):
        return "9"
    assert isinstance(kind, Integer), column
    return 9


def fill_every_table(store: Store, shop_id: bytes) -> None:
    """One row in each table of a shop, parents first."""
    with store.shop(shop_id) as tx:
        for table in shop_tables():
            for row in any_rows(table):
                tx.insert(table, **row)
