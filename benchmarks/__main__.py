"""Every figure that is claimed, ours beside its reference: `make bench`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import mkdtemp

from benchmarks.figure import Figure, at_most

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """Measure, print a table, write results.json; 1 where a bar does not hold."""
    import os

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("HUYULA_STATE", mkdtemp(prefix="huyula-bench-"))
    figures = [*_all()]
    RESULTS.write_text(json.dumps([one.as_dict() for one in figures], indent=1) + "\n")
    for one in figures:
        reference = "" if one.reference is None else f"{one.reference:>10.3f} {one.ratio:>6.2f}x"
        mark = "holds" if one.holds else "DOES NOT HOLD"
        print(f"{one.figure:<72} {one.ours:>10.3f} {reference:>18}  {one.bar:<14} {mark}")
    return 0 if all(one.holds for one in figures) else 1


def _all() -> list[Figure]:
    from benchmarks import (
        bench_checkout,
        bench_import,
        bench_report,
        bench_search,
        bench_start,
        bench_window,
    )

    figures = [*bench_checkout.measure(), *bench_report.measure(), *bench_start.measure()]
    figures += bench_window.measure(100_000)
    if "--quick" not in sys.argv:
        figures += bench_window.measure(1_000_000)
    figures += bench_import.measure()
    slips = bench_search.measure(100_000)
    share = float(slips["found"])
    figures.append(
        at_most("slips in two-word names not among the first five", 100 - share, 20, "%")
    )
    return figures


if __name__ == "__main__":
    sys.exit(main())
