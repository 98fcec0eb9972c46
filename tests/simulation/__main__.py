"""`python -m tests.simulation --seed N` repeats one run; `--seeds N` makes many and reports."""

from __future__ import annotations

import argparse
import os
import sys


def main() -> int:
    """Make the runs that were asked for; 1 where something did not hold."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The order of sets is part of a run: a seed must mean the same everywhere.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]])
    from tests.simulation import runner
    from tests.simulation.swarm import mix

    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="this run alone, with its story")
    parser.add_argument("--seeds", type=int, default=100, help="how many runs")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--mode", choices=("quiet", "shops", "faults", "endless"))
    parser.add_argument("--only", default="", help="the one fault that exists")
    parser.add_argument("--mixes", action="store_true", help="faults that are forced together")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true", help="the report as one object")
    given = parser.parse_args()
    if given.seed is not None:
        only = mix(given.seed) if given.mixes else given.only
        return runner.one(given.seed, given.mode, only)
    return runner.many(given)


if __name__ == "__main__":
    raise SystemExit(main())
