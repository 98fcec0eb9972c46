"""Entries from before those that a counter's snapshot brought whole (`core.sync.past`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from core.sync.feed import START
from core.sync.past import STRETCH, STRETCH_BYTES, PastRows, signed_bytes, write_past
from core.sync.snapshot import Whole
from server.db.keyed import rows_by_keys
from server.db.schema import SHOP, catalog, journal, trade
from server.db.transaction import ShopTx
from server.services import Services
from server.sync.fold.loading import by_keys
from server.sync.keys import ServerKey
from server.sync.pages import check_may_pull
from server.sync.refusals import EpochChanged
from server.sync.sale_marks import Place, marks_of
from server.sync.standing import check_epoch, hash_at, head_of
from server.sync.whole_entries import Carriers, Signer, read_whole

MOST_OF_ONE: Final = 1_000
"""Of a customer's account so many entries come, the newest."""

_entry, _sale, _debt = journal.entry, trade.sale, trade.debt_movement
_FRAME = (
    select(_entry.c.n, func.length(_entry.c.body).label("size"))
    .where(_entry.c.shop_id == SHOP, _entry.c.n <= bindparam("last"))
    .order_by(_entry.c.n.desc())
    .limit(STRETCH)
)
_SOLD = select(_sale.c.n).where(_sale.c.shop_id == SHOP, _sale.c.receipt == bindparam("receipt"))
_REPAID = select(trade.repayment.c.n, trade.repayment.c.customer_id).where(
    trade.repayment.c.shop_id == SHOP, trade.repayment.c.receipt == bindparam("receipt")
)
_AT_PLACE = select(_entry.c.n).where(
    _entry.c.shop_id == SHOP,
    _entry.c.device == bindparam("device"),
    _entry.c.seq == bindparam("seq"),
)
_INSIDE = select(_sale.c.n).where(
    _sale.c.shop_id == SHOP, _sale.c.device == bindparam("device"), _sale.c.seq == bindparam("seq")
)
_ALIASES = select(catalog.alias.c.source, catalog.alias.c.target).where(
    catalog.alias.c.shop_id == SHOP, catalog.alias.c.table_name == "customer"
)
_OF_CUSTOMER = (
    select(_debt.c.n)
    .distinct()
    .where(
        _debt.c.shop_id == SHOP,
        _debt.c.customer_id.in_(bindparam("customers", expanding=True)),
        _debt.c.n <= bindparam("last"),
    )
    .order_by(_debt.c.n.desc())
    .limit(MOST_OF_ONE)
)
_PLACES = by_keys(_sale, "n", "n", "device", "seq")


class Base(NamedTuple):
    """The snapshot of the counter that asks: entries after `after` came whole."""

    epoch: int
    after: int
    hash: bytes


class Asked(NamedTuple):
    """What is asked for: a stretch that ends before a number, or what somebody looks for."""

    before: int = 0
    receipt: str = ""
    customer: bytes = b""
    places: tuple[Place, ...] = ()


class Signed(NamedTuple):
    """`PastRows` as they are sent."""

    rows: bytes
    signature: bytes


def read_past(
    services: Services, key: ServerKey, shop_id: bytes, device: bytes, base: Base, asked: Asked
) -> Signed:
    """Old entries for a counter that began with a snapshot.

    Raises:
        EpochChanged: its snapshot is not of this feed.
        Revoked, Unconfirmed, UnknownLine: the counter may not pull.
    """
    with services.store.reading_shop(shop_id, snapshot=True) as tx:
        check_may_pull(tx, device)
        head = head_of(tx)
        check_epoch(tx, head.epoch, base.epoch)
        if not 0 <= base.after <= head.n or hash_at(tx, base.after) != base.hash:
            raise EpochChanged(epoch=head.epoch, n=0, feed_hash=START)
        carriers = Carriers(tx)
        signer = Signer(tx, key, head.epoch)
        found = _stretch(signer, carriers, base, asked.before) if asked.before else None
        rows = found or _looked_for(signer, carriers, base, asked)
    body = write_past(rows)
    return Signed(body, key.sign(signed_bytes(body)))


def _stretch(signer: Signer, carriers: Carriers, base: Base, before: int) -> PastRows | None:
    tx = signer.tx
    last = min(before - 1, base.after)
    frame = tx.rows(_FRAME, last=last) if last > 0 else ()
    if not frame:
        return None
    first, size = last, 0
    for n, length in frame:
        size += length
        if n != last and size > STRETCH_BYTES:
            break
        first = n
    older = carriers.originals(tx, first, last)
    rows = read_whole(signer, carriers, {n for n in older.values() if n < first}, first - 1, last)
    digest, page = hash_at(tx, first - 1) or START, signer.end(last, hash_at(tx, last) or START)
    return PastRows(
        tx.shop_id, base.after, base.hash, first, last, digest, _ordered(rows, older),
        signer.epoch, page,
    )  # fmt: skip


def _looked_for(signer: Signer, carriers: Carriers, base: Base, asked: Asked) -> PastRows:
    tx = signer.tx
    numbers = set(_numbers(tx, base.after, asked))
    places = {(row.device, row.seq) for row in rows_by_keys(tx, _PLACES, numbers)}
    numbers |= marks_of(tx, places, base.after)
    older = carriers.originals(tx, 1, base.after)
    older = {carrier: n for carrier, n in older.items() if carrier in numbers}
    numbers |= set(older.values())
    rows = _ordered(read_whole(signer, carriers, numbers, 0, 0), older)
    return PastRows(tx.shop_id, base.after, base.hash, 0, 0, b"", rows, signer.epoch)


def _numbers(tx: ShopTx, after: int, asked: Asked) -> Iterable[int]:
    found: set[int] = set()
    customers = {asked.customer} if asked.customer else set()
    if asked.receipt:
        found.update(row.n for row in tx.rows(_SOLD, receipt=asked.receipt))
        for n, customer in tx.rows(_REPAID, receipt=asked.receipt):
            # What was owed before it is on its paper.
            found.add(n)
            customers.add(customer)
    for device, seq in asked.places:
        for query in (_AT_PLACE, _INSIDE):
            found.update(row.n for row in tx.rows(query, device=device, seq=seq))
    if customers:
        meant = sorted(_all_records(tx, customers))
        found.update(row.n for row in tx.rows(_OF_CUSTOMER, customers=meant, last=after))
    return (n for n in found if n <= after)


def _all_records(tx: ShopTx, customers: Collection[bytes]) -> set[bytes]:
    """With the records that were merged into these."""
    aliases = [tuple(row) for row in tx.rows(_ALIASES)]
    found, new = set[bytes](), set(customers)
    while new:
        found |= new
        new = {source for source, target in aliases if target in found} - found
    return found


def _ordered(rows: list[Whole], originals: dict[int, int]) -> tuple[Whole, ...]:
    """Later ones first; what one carries before it."""
    by_number = {row.n: row for row in rows}
    ordered: dict[int, Whole] = {}
    for n in sorted(by_number, reverse=True):
        inside = originals.get(n)
        for place in (inside, n):
            if place is not None and place in by_number:
                ordered.setdefault(place, by_number[place])
    return tuple(ordered.values())
