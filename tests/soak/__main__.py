"""`python -m tests.soak --seconds 600`: a run with its report, and its story if something broke."""

from __future__ import annotations

import argparse
import random
import signal
import sys
from pathlib import Path

from tests.soak.run import run


def main() -> int:
    """Make the run that was asked for; 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, help="where all chance comes from")
    parser.add_argument("--seconds", type=float, default=600.0, help="how long the faults last")
    parser.add_argument("--story", action="store_true", help="tell it also where all held")
    parser.add_argument("--keep", type=Path, help="a folder for all files where something broke")
    given = parser.parse_args()
    seed = random.SystemRandom().getrandbits(32) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    # Whoever ends a run must not leave a database and a server behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    report = run(seed, given.seconds, given.keep)
    if given.story and not report.broken:
        print(report.story)
    print(report.told())
    return 1 if report.broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
