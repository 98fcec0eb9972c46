"""Paying: kinds of tender, notes to suggest, and what is due, rounded and given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations_with_replacement
from typing import ClassVar

from core.errors import Refused
from core.money import MAX_DIGITS, RoundingMode, round_cash

DENOMINATIONS = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)
"""Rupiah notes of 2016 and 2022 and coins in daily use, largest first (Bank Indonesia)."""

MOST_SUGGESTIONS = 6
_NOTES = tuple(value for value in DENOMINATIONS if value >= 1_000)
_USUAL_STEPS = (1_000, 5_000, 10_000, 50_000, 100_000)
_BARCODE_FROM = 10_000_000
_NEVER_CASH_FROM = 10_000_000_000
_SMALLEST_COIN = 50


class TenderKind(StrEnum):
    """How something is paid. Codes, never labels: what is shown is looked up by language."""

    CASH = "cash"
    QRIS = "qris"
    CARD = "card"
    EWALLET = "ewallet"
    TRANSFER = "transfer"
    CREDIT = "credit"
    """Kasbon: the buyer owes it."""
    BALANCE = "balance"
    """A member's account that payroll deducts from."""
    ONLINE = "online"
    """Paid before the goods were handed over: through a provider, or to the shop's own account."""


AT_THE_COUNTER = tuple(kind for kind in TenderKind if kind != TenderKind.ONLINE)
"""What somebody at the counter can choose; what was paid online comes with its order."""


class NotPaid(Refused):
    """The tenders do not cover what is due; `missing` rupiah, always positive."""

    code: ClassVar[str] = "not_paid"


class TooMuch(Refused):
    """Tenders other than cash pass what is due by `over` rupiah: they give no change."""

    code: ClassVar[str] = "non_cash_over_due"


class PaidOutTooMuch(Refused):
    """A refund in cash would pay out `over` rupiah more than is due."""

    code: ClassVar[str] = "refund_over_due"


class BadTender(Refused):
    """An amount that cannot be tendered: nothing, of the wrong sign, or too large (`kind`,
    `amount`)."""

    code: ClassVar[str] = "bad_tender"


@dataclass(frozen=True)
class Settlement:
    """A total and its tenders made even, in rupiah: paid - change == total + rounding.

    `paid` is the sum of all tenders, cash as the buyer handed it over; `change` is the cash
    given less the cash due; `rounding` is what cash rounding added to (positive) or took off
    the total. In a refund `paid` is negative and there is no change.
    """

    paid: int
    change: int
    rounding: int


def suggest_cash(due: int) -> list[int]:
    """Amounts in rupiah a buyer is likely to hand over for `due`: exact first, then upwards.

    The next round amounts and single notes, then what pairs of notes make; at most six,
    ascending. Nothing due, nothing suggested.
    """
    if due <= 0:
        return []
    usual = {_next(due, step) for step in _USUAL_STEPS} | {note for note in _NOTES if note > due}
    pairs = {
        first + second
        for first, second in combinations_with_replacement(_NOTES, 2)
        if max(first, second) < due < first + second
    }
    ranked = [*sorted(usual - {due}), *sorted((pairs | {_next(due, 20_000)}) - usual - {due})]
    if not ranked:
        ranked = [due + max(_NOTES)]
    return sorted([due, *ranked[: MOST_SUGGESTIONS - 1]])


def _next(due: int, step: int) -> int:
    return -(-due // step) * step


def looks_like_barcode(amount: int) -> bool:
    """Whether a cash amount in rupiah is more likely a scan that fell into the amount field.

    Eight digits and more that no coins can make, or a sum that nobody pays in cash (EAN-13
    and UPC-A, also when a leading zero was lost).
    """
    odd = amount % _SMALLEST_COIN != 0
    return amount >= _NEVER_CASH_FROM or (amount >= _BARCODE_FROM and odd)


def unusual_cash(due: int, given: int) -> bool:
    """Whether to ask once: ten times too much in rupiah, unless it is one existing note."""
    return due > 0 and given >= 10 * due and given not in DENOMINATIONS


def settle_tenders(
    total: int,
    tenders: Sequence[tuple[TenderKind, int]],
    *,
    step: int,
    mode: RoundingMode,
) -> Settlement:
    """Make tenders and a total even; all amounts in rupiah.

    Cash rounding touches only what is left for cash after the other tenders, and only if cash
    is tendered (or nothing is and the rest rounds to nothing). A cash amount is what the buyer
    handed over. A refund (total below zero) is paid out: amounts at or below zero that sum to
    the cash-rounded total exactly.

    Raises:
        BadTender: a zero or negative amount in a sale, a positive one in a refund, or one of more
            digits than an amount has anywhere.
        TooMuch: tenders other than cash pass the total.
        NotPaid: not enough.
        PaidOutTooMuch: a refund pays out too much cash.
    """
    sign = -1 if total < 0 else 1
    for kind, amount in tenders:
        if sign * amount < 0 or (amount == 0 and sign > 0) or abs(amount) >= 10**MAX_DIGITS:
            raise BadTender(kind=str(kind), amount=amount)
    cash = [sign * amount for kind, amount in tenders if kind == TenderKind.CASH]
    paid = sum(sign * amount for _, amount in tenders)
    left = abs(total) - (paid - sum(cash))
    if left < 0:
        raise TooMuch(over=-left)
    due = _cash_due(left, bool(cash), not tenders, step, mode)
    change = sum(cash) - due
    if change < 0:
        raise NotPaid(missing=-change)
    if change and sign < 0:
        raise PaidOutTooMuch(over=change)
    return Settlement(paid=sign * paid, change=change, rounding=sign * (due - left))


def _cash_due(left: int, has_cash: bool, untendered: bool, step: int, mode: RoundingMode) -> int:
    rounded = round_cash(left, step, mode)
    return rounded if has_cash or (untendered and rounded == 0) else left
