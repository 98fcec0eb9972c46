"""Requests of a device are counted once for all processes of a machine."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from server.sync.http.buckets import Buckets, make_file

ONE, OTHER = b"1" * 16, b"2" * 16


def _take(file: Path, count: int) -> int:
    buckets = Buckets(10, 60, file)
    try:
        return sum(buckets.take(ONE, 1_000) for _ in range(count))
    finally:
        buckets.close()


def test_a_burst_then_so_many_a_second() -> None:
    buckets = Buckets(10, 60)
    assert [buckets.take(ONE, 0) for _ in range(61)] == [True] * 60 + [False]
    assert buckets.take(OTHER, 0)
    assert [buckets.take(ONE, 1_000) for _ in range(11)] == [True] * 10 + [False]
    assert sum(buckets.take(ONE, 3_600_000) for _ in range(100)) == 60


def test_a_clock_that_goes_back_gives_nothing() -> None:
    buckets = Buckets(10, 60)
    for _ in range(60):
        buckets.take(ONE, 5_000)
    assert not buckets.take(ONE, 1_000)


def test_processes_that_share_a_file_share_the_buckets(tmp_path: Path) -> None:
    file = tmp_path / "buckets"
    make_file(file)
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        taken = pool.starmap(_take, [(file, 40)] * 3)
    assert sum(taken) == 60
    assert _take(file, 1) == 0
