"""`verify` notices any value changed by one, in any column of any table."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from pos.db.database import open_database
from pos.db.schema import metadata
from pos.journal.verify import verify
from pos.opening import database_file
from pos.printing import tables as printing_tables
from pos.printing.proof import queue_differences
from tests.helpers.met_server import met_server
from tests.helpers.rich_shop import rich_shop

TABLES = sorted(metadata.tables)
LENT = ("order_contact", "order_message", "order_word")
"""Names, addresses and words are the server's and come and go with it: nothing here says what they
are."""

assert printing_tables.printer.name in TABLES


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which every table has rows."""
    folder = tmp_path_factory.mktemp("rich")
    with rich_shop(folder) as shop:
        met_server(shop)
        file = database_file(shop.folder)
        shop.db.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = folder / "whole.db"
        shutil.copy(file, copy)
    return copy


def test_the_whole_database_is_clean_and_full(whole: Path) -> None:
    db = open_database(whole, read_only=True)
    proof = verify(db, queue_differences)
    assert (proof.ok, proof.differences, proof.unchecked) == (True, (), ())
    empty = [name for name in TABLES if not db.scalar(f"SELECT count(*) FROM {name}")]
    db.close()
    assert empty == []


def _changed(value: object, kind: str) -> object:
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"\x01"
    if value is None:
        return 1 if kind.startswith(("INT", "BIG")) else b"\x01"
    return f"{value}x"


@pytest.mark.parametrize("table", [name for name in TABLES if name not in LENT])
def test_a_changed_value_is_noticed(whole: Path, tmp_path: Path, table: str) -> None:
    missed: list[str] = []
    for column in metadata.tables[table].columns:
        file = tmp_path / f"{column.name}.db"
        shutil.copy(whole, file)
        raw = sqlite3.connect(file, isolation_level=None)
        rowid, value = raw.execute(
            f"SELECT rowid, {column.name} FROM {table} ORDER BY rowid DESC LIMIT 1"
        ).fetchone()
        other = _changed(value, str(column.type))
        try:
            raw.execute(f"UPDATE {table} SET {column.name}=? WHERE rowid=?", (other, rowid))
        except sqlite3.IntegrityError:
            continue  # the table's own keys refuse this value
        finally:
            raw.close()
        if _clean(file):
            missed.append(column.name)
    assert missed == []


def _clean(file: Path) -> bool:
    db = open_database(file, read_only=True)
    try:
        return verify(db, queue_differences).ok
    finally:
        db.close()


@pytest.mark.parametrize("table", [name for name in TABLES if name not in LENT])
def test_a_missing_row_is_noticed(whole: Path, tmp_path: Path, table: str) -> None:
    if table in ("open_cart", "local_setting"):
        pytest.skip("a local row that is gone leaves no trace: it follows from no fact")
    if table == "picture":
        pytest.skip("pictures travel apart: one that is not here is named, see below")
    file = tmp_path / "missing.db"
    shutil.copy(whole, file)
    raw = sqlite3.connect(file, isolation_level=None)
    # Of the journal's end the witness knows; of the newest print job, nobody.
    first = (
        "ORDER BY rowid LIMIT 1"
        if table in ("journal", "print_job")
        else "ORDER BY rowid DESC LIMIT 1"
    )
    raw.execute(f"DELETE FROM {table} WHERE rowid=(SELECT rowid FROM {table} {first})")
    raw.close()
    assert not _clean(file)


def test_a_missing_picture_is_named_and_no_fault(whole: Path, tmp_path: Path) -> None:
    file = tmp_path / "missing.db"
    shutil.copy(whole, file)
    with sqlite3.connect(file) as raw:
        raw.execute("DELETE FROM picture")
    raw.close()
    db = open_database(file, read_only=True)
    proof = verify(db, queue_differences)
    db.close()
    assert proof.ok
    assert [item.split()[0] for item in proof.unchecked] == ["picture"]
