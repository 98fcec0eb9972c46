"""The daily seal and the proof: one rupiah changed by whoever may change anything is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, text

from core.ledger import NO_SEAL, BadEntry
from server.db.url import parse_address
from server.ledger.sealing import DayNotOver, NothingSealed, SealBroken, seal

DAY_MS = 86_400_000


@pytest.fixture
def as_superuser(
    engine_name: str, request: pytest.FixtureRequest, address: str
) -> Callable[..., None]:
    """Statements that nothing of ours stands in the way of: no role, no trigger, no key."""

    def run(*statements: str) -> None:
        if engine_name == "sqlite":
            engine = create_engine(parse_address(address))
            with engine.begin() as connection:
                names = connection.execute(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).scalars()
                for name in list(names):
                    connection.execute(text(f"DROP TRIGGER {name}"))
                connection.execute(text("PRAGMA ignore_check_constraints = ON"))
                for one in statements:
                    connection.execute(text(one))
            engine.dispose()
            return
        addresses = request.getfixturevalue("postgres")
        with psycopg.connect(addresses.superuser, autocommit=True) as raw:
            raw.execute("SET session_replication_role = replica")
            for check in (
                "ledger_balance DROP CONSTRAINT IF EXISTS ck_ledger_balance_floor",
                "ledger_posting DROP CONSTRAINT IF EXISTS ck_ledger_posting_amount",
            ):
                raw.execute(f"ALTER TABLE {check}")
            for one in statements:
                raw.execute(one.encode())

    return run


@pytest.fixture
def two_days(books: Any) -> Any:
    """Two days with entries, of which the first is taken back in part; it is the third now."""
    books.move(books.cash, books.ani, 1_000)
    entry = books.move(books.ani, books.sales, 300)
    books.services.now_ms.pass_ms(DAY_MS)
    books.reverse(entry.id)
    books.use(books.held(books.ani, books.budi, 50), 20)
    books.held(books.ani, books.budi, 5)
    books.services.now_ms.pass_ms(DAY_MS)
    return books


def _days(books: Any) -> tuple[str, str]:
    first = seal(books.services, books.shop, "2026-09-21")
    return first.day, seal(books.services, books.shop).day


def test_a_seal_follows_the_one_before_and_stays(two_days: Any) -> None:
    first = seal(two_days.services, two_days.shop, "2026-09-21")
    second = seal(two_days.services, two_days.shop)
    assert (first.day, first.entries, first.previous) == ("2026-09-21", 2, NO_SEAL)
    assert (second.day, second.entries, second.previous) == ("2026-09-22", 2, first.hash)
    two_days.move(two_days.cash, two_days.ani, 1, day="2026-09-21")
    two_days.services.now_ms.pass_ms(9 * DAY_MS)
    assert seal(two_days.services, two_days.shop, "2026-09-21") == first
    assert seal(two_days.services, two_days.shop, "2026-09-22") == second
    third = seal(two_days.services, two_days.shop)
    assert (third.day, third.entries, third.previous) == ("2026-09-23", 1, second.hash)
    assert two_days.differences() == []


def test_only_days_that_are_over_are_sealed(books: Any) -> None:
    with pytest.raises(NothingSealed):
        seal(books.services, books.shop)
    books.move(books.cash, books.ani, 1)
    for day in ("2026-09-21", "2026-09-22"):
        with pytest.raises(DayNotOver):
            seal(books.services, books.shop, day)
    with pytest.raises(BadEntry):
        seal(books.services, books.shop, "yesterday")
    with pytest.raises(NothingSealed):
        seal(books.services, books.shop)


def test_nothing_is_recorded_on_a_sealed_day_whatever_the_clock_says(two_days: Any) -> None:
    seal(two_days.services, two_days.shop)
    two_days.services.now_ms.pass_ms(-2 * DAY_MS)
    late = two_days.move(two_days.cash, two_days.ani, 5)
    assert late.recorded_day == "2026-09-23"
    assert two_days.differences() == []


SPOILT: dict[str, tuple[str, tuple[str, ...]]] = {
    "a rupiah of a posting": (
        "UPDATE ledger_posting SET amount = amount + 1 WHERE amount = 1000",
        ("ledger_entry.hash", "ledger_balance.balance", "ledger_seal.hash"),
    ),
    "two accounts change places": (
        "UPDATE ledger_posting SET debit = credit, credit = debit WHERE amount = 20",
        ("ledger_entry.hash", "ledger_balance.balance", "ledger_hold"),
    ),
    "an entry's document": (
        "UPDATE ledger_entry SET reference = 'order 2' WHERE kind = 'reversal'",
        ("ledger_entry.hash", "ledger_seal.hash"),
    ),
    "what an entry takes back": (
        "UPDATE ledger_entry SET reversal_of = NULL",
        ("ledger_entry.hash", "ledger_seal.hash"),
    ),
    "a posting is gone": (
        "DELETE FROM ledger_posting WHERE amount = 20",
        ("ledger_entry.postings", "ledger_balance.balance"),
    ),
    "an entry is gone, its postings are not": (
        "DELETE FROM ledger_entry WHERE kind = 'reversal'",
        ("ledger_posting", "ledger_seal.hash"),
    ),
    "a balance": (
        "UPDATE ledger_balance SET balance = balance + 1",
        ("ledger_balance.balance",),
    ),
    "what is held": ("UPDATE ledger_balance SET held = held + 1", ("ledger_balance.held",)),
    "a balance below its floor": (
        "UPDATE ledger_balance SET floor = 2000 WHERE floor = 0",
        ("ledger_balance.floor",),
    ),
    "a side": ("UPDATE ledger_balance SET side = 'debit'", ("ledger_balance.side",)),
    "a hold's amount": (
        "UPDATE ledger_hold SET amount = amount + 1",
        ("ledger_hold.hash", "ledger_balance.held"),
    ),
    "a hold that was used is open": (
        "UPDATE ledger_hold SET state = 'open', posted = 0, ended_ms = NULL",
        ("ledger_hold.posted", "ledger_balance.held"),
    ),
    "a seal": (
        "UPDATE ledger_seal SET previous = hash WHERE day = '2026-09-22'",
        ("ledger_seal.previous",),
    ),
    "a seal is gone": ("DELETE FROM ledger_seal", ("ledger_day.sealed",)),
    "a day is gone": ("DELETE FROM ledger_day", ("ledger_seal.day", "ledger_entry.recorded_day")),
    "an account is another": (
        "UPDATE ledger_account SET code = 'bank' WHERE code = 'cash'",
        ("ledger_account",),
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_was_changed_behind_our_back_is_named(
    two_days: Any, as_superuser: Callable[..., None], name: str
) -> None:
    _days(two_days)
    assert two_days.differences() == []
    statement, expected = SPOILT[name]
    as_superuser(statement)
    named = {one.table for one in two_days.differences()}
    assert named >= set(expected), named


def test_one_rupiah_changes_the_seal_also_where_the_hash_was_made_to_fit(
    two_days: Any, as_superuser: Callable[..., None]
) -> None:
    first, last = _days(two_days)
    before = seal(two_days.services, two_days.shop, first)
    as_superuser("UPDATE ledger_posting SET amount = 1001 WHERE amount = 1000")
    with pytest.raises(SealBroken) as refused:
        seal(two_days.services, two_days.shop, first)
    assert refused.value.details["found"] != before.hash.hex()
    named = next(one for one in two_days.differences() if one.table == "ledger_entry.hash")
    write = "decode('{}', 'hex')" if two_days.services.store.is_postgresql else "x'{}'"
    fitting, old = write.format(named.found.split()[1]), write.format(named.expected)
    as_superuser(f"UPDATE ledger_entry SET hash = {fitting} WHERE hash = {old}")
    with pytest.raises(SealBroken):
        seal(two_days.services, two_days.shop, first)
    found = {one.table: one.found for one in two_days.differences()}
    assert "ledger_entry.hash" not in found
    assert first in found["ledger_seal.hash"]
    # The next day's seal stands on the one that was printed.
    assert seal(two_days.services, two_days.shop, last).previous == before.hash
