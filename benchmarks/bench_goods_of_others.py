"""How long the counter's writer is held while another counter's import of many goods comes, and
while that is taken back.

A shop that has many goods already; what is measured is each transaction on the second counter's
file. Its cashier waits for the longest of them.
"""

from __future__ import annotations

from typing import Final

from benchmarks.big_shop import import_goods
from benchmarks.figure import Figure, at_most
from benchmarks.watched import held_in_a_round, level, two_counters
from core.sync.limits import APPLY_MS
from pos.catalog.importing import take_back

PRODUCTS, IMPORTED, QUICK_IMPORTED = 20_000, 5_000, 500
_SHOWN: Final = "SELECT count(*) FROM product WHERE active=1"


def measure(imported: int = IMPORTED) -> list[Figure]:
    """The longest hold of both."""
    with two_counters(PRODUCTS) as (server, first, second):
        import_id = import_goods(first, imported, PRODUCTS)
        level(server, first)
        come_ms = held_in_a_round(second, server)
        assert second.db.scalar(_SHOWN) == PRODUCTS + imported
        take_back(first, import_id)
        level(server, first)
        gone_ms = held_in_a_round(second, server)
        assert second.db.scalar(_SHOWN) == PRODUCTS
    name = f"the counter's writer held while another's import of {imported:,} goods"
    return [
        at_most(f"{name} comes, longest", come_ms, APPLY_MS),
        at_most(f"{name} is taken back, longest", gone_ms, APPLY_MS),
    ]


if __name__ == "__main__":
    for figure in measure():
        print(figure)
