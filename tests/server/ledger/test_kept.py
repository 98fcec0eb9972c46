"""What was written down stays: the service's role may not change it, and no half is ever left."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import delete, event, update
from sqlalchemy.dialects.postgresql import insert

from server.db.guard import ForEver
from server.db.prepared import Compiled
from server.db.schema import SHOP, may_change, may_remove, shop_tables
from server.db.schema.ledger import TABLES, ledger_balance, ledger_posting
from server.db.store import Store
from server.ledger.posting import post
from server.services import Services
from tests.helpers.books import Books
from tests.helpers.postgres import Addresses
from tests.server.conftest import Clock

_FIXED = [table.name for table in TABLES if not may_change(table)]


def test_the_ledgers_tables_are_the_ones_that_are_kept() -> None:
    assert _FIXED == ["ledger_account", "ledger_entry", "ledger_posting", "ledger_seal"]
    kept = {table.name for table in shop_tables() if not may_remove(table)}
    assert {name for name in kept if name.startswith("ledger")} == {one.name for one in TABLES}


def test_the_services_role_may_not_change_or_remove_what_was_written(
    postgres: Addresses,
) -> None:
    store = Store(postgres.app)
    books = Books(Services(store, now_ms=Clock()))
    books.move(books.cash, books.ani, 5)
    store.close()
    with psycopg.connect(postgres.app, autocommit=True) as raw:
        raw.execute(f"SET app.shop = '{uuid.UUID(bytes=books.shop)}'")
        for table in TABLES:
            assert raw.execute(f"SELECT count(*) FROM {table.name}").fetchone() is not None
            refused = [f"DELETE FROM {table.name}", f"TRUNCATE {table.name}"]
            if table.name in _FIXED:
                refused += [
                    f"UPDATE {table.name} SET shop_id = shop_id",
                    f"SELECT * FROM {table.name} FOR UPDATE",
                ]
            for statement in refused:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    raw.execute(statement)
        for wrong in (
            "UPDATE ledger_balance SET balance = -1",
            "UPDATE ledger_balance SET held = 6",
            "UPDATE ledger_balance SET held = -1",
        ):
            with pytest.raises(psycopg.errors.CheckViolation):
                raw.execute(wrong)


def test_sqlite_says_no_as_well(books: Any) -> None:
    store = books.services.store
    if store.is_postgresql:
        pytest.skip("PostgreSQL knows roles")
    books.move(books.cash, books.ani, 5)
    with sqlite3.connect(store.url.database) as raw:
        for name in ("ledger_account", "ledger_entry", "ledger_posting"):
            for statement in (f"DELETE FROM {name}", f"UPDATE {name} SET shop_id = shop_id"):
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    raw.execute(statement)


def test_no_statement_of_the_program_changes_them(books: Any) -> None:
    own = ledger_posting.c.shop_id == SHOP
    again = insert(ledger_posting).values(shop_id=SHOP, amount=7)
    for statement in (
        update(ledger_posting).where(own).values(amount=7),
        delete(ledger_posting).where(own),
        delete(ledger_balance).where(ledger_balance.c.shop_id == SHOP),
        again.on_conflict_do_update(index_elements=["shop_id"], set_={"amount": 7}),
    ):
        with pytest.raises(ForEver):
            books.in_shop(lambda tx, _now, one=statement: tx.run(one))


def _die_at(engine: Any, statement: int) -> None:
    count = 0

    def maybe(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == statement:
            os._exit(9)

    def send(self: Compiled, *given: Any) -> Any:
        maybe()
        return sent(self, *given)

    event.listen(engine, "before_cursor_execute", maybe)
    # The one way of what goes to the driver as it is.
    sent, Compiled.send = Compiled.send, send  # type: ignore[method-assign]


def _killed(address: str, shop: bytes, at: int, work: Callable[[Any, int], Any]) -> bool:
    """Run work in a process of its own that is gone at its n-th statement, or before COMMIT where
    there is none; whether it came so far."""
    child = os.fork()
    if child == 0:
        store = Store(address)
        try:
            with store.shop(shop) as tx:
                _die_at(store.engine, at)
                work(tx, Clock().now_ms)
                os._exit(10)
        finally:
            os._exit(11)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (9, 10), code
    return code == 10


def test_killed_between_any_two_statements_nothing_is_half(address: str) -> None:
    store = Store(address)
    services = Services(store, now_ms=Clock())
    books = Books(services)
    books.move(books.cash, books.ani, 100)
    entry = books.entry((books.ani, books.budi, 60), (books.ani, books.sales, 40))
    store.close()
    at, ended = 1, False
    while not ended:
        ended = _killed(address, books.shop, at, lambda tx, now: post(tx, entry, now))
        at += 1
        assert books.differences() == []
        assert books.balance(books.ani).balance == 100
    assert at > 6
    assert books.post(entry).is_new and not books.post(entry).is_new
    assert books.balance(books.ani).balance == 0
    assert books.differences() == []
    store.close()


def test_an_entry_of_another_shop_is_not_seen(services: Services) -> None:
    one, two = Books(services), Books(services)
    entry = one.entry((one.cash, one.ani, 5))
    one.post(entry)
    moved = two.entry((two.cash, two.ani, 6), id=entry.id)
    assert two.post(moved).is_new
    assert (one.balance(one.ani).balance, two.balance(two.ani).balance) == (5, 6)
