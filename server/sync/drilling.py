"""The rows behind a digest: first a group's 256 parts, then the rows of one part."""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple

from sqlalchemy import Executable

from core.sync.digest import GROUPS, fold_rows, part_of
from core.sync.wire import Malformed
from server.db.schema import catalog, journal, people, trade
from server.db.transaction import ShopTx
from server.services import Services
from server.sync.fold.loading import all_rows, whole
from server.sync.pages import check_may_pull
from server.sync.standing import head_of

Values = tuple[int | str, ...]
_QUERIES: Final[dict[str, Executable]] = {
    "stock": whole(catalog.product_stock, "product_id", "qty"),
    "debt": whole(people.customer_debt, "customer_id", "debt"),
    "cash": whole(trade.shift_cash, "shift_id", "cash"),
    "sales": whole(trade.sales_month, "month", "count", "total"),
    "heads": whole(journal.line_head, "device", "seq", "hash"),
}


class Drilled(NamedTuple):
    """The parts of a group (name, count, sum, hash) or the rows of one part, at number `n`."""

    epoch: int
    n: int
    rows: tuple[tuple[str, Values], ...]


def rows_of(tx: ShopTx, group: str) -> list[tuple[str, Values]]:
    """All rows of a group, as their digest is taken."""
    found: list[tuple[str, Values]] = []
    for key, *values in all_rows(tx, _QUERIES[group]):
        name = key.hex() if isinstance(key, bytes) else key
        shown = tuple(one.hex() if isinstance(one, bytes) else one for one in values)
        if shown[0]:
            found.append((name, shown))
    return sorted(found)


def drill(services: Services, shop_id: bytes, device: bytes, group: str, part: str) -> Drilled:
    """The parts of a group that are not empty, or (`part` given) the rows of one.

    Raises:
        Malformed: there is no such group.
        Revoked, Unconfirmed, UnknownLine: the counter may not pull.
    """
    if group not in GROUPS:
        raise Malformed(why="group")
    with services.store.reading_shop(shop_id, snapshot=True) as tx:
        check_may_pull(tx, device)
        head = head_of(tx)
        rows = rows_of(tx, group)
    if part:
        some = tuple(row for row in rows if part_of(row[0]) == part)
        return Drilled(head.epoch, head.n, some)
    parts: dict[str, list[tuple[bytes | str, Values]]] = defaultdict(list)
    for name, values in rows:
        parts[part_of(name)].append((name, values))
    return Drilled(
        head.epoch,
        head.n,
        tuple(
            (name, (digest.count, digest.total, digest.hash))
            for name, some in sorted(parts.items())
            for digest in (fold_rows(group, some),)
        ),
    )
