"""The listener that the store's tests run under can itself say no."""

from __future__ import annotations

import pytest

from server.db.store import Store
from tests.helpers.statements import fault_of, watched

GOOD = [
    'SELECT device."register" FROM device WHERE device.shop_id = %(shop)s::UUID',
    "UPDATE shop_feed SET next_n=(shop_feed.next_n + 1) WHERE shop_feed.shop_id = ?",
    'INSERT INTO device ("shop_id", "seq") SELECT %s::uuid, u."seq" FROM unnest(%s) AS u("seq")',
    "DELETE FROM device WHERE device.shop_id = ? AND device.waiting = 0",
    "SELECT d.device FROM device d JOIN shop s ON s.shop_id = ? WHERE d.shop_id = ?",
    "SELECT account.email FROM account",
    "BEGIN",
]
BAD = [
    "SELECT device.register FROM device WHERE device.device = ?",
    "SELECT d.device FROM device d JOIN shop s ON true WHERE d.shop_id = ?",
    "UPDATE device SET waiting = 0",
    "DELETE FROM device",
    "INSERT INTO device (device) VALUES (?)",
    "SELECT set_config('app.shop', $1, true)",
    "select SET_CONFIG ( 'app.shop', %s, true)",
]


@pytest.mark.parametrize("sql", GOOD)
def test_a_statement_that_names_its_shop_passes(sql: str) -> None:
    assert fault_of(sql) is None


@pytest.mark.parametrize("sql", BAD)
def test_one_that_does_not_is_a_fault(sql: str) -> None:
    assert fault_of(sql) is not None


def test_the_listener_stops_it() -> None:
    store = Store("sqlite://")
    with watched(store.engine), store.directory() as tx, pytest.raises(AssertionError):
        tx.connection.exec_driver_sql("DELETE FROM device")
    store.close()
