"""A file from before sync goes on selling: its line, its PINs and its proof are kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pos.db.database import open_database
from pos.db.migrate import HEAD_REVISION, migrate, revision
from pos.db.schema import metadata
from pos.device.witness import Witness
from pos.journal.verify import verify
from pos.opening import open_counter
from pos.staff.pins import check_pin
from tests.helpers.counter import StillClock, add_goods, cart_of, sell
from tests.helpers.rich_shop import rich_shop

_SYNC = (
    "own_line", "feed", "waiting", "page", "field_base", "field_wait", "carried", "merged", "late",
    "fetched_cart", "staff_pin", "register", "allotment", "kept_apart", "base", "base_chunk",
    "base_head", "base_identity", "past_day", "past_page", "order_event", "online_order",
    "order_contact", "order_message", "order_word",
)  # fmt: skip


def _as_before(file: Path) -> None:
    """Take a file back to the form of revision 0002."""
    with sqlite3.connect(file, isolation_level=None) as raw:
        raw.execute("ALTER TABLE staff ADD COLUMN pin_digest BLOB NOT NULL DEFAULT x''")
        raw.execute(
            "UPDATE staff SET pin_digest=coalesce((SELECT digest FROM staff_pin"
            " WHERE staff_id=staff.id), x'')"
        )
        for name in _SYNC:
            raw.execute(f"DROP TABLE {name}")
        for name, change in (
            ("journal", ("UNIQUE (device, seq, hash)", "UNIQUE (device, seq)")),
            ("z_report", ("PRIMARY KEY (device, device_z, head_hash)", "PRIMARY KEY (device_z)")),
        ):
            sql = raw.execute("SELECT sql FROM sqlite_master WHERE name=?", (name,)).fetchone()[0]
            assert change[0] in sql
            raw.execute(f"ALTER TABLE {name} RENAME TO old_one")
            raw.execute(sql.replace(f'"{name}_many"', name).replace(*change))
            raw.execute(f"INSERT INTO {name} SELECT * FROM old_one")
            raw.execute("DROP TABLE old_one")
        # Pictures had no copies before revision 0004.
        raw.execute("DROP INDEX product_picture")
        for name in ("copy", "signature"):
            raw.execute(f"ALTER TABLE picture DROP COLUMN {name}")
        raw.execute("DROP INDEX sale_receipt")
        raw.execute("CREATE UNIQUE INDEX sale_receipt ON sale (receipt)")
        raw.execute("ALTER TABLE product DROP COLUMN halal")
        raw.execute("DROP INDEX shift_number")
        raw.execute("UPDATE alembic_version SET version_num='0002'")
    raw.close()


def test_a_shop_from_before_is_carried_over_with_all_that_it_had(tmp_path: Path) -> None:
    with rich_shop(tmp_path) as shop:
        file, owner = shop.folder / "counter.db", shop.staff_id
    _as_before(file)
    with open_counter(
        file.parent, clock=StillClock(), witness=Witness(tmp_path / "state")
    ) as again:
        assert revision(again.db) == HEAD_REVISION
        proof = verify(again.db)
        assert (proof.ok, proof.differences, proof.unchecked) == (True, (), ())
        assert again.db.scalar("SELECT count(*) FROM picture")
        check_pin(again, owner, "1234")
        again.staff_id = owner
        done = sell(again, cart_of(again, (add_goods(again, "Kopi"), 1_000)))
        assert done.receipt.startswith("K1-")
        assert verify(again.db).ok


def test_migrated_tables_are_those_of_a_new_file(tmp_path: Path) -> None:
    old, new = open_database(tmp_path / "old.db"), open_database(None)
    migrate(old, None)
    metadata.create_all(new.connection)
    for table in metadata.tables.values():
        for pragma in ("table_info", "index_list"):
            ours, theirs = (
                sorted(tuple(row)[1:] for row in db.rows(f"PRAGMA {pragma}({table.name})"))
                for db in (old, new)
            )
            if pragma == "index_list":
                ours, theirs = ([row[1:3] for row in rows] for rows in (ours, theirs))
            assert ours == theirs, (table.name, pragma)
    old.close()
    new.close()
