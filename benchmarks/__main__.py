"""Every figure that is claimed, ours beside its reference: `make bench`; `--quick` in part."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

from benchmarks.figure import Figure, at_most

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """Measure, print a table, write results.json; 1 where a bar does not hold."""
    import os

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("HUYULA_STATE", mkdtemp(prefix="huyula-bench-"))
    figures: list[Figure] = []
    for group in _groups("--quick" in sys.argv):
        for one in group():
            figures.append(one)
            print(_line(one), flush=True)
        RESULTS.write_text(json.dumps([one.as_dict() for one in figures], indent=1) + "\n")
    return 0 if all(one.holds for one in figures) else 1


def _line(one: Figure) -> str:
    reference = "" if one.reference is None else f"{one.reference:>10.3f} {one.ratio:>6.2f}x"
    mark = "holds" if one.holds else "DOES NOT HOLD"
    return f"{one.figure:<72} {one.ours:>10.3f} {reference:>18}  {one.bar:<14} {mark}"


def _groups(quick: bool) -> Iterator[Callable[[], list[Figure]]]:
    from benchmarks import (
        bench_back,
        bench_bulk,
        bench_checkout,
        bench_gerai,
        bench_goods_of_others,
        bench_import,
        bench_ingest,
        bench_ledger,
        bench_lighthouse,
        bench_long_apart,
        bench_news,
        bench_orders,
        bench_oscar,
        bench_owner_day,
        bench_pouchdb,
        bench_pull,
        bench_report,
        bench_ring,
        bench_rush,
        bench_search,
        bench_shops,
        bench_snapshot,
        bench_start,
        bench_waiting,
        bench_window,
    )

    yield bench_checkout.measure
    yield bench_bulk.measure
    yield bench_ingest.measure
    yield bench_snapshot.measure
    yield bench_start.measure
    yield bench_report.measure
    yield lambda: bench_window.measure(100_000)
    yield bench_import.measure
    yield lambda: _slips(bench_search.measure(100_000))
    if quick:
        yield lambda: bench_ledger.measure(bench_ledger.QUICK_SECONDS)
        yield lambda: bench_gerai.measure(bench_gerai.QUICK_SHOPS, bench_gerai.QUICK_SECONDS)
        yield lambda: bench_oscar.measure(bench_oscar.QUICK_SECONDS)
        yield lambda: bench_news.measure(bench_news.QUICK_CHANGES, bench_news.QUICK_EACH)
        yield lambda: bench_rush.measure(bench_rush.QUICK_REGISTERS)
        yield lambda: bench_waiting.measure(bench_waiting.QUICK_FEW, bench_waiting.QUICK_MANY)
        yield lambda: bench_orders.measure(bench_orders.QUICK_SECONDS)
        yield lambda: bench_ring.measure(bench_ring.QUICK_ORDERS)
        yield lambda: bench_pull.measure(bench_pull.QUICK_ENTRIES)
        yield lambda: bench_back.measure(bench_back.QUICK_SALES, 2_000, 500)
        yield lambda: bench_goods_of_others.measure(bench_goods_of_others.QUICK_IMPORTED)
        yield lambda: bench_long_apart.measure(bench_long_apart.QUICK_SALES)
        yield lambda: bench_shops.measure(bench_shops.QUICK_MANY, bench_shops.QUICK_ROUNDS)
        yield lambda: bench_pouchdb.measure(bench_pouchdb.QUICK_SALES, rounds=1)
    else:
        yield bench_ledger.measure
        yield bench_gerai.measure
        yield bench_oscar.measure
        yield bench_news.measure
        yield bench_rush.measure
        yield bench_waiting.measure
        yield bench_orders.measure
        yield bench_ring.measure
        yield bench_pull.measure
        yield bench_back.measure
        yield bench_goods_of_others.measure
        yield bench_long_apart.measure
        yield bench_shops.measure
        yield bench_pouchdb.measure
        yield bench_owner_day.measure
        yield bench_lighthouse.measure
        yield lambda: bench_window.measure(1_000_000)


def _slips(found: dict[str, object]) -> list[Figure]:
    share = float(str(found["slips_in_first_5"])) * 100
    name = "slips in two-word names, right goods not among the first five"
    return [at_most(name, 100 - share, 20, "%")]


if __name__ == "__main__":
    sys.exit(main())
