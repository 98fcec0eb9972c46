"""Many runs over all cores, each in a process that takes the next seed; and their report."""

from __future__ import annotations

import json
import logging
import time
from argparse import Namespace
from collections import Counter as Tally
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from tests.simulation.swarm import Mode, mix
from tests.simulation.world import run

CHUNK = 10


class Report(NamedTuple):
    """What many runs came to."""

    seeds: int
    seconds: float
    counts: dict[str, int]
    failures: list[tuple[int, str]]


def one(seed: int, mode: Mode | None, only: str) -> int:
    """One run, told as a table."""
    logging.disable(logging.CRITICAL)
    began = time.perf_counter()
    found = run(seed, mode, only)
    print(found.story.table())
    swarm = found.swarm
    print(f"\nseed {seed}: {swarm.mode}, {swarm.shops} shops, {swarm.tills} tills,"
          f" {swarm.steps} steps, {time.perf_counter() - began:.2f} s")  # fmt: skip
    print(f"faults: {', '.join([*swarm.network, *swarm.events]) or 'none'}")
    print(f"trace: {found.story.trace}")
    print(found.broken or "everything holds")
    return 1 if found.broken else 0


def _some(
    seeds: Iterable[int], mode: Mode | None, only: str, mixes: bool
) -> tuple[Tally[str], list[tuple[int, str]]]:
    logging.disable(logging.CRITICAL)
    counts: Tally[str] = Tally()
    failures: list[tuple[int, str]] = []
    for seed in seeds:
        found = run(seed, mode, mix(seed) if mixes else only)
        counts.update(found.story.counts)
        counts[f"mode {found.swarm.mode}"] += 1
        if found.broken:
            failures.append((seed, found.broken))
    return counts, failures


def runs(
    first: int,
    seeds: int,
    workers: int,
    mode: Mode | None = None,
    only: str = "",
    mixes: bool = False,
) -> Report:
    """Make runs from `first` on; `mixes`: of faults that are forced together."""
    began = time.perf_counter()
    parts = [
        range(start, min(start + CHUNK, first + seeds))
        for start in range(first, first + seeds, CHUNK)
    ]
    counts: Tally[str] = Tally()
    failures: list[tuple[int, str]] = []
    work = partial(_some, mode=mode, only=only, mixes=mixes)
    if workers == 1:
        results: Iterable[Any] = map(work, parts)
        for some, broken in results:
            counts.update(some)
            failures += broken
    else:
        with ProcessPoolExecutor(workers) as pool:
            for some, broken in pool.map(work, parts):
                counts.update(some)
                failures += broken
    return Report(seeds, time.perf_counter() - began, dict(sorted(counts.items())), failures)


def many(given: Namespace) -> int:
    """Make runs and print their report."""
    report = runs(given.first, given.seeds, given.workers, given.mode, given.only, given.mixes)
    if given.json:
        print(json.dumps(report._asdict()))
    else:
        for name, number in report.counts.items():
            print(f"{number:10,}  {name}")
        for seed, broken in report.failures:
            print(f"seed {seed}: {broken.splitlines()[0][:300]}")
            print("".join(f"    {line}\n" for line in broken.splitlines()[-5:-1][:4]), end="")
        print(
            f"{report.seeds} seeds in {report.seconds:.1f} s, {len(report.failures)} failed;"
            f" repeat one with: python -m tests.simulation{' --mixes' * given.mixes} --seed N"
        )
    return 1 if report.failures else 0
