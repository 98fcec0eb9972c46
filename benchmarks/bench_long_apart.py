"""How long the counter's writer is held when it comes back after fifty days without a network: its
own 10,000 sales wait, and what others sold of the same goods comes under them.

What is measured is each transaction on the counter's file. Its cashier waits for the longest.
"""

from __future__ import annotations

from benchmarks.big_shop import sell_many
from benchmarks.figure import Figure, at_most
from benchmarks.watched import held_in_a_round, level, two_counters
from core.sync.limits import APPLY_MS
from pos.sync.memory import waiting_count

PRODUCTS, SALES, QUICK_SALES, THEIRS = 200, 10_000, 2_000, 500


def measure(sales: int = SALES) -> list[Figure]:
    """The longest hold."""
    with two_counters(PRODUCTS) as (server, first, second):
        sell_many(second, sales)
        sell_many(first, THEIRS)
        level(server, first)
        assert waiting_count(second.db) > sales
        held_ms = held_in_a_round(second, server)
        assert not waiting_count(second.db)
    name = f"the counter's writer held while {THEIRS} sales come under {sales:,} that wait, longest"
    return [at_most(name, held_ms, APPLY_MS)]


if __name__ == "__main__":
    for figure in measure():
        print(figure)
