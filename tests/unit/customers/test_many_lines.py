"""Kasbon at a counter that has had a thousand lines."""

from __future__ import annotations

from pathlib import Path

from pos.customers.accounts import customer, lendable
from pos.customers.people import add_customer
from pos.db.database import Database
from pos.db.fold.customers import first_line
from tests.helpers.counter import make_shop


def _line(number: int) -> bytes:
    return number.to_bytes(16, "big") if number else b""


def _joined(db: Database, numbers: range) -> None:
    """Lines that belong to the shop, each of which follows the one before it."""
    with db.transaction():
        db.many(
            "INSERT INTO register (device, code, name, parent, before_seq, left_reason)"
            " VALUES (?,'K1','',?,0,'')",
            [
                (_line(number), _line(number - 1 if number > numbers.start else 0))
                for number in numbers
            ],
        )


def test_all_lines_of_a_counter_have_the_share_of_the_first(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        _joined(shop.db, range(1, 1_001))
        for number in (1, 2, 101, 1_000):
            assert first_line(shop.db, _line(number)) == _line(1)
        assert first_line(shop.db, b"s" * 16) == b"s" * 16


def test_lines_that_go_round_end(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        _joined(shop.db, range(1, 4))
        with shop.db.transaction():
            shop.db.run("UPDATE register SET parent=? WHERE device=?", (_line(3), _line(1)))
        assert first_line(shop.db, _line(2)) == _line(2)
        udin = add_customer(shop, "Pak Udin", credit_limit=100_000)
        assert lendable(shop.db, customer(shop.db, udin)) == 100_000


def test_a_thousand_lines_are_one_counter(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        udin = add_customer(shop, "Pak Udin", credit_limit=100_000)
        _joined(shop.db, range(1, 1_001))
        assert lendable(shop.db, customer(shop.db, udin)) == 100_000
        _joined(shop.db, range(2_001, 2_003))
        assert lendable(shop.db, customer(shop.db, udin)) == 0
