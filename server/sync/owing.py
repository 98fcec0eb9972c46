"""What orders owe, posted in the transaction that takes their facts into the feed.

An entry's id is made of the order and of its fact's number in the feed: a fact that comes twice is
folded once and posted once. Nothing here refuses: what happened at a counter is accepted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import select

from core.dates import business_date
from core.ledger import Entry, Posting, account_id
from core.orders.owing import Kind, paired, spared
from server.db.schema import SHOP
from server.db.schema.shops import shop
from server.db.transaction import ShopTx
from server.ledger.accounts import open_accounts
from server.ledger.chart import CHART, code_of, owner_of
from server.ledger.locking import lock_accounts
from server.ledger.posting import post_all
from server.sync.fold.orders import Turn

PREFIX: Final = "order_"
_ENTRY: Final = b"huyula order entry 1\n"
_SHOP = select(shop.c.zone, shop.c.day_close_minutes).where(shop.c.shop_id == SHOP)


def code_for(kind: Kind, order_id: bytes) -> str:
    """The code of an account that an order's entries move."""
    return code_of(kind, _owner(kind, order_id))


def entry_id(turn: Turn) -> bytes:
    """The id of what a fact of the feed posts about an order."""
    return hashlib.sha256(_ENTRY + turn.order_id + turn.n.to_bytes(8)).digest()[:16]


def post_turns(
    tx: ShopTx,
    turns: Sequence[Turn],
    now_ms: int,
    name: Callable[[Turn], bytes] = entry_id,
) -> None:
    """Post what facts changed in what orders owe, each entry under the id that `name` gives. The
    shop's feed is locked."""
    row = tx.one(_SHOP)
    assert row is not None, "a shop without its row"
    wanted = {(kind, _owner(kind, turn.order_id)) for turn in turns for kind in turn.debits}
    # A debt that is partly held is made up for by what the buyer owes.
    wanted |= {("order_receivable", owner_of(turn.order_id)) for turn in turns}
    ordered = sorted(wanted)
    accounts = dict(zip(ordered, open_accounts(tx, ordered, now_ms), strict=True))
    free = _available(tx, turns)
    entries = []
    for turn in turns:
        debits = turn.debits
        if "refund_payable" in debits:
            debits = spared(debits, free.get(turn.order_id, 0))
            left = free.get(turn.order_id, 0) - debits.get("refund_payable", 0)
            free[turn.order_id] = left
        postings = tuple(
            Posting(
                accounts[debit, _owner(debit, turn.order_id)],
                accounts[credit, _owner(credit, turn.order_id)],
                amount,
            )
            for debit, credit, amount in paired(debits)
        )
        day = business_date(min(turn.at_ms, now_ms), row.zone, row.day_close_minutes)
        kind, document = PREFIX + turn.step, owner_of(turn.order_id)
        if postings:
            entries.append(Entry(name(turn), kind, document, day, postings))
    if entries:
        post_all(tx, entries, now_ms)


def _owner(kind: Kind, order_id: bytes) -> str:
    return owner_of(order_id) if CHART[kind].owner else ""


def _available(tx: ShopTx, turns: Sequence[Turn]) -> dict[bytes, int]:
    """What is free of the debts that are lowered, locked so that no refund takes it meanwhile."""
    lowered = {turn.order_id for turn in turns if "refund_payable" in turn.debits}
    ids = {account_id(tx.shop_id, code_for("refund_payable", one)): one for one in lowered}
    if not ids:
        return {}
    found = lock_accounts(tx, ids)
    return {ids[key]: one.balance - one.held for key, one in found.items()}
