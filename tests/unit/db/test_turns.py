"""Who writes next at a file: the window before sync, and nobody twice at once."""

from __future__ import annotations

import threading
from pathlib import Path

from pos.db.database import open_database
from pos.db.turns import Turns, turns_of
from pos.sync.worker import open_for_sync


def test_connections_to_one_file_take_turns_in_this_program(tmp_path: Path) -> None:
    one, other = open_database(tmp_path / "a.db"), open_for_sync(tmp_path / "a.db")
    assert one.turns is other.turns is turns_of(tmp_path / "a.db")
    assert turns_of(tmp_path / "b.db") is not one.turns
    assert open_database(None).turns is not open_database(None).turns
    one.run("CREATE TABLE t (x)")
    order: list[str] = []

    def sync() -> None:
        with other.transaction():
            order.append("sync")
            other.run("INSERT INTO t VALUES (1)")

    # SQLite would refuse at once: that nobody is refused shows that the turn was waited for.
    other.run("PRAGMA busy_timeout=0")
    thread = threading.Thread(target=sync)
    with one.transaction():
        one.run("INSERT INTO t VALUES (2)")
        thread.start()
        thread.join(0.1)
        order.append("window")
    thread.join(20)
    assert order == ["window", "sync"]
    assert one.scalar("SELECT count(*) FROM t") == 2
    one.close()
    other.close()


def test_a_turn_ends_where_its_transaction_fails(tmp_path: Path) -> None:
    db = open_database(tmp_path / "a.db")
    for _ in range(2):
        try:
            with db.transaction():
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    with db.transaction():
        db.run("CREATE TABLE t (x)")
    assert not db.in_transaction and db.scalar("SELECT count(*) FROM t") == 0
    db.close()


def test_sync_waits_while_the_window_works_but_not_for_ever() -> None:
    turns, went_on = Turns(), threading.Event()
    assert turns.wait_for_rest(60)
    turns.work()
    assert not turns.wait_for_rest(0.01)

    def sync() -> None:
        turns.wait_for_rest(60)
        went_on.set()

    thread = threading.Thread(target=sync)
    thread.start()
    assert not went_on.wait(0.05)
    turns.rest()
    assert went_on.wait(20)
    thread.join(20)


def test_sync_waits_for_whoever_writes_before_it(tmp_path: Path) -> None:
    db, sync = open_database(tmp_path / "a.db"), open_for_sync(tmp_path / "a.db")
    with db.transaction():
        assert not sync.turns.wait_for_rest(0.01)
    with sync.transaction():
        assert sync.turns.wait_for_rest(0.01)
    db.close()
    sync.close()


def test_only_sync_commits_without_waiting_for_the_disk(tmp_path: Path) -> None:
    full, normal = 2, 1
    own, sync = open_database(tmp_path / "a.db"), open_for_sync(tmp_path / "a.db")
    assert own.scalar("PRAGMA synchronous") == full
    assert sync.scalar("PRAGMA synchronous") == normal
    assert sync.scalar("PRAGMA wal_autocheckpoint") == 0
    own.close()
    sync.close()
