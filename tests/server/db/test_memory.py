from __future__ import annotations

from sqlalchemy import text

from server.db.migrate import check_revision
from tests.helpers.memory_store import memory_store
from tests.helpers.shops import A, B, fill_every_table


def test_each_is_whole_and_its_own() -> None:
    one, two = memory_store(), memory_store()
    fill_every_table(one, A)
    fill_every_table(one, B)
    fill_every_table(two, A)
    with two.reading_directory() as tx:
        check_revision(tx.connection)
        assert tx.connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert tx.connection.execute(text("SELECT count(*) FROM shop")).scalar() == 1
    one.close()
    two.close()
