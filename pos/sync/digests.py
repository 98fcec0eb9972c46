"""Digests of the accepted state, as the server keeps them at the ends of pages."""

from __future__ import annotations

from collections.abc import Iterator

from core.sync.digest import GROUPS, GroupDigest, fold_rows
from pos.db.database import Database

Rows = Iterator[tuple[bytes | str, tuple[int | str, ...]]]
# What waits is left out: the server does not know it yet.
_ROWS = {
    "stock": (
        "SELECT m.product_id, sum(m.qty) FROM stock_movement m LEFT JOIN waiting w ON w.pos=m.pos"
        " WHERE w.pos IS NULL GROUP BY m.product_id"
    ),
    "debt": (
        "SELECT d.customer_id, sum(d.amount) FROM debt_movement d LEFT JOIN waiting w"
        " ON w.pos=d.pos WHERE w.pos IS NULL AND d.account='credit' GROUP BY d.customer_id"
    ),
    "cash": (
        "SELECT c.shift_id, sum(c.amount) FROM cash_movement c LEFT JOIN waiting w"
        " ON w.pos=c.pos WHERE w.pos IS NULL GROUP BY c.shift_id"
    ),
    "sales": (
        "SELECT month, sum(sales), sum(total) FROM (SELECT substr(s.day, 1, 7) AS month,"
        " count(*) AS sales, sum(s.total) AS total FROM sale s LEFT JOIN waiting w ON w.pos=s.id"
        " WHERE w.pos IS NULL GROUP BY 1 UNION ALL"
        " SELECT substr(day, 1, 7), sales, total FROM past_day) GROUP BY month"
    ),
}


def accepted_digests(db: Database) -> dict[str, GroupDigest]:
    """The digest of each group at the last number that is applied."""
    return {group: fold_rows(group, rows(db, group)) for group in GROUPS}


def rows(db: Database, group: str) -> Rows:
    """The rows behind a group's digest."""
    if group == "heads":
        yield from _heads(db)
        return
    for row in db.raw.execute(_ROWS[group]):
        key = row[0] if isinstance(row[0], str) else bytes(row[0])
        yield key, tuple(row[1:])


def _heads(db: Database) -> Rows:
    """The last accepted entry of each line, whatever its verdict."""
    last = db.raw.execute(
        "SELECT j.device, j.seq, j.hash, max(f.n) FROM feed f JOIN journal j ON j.pos=f.pos"
        " WHERE f.n>(SELECT coalesce(max(after_n), 0) FROM base) GROUP BY j.device"
        " UNION ALL SELECT device, seq, hash, 0 FROM base_head WHERE device NOT IN"
        " (SELECT j.device FROM feed f JOIN journal j ON j.pos=f.pos"
        " WHERE f.n>(SELECT max(after_n) FROM base))"
    )
    for device, seq, digest, _ in last:
        yield bytes(device), (seq, bytes(digest).hex())
