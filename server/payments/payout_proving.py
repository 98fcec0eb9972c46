"""Proof that payouts and books say the same: each is posted once, as it was recorded, and what was
taken back is; nothing is posted that no payout knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from sqlalchemy import func, select

from core.ledger import account_id, mirrored
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_entry
from server.db.transaction import ShopTx
from server.db.types import show_id
from server.ledger.chart import code_of
from server.ledger.proving import Difference
from server.ledger.reading import read_entries
from server.payments import payout_rows
from server.payments.naming import clearing_name
from server.payments.payout_books import PREFIX, UNDONE, bank_of, payout_entry
from server.payments.payout_rows import Payout

_AT_ONCE: Final = 200
_POSTED = select(func.count()).where(
    ledger_entry.c.shop_id == SHOP, ledger_entry.c.kind.in_((PREFIX, UNDONE))
)


def prove_payouts(tx: ShopTx) -> Iterator[Difference]:
    """Every difference, as it is found."""
    payouts = payout_rows.every(tx)
    expected = 0
    for start in range(0, len(payouts), _AT_ONCE):
        part = payouts[start : start + _AT_ONCE]
        keys = {one.id: (payout_entry(one.id), payout_entry(one.id, "undone")) for one in part}
        there = read_entries(tx, [key for pair in keys.values() for key in pair])
        for one in part:
            entry, back = (there[key].entry if key in there else None for key in keys[one.id])
            expected += 1 + one.is_undone
            moved = Counter[bytes]()
            for posting in entry.postings if entry else ():
                moved[posting.debit] += posting.amount
                moved[posting.credit] -= posting.amount
            wanted = _wanted(tx, one)
            if moved != wanted:
                found = " ".join(f"{key.hex()} {moved[key]}" for key in sorted(moved))
                yield Difference(f"ledger_entry.{PREFIX} {show_id(one.id)}", found, str(one.amount))
            is_back = back is not None and entry is not None
            is_back = is_back and back.postings == mirrored(entry.postings)  # type: ignore[union-attr]
            if is_back != one.is_undone:
                yield Difference(
                    f"ledger_entry.{UNDONE} {show_id(one.id)}", str(is_back), str(one.is_undone)
                )
    posted = int(tx.scalar(_POSTED))
    if posted != expected:
        yield Difference(f"ledger_entry.{PREFIX}*", str(posted), str(expected))


def _wanted(tx: ShopTx, one: Payout) -> Counter[bytes]:
    """What each account gains by a payout."""
    name = clearing_name(one.provider, one.environment)
    fees = ("payout_fees", show_id(one.id)) if one.until_day else ("provider_fees", "")
    gains = (
        (bank_of(one.environment), "", one.amount),
        (*fees, one.fee),
        ("payout_surplus", name, -one.short),
        ("provider_clearing", name, one.short - one.amount - one.fee),
    )
    found = Counter[bytes]()
    for kind, owner, amount in gains:
        if amount:
            found[account_id(tx.shop_id, code_of(kind, owner))] = amount
    return found
