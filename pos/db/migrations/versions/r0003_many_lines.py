"""Entries of many lines in one journal, the shop's feed, and what waits for the server.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.contract import decode_body

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Change the journal's key, create the tables of sync, and fill those that follow."""
    _journal()
    _z_reports()
    op.drop_index("sale_receipt", "sale")
    op.create_index("sale_receipt", "sale", ["receipt"], unique=False)
    _tables()
    _own_lines()
    _pins()
    op.drop_column("staff", "pin_digest")


def _journal() -> None:
    op.create_table(
        "journal_many",
        sa.Column("pos", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shop", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("pos"),
        sa.UniqueConstraint("device", "seq", "hash"),
    )
    op.execute(
        "INSERT INTO journal_many (pos, shop, device, seq, kind, version, body, prev_hash, hash)"
        " SELECT pos, shop, device, seq, kind, version, body, prev_hash, hash FROM journal"
        " ORDER BY pos"
    )
    op.drop_table("journal")
    op.rename_table("journal_many", "journal")


def _z_reports() -> None:
    """Two counters may have had the same code before they joined."""
    op.create_table(
        "z_report_many",
        sa.Column("device", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("device_z", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("z_number", sa.BigInteger(), nullable=False),
        sa.Column("shift_id", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("pos", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.Column("seal_words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device", "device_z"),
    )
    op.execute(
        "INSERT INTO z_report_many (device, device_z, z_number, shift_id, day, pos, body,"
        " head_hash, seal_words) SELECT device, device_z, z_number, shift_id, day, pos, body,"
        " head_hash, seal_words FROM z_report"
    )
    op.drop_table("z_report")
    op.rename_table("z_report_many", "z_report")


def _key(name: str, kind: type = sa.LargeBinary) -> sa.Column[Any]:
    return sa.Column(name, kind(), autoincrement=False, nullable=False)


def _tables() -> None:
    number, text, blob = sa.BigInteger, sa.Text, sa.LargeBinary

    def plain(**columns: type) -> list[sa.Column[Any]]:
        return [sa.Column(name, kind(), nullable=False) for name, kind in columns.items()]

    def table(name: str, keys: list[sa.Column[Any]], *more: sa.Column[Any]) -> None:
        names = [key.name for key in keys]
        op.create_table(name, *keys, *more, sa.PrimaryKeyConstraint(*names))

    table("own_line", [_key("place", sa.Integer)], *plain(device=blob))
    table(
        "feed",
        [_key("n", sa.Integer)],
        *plain(pos=number, at_ms=number, verdict=text),
        sa.Column("order_n", sa.Integer(), nullable=True),
        *plain(feed_hash=blob),
    )
    op.create_index("feed_pos", "feed", ["pos"], unique=False)
    op.create_index("feed_order", "feed", ["order_n", "n"], unique=False)
    table("waiting", [_key("pos", sa.Integer)])
    table(
        "page",
        [_key("n", sa.Integer)],
        *plain(epoch=number, feed_hash=blob, signature=blob, seal=blob),
    )
    table(
        "field_base",
        [_key("table_name", text), _key("document"), _key("field", text)],
        sa.Column("value", sa.Text(), nullable=True),
    )
    table(
        "field_wait",
        [_key("pos", sa.Integer), _key("n", sa.Integer)],
        *plain(table_name=text, document=blob, field=text, value=text),
    )
    op.create_index(
        "field_wait_field", "field_wait", ["table_name", "document", "field", "pos", "n"]
    )
    table(
        "carried",
        [_key("carrier_pos", sa.Integer)],
        *plain(hash=blob, pos=number, carrier=blob, device=blob, seq=number),
    )
    op.create_index("carried_hash", "carried", ["hash"], unique=False)
    op.create_index("carried_pos", "carried", ["pos"], unique=False)
    op.create_index("carried_entry", "carried", ["device", "seq"], unique=False)
    table(
        "merged",
        [_key("table_name", text), _key("source")],
        *plain(target=blob),
    )
    table("late", [_key("pos", sa.Integer), _key("device"), _key("seq", sa.Integer)])
    table("fetched_cart", [_key("id")])
    table("staff_pin", [_key("device"), _key("staff_id")], *plain(digest=blob))
    table(
        "register",
        [_key("device")],
        *plain(code=text, name=text, parent=blob, before_seq=number, left_reason=text),
    )
    table("allotment", [_key("customer_id"), _key("device")], *plain(amount=number))


def _own_lines() -> None:
    """All entries are this counter's: the last one's line and those that it comes from."""
    db = op.get_bind()
    last = db.exec_driver_sql("SELECT device FROM journal ORDER BY pos DESC LIMIT 1").scalar()
    lines: list[bytes] = []
    while last:
        lines.append(bytes(last))
        last = db.exec_driver_sql(
            "SELECT parent_device FROM line WHERE device=?", (lines[-1],)
        ).scalar()
    for place, device in enumerate(reversed(lines), 1):
        db.exec_driver_sql("INSERT INTO own_line (place, device) VALUES (?,?)", (place, device))


def _pins() -> None:
    """A PIN belongs to the counter that set it."""
    db = op.get_bind()
    rows = db.exec_driver_sql(
        "SELECT device, kind, version, body FROM journal WHERE kind='pin_changed' ORDER BY pos"
    ).fetchall()
    for device, kind, version, body in rows:
        fact: Any = decode_body(kind, version, body)[1]
        db.exec_driver_sql(
            "INSERT OR REPLACE INTO staff_pin (device, staff_id, digest) VALUES (?,?,?)",
            (device, fact.staff_id, fact.digest),
        )
    # Parked carts that were taken up are remembered, so that the order of arrival is nothing.
    rows = db.exec_driver_sql(
        "SELECT kind, version, body FROM journal WHERE kind='cart_fetched'"
    ).fetchall()
    for kind, version, body in rows:
        fact = decode_body(kind, version, body)[1]
        db.exec_driver_sql("INSERT OR IGNORE INTO fetched_cart (id) VALUES (?)", (fact.cart_id,))
