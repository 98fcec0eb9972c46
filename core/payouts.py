"""What a provider paid out, against what it should have had: its fee, or what is missing. Pure."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

MOST_FEE_PERCENT: Final = 10
"""Indonesian providers keep between 0.7 % (QRIS) and 3 %, or some thousands of a transfer: more
than this is sooner a slip of the fingers, and is asked about once more."""

Doubt = Literal["", "short", "beyond", "fee"]


class Split(NamedTuple):
    """What a payout takes beside what arrived (rupiah): the `fee` that was kept, and how much is
    missing at the provider for all of it (`short`). `doubt`: why a person must say that it is
    right: short, beyond (more than the days' payments that it is of), fee (too much for one)."""

    fee: int
    short: int
    doubt: Doubt = ""


def split(arrived: int, there: int, of_days: int | None = None, fee: int = 0) -> Split:
    """The fee of a payout, and what is missing for it.

    `there`: what the books have at the provider. `of_days`: what is of the days' payments that were
    paid out, where somebody says which; then what did not arrive of it is the fee. Otherwise `fee`.
    """
    if of_days is not None:
        fee = max(0, of_days - arrived)
    short = max(0, arrived + fee - max(0, there))
    if short:
        return Split(fee, short, "short")
    if of_days is not None and arrived > of_days:
        return Split(fee, 0, "beyond")
    is_odd = of_days is not None and fee * 100 > of_days * MOST_FEE_PERCENT
    return Split(fee, 0, "fee" if is_odd else "")
