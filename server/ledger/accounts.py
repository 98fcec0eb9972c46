"""Accounts of a shop: opened by their code, frozen, given another floor, and what they stand at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update

from core.ledger import DEBIT, BelowFloor, UnknownAccount, account_id
from server.db.schema import SHOP
from server.db.schema.ledger import ledger_account, ledger_balance, ledger_posting
from server.db.transaction import ShopTx
from server.ledger.chart import CHART, code_of
from server.ledger.locking import lock_accounts

_account, _balance, _posting = ledger_account, ledger_balance, ledger_posting
_KNOWN = select(_account.c.side).where(
    _account.c.shop_id == SHOP, _account.c.account_id == bindparam("account")
)
_WATCHED = select(_balance).where(
    _balance.c.shop_id == SHOP, _balance.c.account_id == bindparam("account")
)
_FREEZE = (
    update(_balance)
    .where(_balance.c.shop_id == SHOP, _balance.c.account_id == bindparam("account"))
    .values(frozen=bindparam("is_frozen"))
)
_SET_FLOOR = (
    update(_balance)
    .where(_balance.c.shop_id == SHOP, _balance.c.account_id == bindparam("account"))
    .values(floor=bindparam("to_floor"))
)
_DEBITED = select(func.sum(_posting.c.amount)).where(
    _posting.c.shop_id == SHOP, _posting.c.debit == bindparam("account")
)
_CREDITED = select(func.sum(_posting.c.amount)).where(
    _posting.c.shop_id == SHOP, _posting.c.credit == bindparam("account")
)


class Balance(NamedTuple):
    """What an account stands at, on its own side; `available` is what may leave it now, None where
    nothing bounds that."""

    balance: int
    held: int
    floor: int | None
    frozen: bool

    @property
    def available(self) -> int | None:
        """What may leave it now."""
        return None if self.floor is None else self.balance - self.held - self.floor


def open_accounts(tx: ShopTx, wanted: Iterable[tuple[str, str]], now_ms: int) -> list[bytes]:
    """Open accounts of the chart, each given as (kind, owner); those that are open stay as they
    are. Returns their ids in order.

    Raises:
        KeyError: the chart has no such kind.
        ValueError: an owner is needed, or none may be given.
    """
    pairs = list(wanted)
    codes = {code_of(kind, owner): CHART[kind] for kind, owner in pairs}
    ids = {code: account_id(tx.shop_id, code) for code in codes}
    # In the order of their ids, as all who write several keys at once: nobody waits in a circle.
    ordered = sorted(codes, key=ids.__getitem__)
    _insert(tx, ordered, codes, ids, now_ms)
    return [ids[code_of(kind, owner)] for kind, owner in pairs]


def _insert(tx: ShopTx, ordered: list[str], codes: dict, ids: dict, now_ms: int) -> None:  # type: ignore[type-arg]
    tx.insert_columns(
        _account,
        {
            "account_id": [ids[code] for code in ordered],
            "kind": [codes[code].kind for code in ordered],
            "code": ordered,
            "side": [codes[code].side for code in ordered],
        },
        constants={"created_ms": now_ms},
        on_conflict="nothing",
    )
    watched = [code for code in ordered if codes[code].is_watched]
    if watched:
        tx.insert_columns(
            _balance,
            {
                "account_id": [ids[code] for code in watched],
                "side": [codes[code].side for code in watched],
                "floor": [codes[code].floor for code in watched],
            },
            constants={"balance": 0, "held": 0, "frozen": False},
            on_conflict="nothing",
        )


def freeze(tx: ShopTx, account: bytes, frozen: bool = True) -> None:
    """Let a watched account take nothing (holds may still end), or again.

    Raises:
        UnknownAccount: there is none, or it is not watched.
    """
    if not tx.run(_FREEZE, account=account, is_frozen=frozen):
        raise UnknownAccount(account=account)


def set_floor(tx: ShopTx, account: bytes, floor: int | None) -> None:
    """Set what a watched account may not fall below.

    Raises:
        UnknownAccount: there is none, or it is not watched.
        BelowFloor: it has less free than that already.
    """
    now = lock_accounts(tx, [account]).get(account)
    if now is None:
        raise UnknownAccount(account=account)
    if floor is not None and now.balance - now.held < floor:
        raise BelowFloor(account=account, available=now.balance - now.held, asked=floor)
    tx.run(_SET_FLOOR, account=account, to_floor=floor)


def balance_of(tx: ShopTx, account: bytes) -> Balance:
    """What an account stands at; of one that is not watched, the sum of its postings.

    Raises:
        UnknownAccount: there is none.
    """
    row = tx.one(_WATCHED, account=account)
    if row is not None:
        return Balance(row.balance, row.held, row.floor, row.frozen)
    side = tx.scalar(_KNOWN, account=account)
    if side is None:
        raise UnknownAccount(account=account)
    net = int(tx.scalar(_DEBITED, account=account) or 0)
    net -= int(tx.scalar(_CREDITED, account=account) or 0)
    return Balance(net if side == DEBIT else -net, 0, None, False)
