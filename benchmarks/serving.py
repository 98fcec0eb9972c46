"""A server as a process of its own, for benchmarks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec


@contextmanager
def serving(address: str, *, workers: int = 1) -> Iterator[int]:
    """Serve a database at a free port, which the block is given."""
    with serving_process(address, workers=workers) as (port, _):
        yield port


@contextmanager
def serving_process(address: str, *, workers: int = 1) -> Iterator[tuple[int, int]]:
    """The same; the block is given the port and the id of the first of the processes."""
    command = [sys.executable, "-m", "server.cli.main", "--json", "serve", "--port", "0"]
    environment = {**os.environ, "HUYULA_DB": address, "HUYULA_WORKERS": str(workers)}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        yield int(msgspec.json.decode(process.stdout.readline())["port"]), process.pid
    finally:
        process.terminate()
        process.wait(60)
