"""Paying, without a window: tenders one after the other until nothing is due."""

from __future__ import annotations

from core.errors import Refused
from core.money import round_cash
from core.tender import TenderKind, suggest_cash
from pos.selling.sales import SaleDone, Tendered
from pos.selling.till import Till

NEEDS_CUSTOMER = (TenderKind.CREDIT, TenderKind.BALANCE)


class QrisLimit(Refused):
    """QRIS takes at most ten million rupiah a payment (PADG 24/1/PADG/2022, article 8)."""

    code = "qris_limit"


class Payment:
    """One payment in progress for the till's cart. Nothing is written before `finish`."""

    def __init__(self, till: Till) -> None:
        """Begin with nothing paid."""
        self.till = till
        self.tenders: list[Tendered] = []

    @property
    def total(self) -> int:
        """What the cart costs, before cash rounding."""
        return self.till.priced.total

    @property
    def due(self) -> int:
        """What is still to be paid, before cash rounding."""
        return self.total - sum(tender.amount for tender in self.tenders)

    @property
    def cash_due(self) -> int:
        """What is still to be paid if it is paid in cash: rounded as the shop has set."""
        settings = self.till.counter.settings
        return max(0, round_cash(max(self.due, 0), settings.cash_step, settings.cash_mode))

    def suggestions(self) -> list[int]:
        """Notes that a buyer may give for what is due, exact first."""
        return suggest_cash(self.cash_due) if self.cash_due > 0 else []

    def add(
        self, kind: TenderKind, amount: int | None = None, reference: str = "", confirmed: str = ""
    ) -> None:
        """Add a tender; without an amount it is all that is due.

        Raises:
            QrisLimit: more than QRIS carries.
        """
        value = amount
        if value is None:
            value = self.cash_due if kind == TenderKind.CASH else self.due
        if kind == TenderKind.QRIS and value > 10_000_000:
            raise QrisLimit(amount=value)
        if value > 0:
            self.tenders.append(Tendered(kind, value, reference, confirmed))

    def take_back(self) -> None:
        """Remove the last tender."""
        if self.tenders:
            self.tenders.pop()

    @property
    def covered(self) -> bool:
        """Whether enough is paid; a rest that cash rounding forgives counts as paid."""
        if self.due <= 0:
            return True
        has_cash = any(tender.kind == TenderKind.CASH for tender in self.tenders)
        cash = sum(t.amount for t in self.tenders if t.kind == TenderKind.CASH)
        settings = self.till.counter.settings
        cash_part = self.due + cash
        return has_cash and cash >= round_cash(cash_part, settings.cash_step, settings.cash_mode)

    def finish(self) -> SaleDone:
        """Complete the sale with the tenders so far.

        Raises:
            Refused: not enough is paid, or a limit is passed; the tenders stay.
        """
        return self.till.pay(self.tenders)
