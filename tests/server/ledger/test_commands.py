"""The daily seal and the proof from a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import create_engine

from core.ids import seal_words
from server.cli.main import main
from server.db.types import show_id


@pytest.fixture
def run(
    books: Any, address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, Any]]:
    """A command on the books' database that ends with `code`; its last answer."""
    for name in ("HUYULA_DB", "HUYULA_LANG", "HUYULA_SERVER_CONFIG"):
        monkeypatch.delenv(name, raising=False)

    def command(*words: str, code: int = 0) -> dict[str, Any]:
        assert main(["--db", address, "--json", *words]) == code
        answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        return answer

    return command


def test_a_seal_is_printed_and_one_rupiah_changed_afterwards_is_named(
    books: Any, run: Callable[..., Any]
) -> None:
    shop = show_id(books.shop)
    assert run("ledger", "seal", shop, code=1)["error"] == "nothing_sealed"
    assert run("verify", shop)["seal"] is None
    books.move(books.cash, books.ani, 1_000)
    made = run("ledger", "seal", shop, "2026-09-21")
    assert made["entries"] == 1 and made["day"] == "2026-09-21" and len(made["seal"]) == 64
    assert made["words"] == seal_words(bytes.fromhex(made["seal"]))
    assert run("ledger", "seal", "Toko") == made
    proof = run("verify", shop)
    assert (proof["ledger"], proof["seal"]["words"]) == (1, made["words"])
    for day, error in (("2999-01-01", "day_not_over"), ("kemarin", "bad_entry")):
        assert run("ledger", "seal", shop, day, code=1)["error"] == error

    _change(books, "UPDATE ledger_posting SET amount = 1001")
    assert run("ledger", "seal", shop, code=1)["error"] == "seal_broken"
    assert main(["--db", str(books.services.store.url), "verify", shop]) == 1
    named = {one.table for one in books.differences()}
    assert named >= {"ledger_entry.hash", "ledger_seal.hash", "ledger_balance.balance"}


def test_a_day_that_a_changed_closing_time_leaves_open_is_sealed_later(
    books: Any, run: Callable[..., Any]
) -> None:
    books.move(books.cash, books.ani, 1_000)
    now_ms = int(time.time() * 1000)
    _change(books, f"UPDATE ledger_day SET ends_ms = {now_ms + 3_600_000}")
    assert run("ledger", "seal", show_id(books.shop), code=1)["error"] == "day_not_over"
    proof = run("verify")
    assert proof["ok"] and proof["seal"] is None
    _change(books, f"UPDATE ledger_day SET ends_ms = {now_ms}")
    assert run("verify")["seal"]["entries"] == 1


def _change(books: Any, statement: str) -> None:
    """As somebody whom no privilege and no trigger binds."""
    url = books.services.store.url
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url if is_sqlite else url.set(username="postgres"))
    with engine.begin() as connection:
        if is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS ledger_posting_update")
        connection.exec_driver_sql(statement)
    engine.dispose()
