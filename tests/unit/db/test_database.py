"""The connection: rows with names, and Core beside the driver on the same file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.db.database import Database, open_database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = open_database(tmp_path / "some.db")
    made.run("CREATE TABLE goods (name TEXT, price INTEGER)")
    made.many("INSERT INTO goods VALUES (?,?)", [("Kopi", 2_000), ("Gula", 3_000)])
    yield made
    made.close()


def test_a_row_is_a_tuple_whose_columns_have_names(db: Database) -> None:
    rows = db.rows("SELECT name, price FROM goods ORDER BY price")
    assert rows == [("Kopi", 2_000), ("Gula", 3_000)]
    assert [(row.price, row.name) for row in rows] == [(2_000, "Kopi"), (3_000, "Gula")]


def test_a_column_may_be_called_like_a_method_of_tuples(db: Database) -> None:
    row = db.one("SELECT 7 AS count, name AS 'index' FROM goods WHERE price=?", (2_000,))
    assert row is not None
    assert (row.count, row.index) == (7, "Kopi")


def test_a_transaction_in_a_transaction_is_refused_at_once(db: Database) -> None:
    """It would wait for itself, and with it everybody who writes into the file."""
    with pytest.raises(RuntimeError), db.transaction():
        db.run("DELETE FROM goods")
        with db.transaction():
            pass
    assert db.scalar("SELECT count(*) FROM goods") == 2
    with db.transaction():
        db.run("DELETE FROM goods")
    assert db.scalar("SELECT count(*) FROM goods") == 0


def test_no_row_is_none(db: Database) -> None:
    assert db.one("SELECT 1 FROM goods WHERE price=0") is None
    assert db.rows("SELECT 1 FROM goods WHERE price=0") == []


def test_core_sees_what_a_transaction_wrote_and_leaves_committing_to_it(db: Database) -> None:
    core = db.connection
    with pytest.raises(RuntimeError), db.transaction():
        core.exec_driver_sql("DELETE FROM goods")
        raise RuntimeError
    assert db.scalar("SELECT count(*) FROM goods") == 2
    with db.transaction():
        core.exec_driver_sql("DELETE FROM goods WHERE price=2000")
    assert core.exec_driver_sql("SELECT name FROM goods").fetchall() == [("Gula",)]


def test_core_cannot_come_in_the_middle_of_a_transaction(db: Database) -> None:
    with pytest.raises(AssertionError), db.transaction():
        db.connection  # noqa: B018


def test_opening_and_reading_imports_no_sqlalchemy() -> None:
    program = (
        "import sys\n"
        "from pos.db.database import open_database\n"
        "open_database(None).rows('SELECT 1')\n"
        "print('sqlalchemy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.stdout.strip() == "False"
