"""Which money stands behind goods once some of them were exchanged.

An exchange moves the worth of what came back over to what goes out instead: it is neither paid
out nor does it stay with the old receipt. Money that is forgotten here would be given back twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.refund import refund_tenders


def move_money(
    left: Mapping[str, int], paid_out: Sequence[tuple[str, int]], moved: int
) -> tuple[dict[str, int], dict[str, int]]:
    """What is left of a receipt's money by tender, and what of it moved to other goods.

    All in rupiah: `left` before, `paid_out` positive, `moved` the worth that went over to new
    goods. What moved is taken as a refund would take it, debts first; so goods taken for goods
    on kasbon stay on kasbon.
    """
    after = dict(left)
    for kind, amount in paid_out:
        after[kind] = after.get(kind, 0) - amount
    moves = dict(refund_tenders([(kind, part) for kind, part in after.items() if part > 0], moved))
    for kind, part in moves.items():
        after[kind] = after.get(kind, 0) - part
    return after, moves
