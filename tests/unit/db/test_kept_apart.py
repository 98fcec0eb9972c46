"""A file from before records were kept apart is upgraded with all that it had."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

from pos.db.migrate import HEAD_REVISION, revision
from pos.device.witness import Witness
from pos.journal.verify import verify
from pos.merging.deciding import Two, keep_apart
from pos.opening import open_counter
from tests.helpers.counter import StillClock
from tests.helpers.many_counters import World, merge_some


def test_a_shop_with_merged_records_is_carried_over(tmp_path: Path) -> None:
    world = World(tmp_path, random.Random(4), 2)
    merge_some(world)
    world.settle()
    folder, who = world.counters[1].folder, world.counters[1].staff_id
    rows = world.counters[1].db.rows("SELECT * FROM merged ORDER BY source")
    assert rows
    world.close()
    with sqlite3.connect(folder / "counter.db", isolation_level=None) as raw:
        for table in (
            "kept_apart",
            "base",
            "base_chunk",
            "base_head",
            "base_identity",
            "past_day",
            "past_page",
            "order_event",
            "online_order",
            "order_contact",
            "order_message",
            "order_word",
        ):
            raw.execute(f"DROP TABLE {table}")
        raw.execute("DROP INDEX merged_target")
        raw.execute("ALTER TABLE product DROP COLUMN halal")
        raw.execute("UPDATE alembic_version SET version_num='0004'")
    raw.close()
    with open_counter(folder, clock=StillClock(), witness=Witness(tmp_path / "1/state")) as again:
        assert revision(again.db) == HEAD_REVISION
        assert again.db.rows("SELECT * FROM merged ORDER BY source") == rows
        again.staff_id = who
        goods = [bytes(row[0]) for row in again.db.rows("SELECT id FROM product LIMIT 2")]
        keep_apart(again, [Two("product", *goods)])
        assert verify(again.db).ok
