"""Debts, drawers and the month's sales: sums that digests are taken of."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.movements import CashMove, DebtMove
from core.sync.digest import GroupDigest, change_row
from server.db.keyed import rows_by_keys
from server.db.schema import people, trade
from server.db.transaction import ShopTx
from server.sync.fold.at import At
from server.sync.fold.loading import by_keys
from server.sync.rows import Rows, put_rows

_DEBTS = by_keys(people.customer_debt, "customer_id", "customer_id", "debt", "balance")
_ALLOTTED = by_keys(people.allotment, "customer_id", "customer_id", "device", "amount")
_CASH = by_keys(trade.shift_cash, "shift_id", "shift_id", "cash")
_MONTHS = by_keys(trade.sales_month, "month", "month", "count", "total")


class Debt:
    """What a customer owes on both accounts, and what is left of each counter's share."""

    __slots__ = ("balance", "changed", "debt", "shares", "stored")

    def __init__(self, debt: int, balance: int) -> None:
        """As the table has it; nobody in it owes nothing."""
        self.debt = debt
        self.balance = balance
        self.stored = (debt, balance)
        self.shares: dict[bytes, int] = {}
        self.changed: set[bytes] = set()

    def allot(self, counter: bytes, amount: int) -> None:
        """A counter's share grows (or, negative, shrinks, never below nothing)."""
        self.shares[counter] = max(0, self.shares.get(counter, 0) + amount)
        self.changed.add(counter)


class Debts:
    """The debts that a step touches."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is loaded yet."""
        self._tx = tx
        self._moves = Rows(trade.debt_movement)
        self.debts: dict[bytes, Debt] = {}

    def load(self, ids: Collection[bytes]) -> None:
        """Read what these customers owe."""
        missing = {key for key in ids if key not in self.debts}
        for key in missing:
            self.debts[key] = Debt(0, 0)
        for key, debt, balance in rows_by_keys(self._tx, _DEBTS, missing):
            self.debts[key] = Debt(debt, balance)
        for key, device, amount in rows_by_keys(self._tx, _ALLOTTED, missing):
            self.debts[key].shares[device] = amount

    def debt(self, key: bytes) -> Debt:
        """What a customer owes."""
        if key not in self.debts:
            self.load((key,))
        return self.debts[key]

    def move(self, at: At, moves: Sequence[DebtMove], counter: bytes, *, lends: bool) -> None:
        """Owe more or less. `lends`: a sale on kasbon, which uses up the counter's share."""
        for move in moves:
            found = self.debt(move.customer_id)
            if move.account == "credit":
                found.debt += move.amount
                if lends and move.amount > 0 and counter in found.shares:
                    found.allot(counter, -move.amount)
            else:
                found.balance += move.amount
            self._moves.add(
                (at.n, at.next_move(), move.customer_id, move.account, move.amount, at.header.day)
            )

    def write(self, tx: ShopTx, digest: GroupDigest) -> GroupDigest:
        """Write what changed; returns the digest of all debts afterwards."""
        self._moves.write(tx)
        rows = []
        shares: list[tuple[object, ...]] = []
        for key, found in sorted(self.debts.items()):
            now = (found.debt, found.balance)
            # What was only looked at leaves no row: the proof looks at other things.
            if now != found.stored:
                digest = change_row("debt", digest, key, found.stored[:1], now[:1])
                rows.append((key, *now))
            shares.extend((key, one, found.shares[one]) for one in sorted(found.changed))
        put_rows(tx, people.customer_debt, rows)
        put_rows(tx, people.allotment, shares)
        self.debts.clear()
        return digest


class Drawers:
    """The cash of the shifts that a step touches."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is loaded yet."""
        self._tx = tx
        self._moves = Rows(trade.cash_movement)
        self._cash: dict[bytes, list[int]] = {}

    def load(self, ids: Collection[bytes]) -> None:
        """Read what lies in the drawers of these shifts."""
        missing = {key for key in ids if key not in self._cash}
        for key in missing:
            self._cash[key] = [0, 0]
        for key, cash in rows_by_keys(self._tx, _CASH, missing):
            self._cash[key] = [cash, cash]

    def move(self, at: At, moves: Sequence[CashMove]) -> None:
        """Put cash into drawers or take it out."""
        for move in moves:
            if move.shift_id not in self._cash:
                self.load((move.shift_id,))
            self._cash[move.shift_id][1] += move.amount
            self._moves.add((at.n, at.next_move(), move.shift_id, move.kind, move.amount))

    def write(self, tx: ShopTx, digest: GroupDigest) -> GroupDigest:
        """Write what changed; returns the digest of all drawers afterwards."""
        self._moves.write(tx)
        rows = []
        for key, (before, now) in sorted(self._cash.items()):
            if before != now:
                digest = change_row("cash", digest, key, (before,), (now,))
                rows.append((key, now))
        put_rows(tx, trade.shift_cash, rows)
        for amounts in self._cash.values():
            amounts[0] = amounts[1]
        return digest

    def adopt(self, before: Drawers) -> None:
        """Go on with what an earlier step left."""
        self._cash.update(before._cash)


class Months:
    """Count and sum of sales by business month."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is loaded yet."""
        self._tx = tx
        self._added: dict[str, list[int]] = {}
        self._stored: dict[str, tuple[int, int]] = {}

    def load(self) -> None:
        """Read the months that sales were added to."""
        missing = self._added.keys() - self._stored.keys()
        for month, count, total in rows_by_keys(self._tx, _MONTHS, missing):
            self._stored[month] = (count, total)

    def add(self, day: str, total: int) -> None:
        """One sale (or refund) more."""
        found = self._added.setdefault(day[:7], [0, 0])
        found[0] += 1
        found[1] += total

    def write(self, tx: ShopTx, digest: GroupDigest) -> GroupDigest:
        """Write what changed; returns the digest of all months afterwards."""
        rows = []
        for month, (count, total) in sorted(self._added.items()):
            old = self._stored.get(month, (0, 0))
            new = (old[0] + count, old[1] + total)
            digest = change_row("sales", digest, month, old, new)
            self._stored[month] = new
            rows.append((month, *new))
        put_rows(tx, trade.sales_month, rows)
        self._added.clear()
        return digest

    def adopt(self, before: Months) -> None:
        """Go on with what an earlier step left."""
        self._stored.update(before._stored)
