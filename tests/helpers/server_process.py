"""`huyula-server` as a real process."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.helpers.process import ROOT


class Served:
    """A server that runs: its address and its process."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    def stop(self) -> tuple[int, str]:
        """Ask it to stop; returns the exit code and what it logged."""
        self.process.send_signal(signal.SIGTERM)
        _out, logged = self.process.communicate(timeout=60)
        return self.process.returncode, logged


def server_command(address: str, *words: str) -> list[str]:
    """The words of a command."""
    return [sys.executable, "-m", "server.cli.main", "--db", address, "--json", *words]


def environment(**more: str) -> Mapping[str, str]:
    """The environment of the process."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


@contextlib.contextmanager
def serving(
    address: str, *, folder: Path = ROOT, port: str = "0", log: Path | None = None, **more: str
) -> Iterator[Served]:
    """Serve on a free port (or this one) until the block ends. Whoever asks for much gives a file
    for the `log`: a pipe that nobody reads is full after some hundred requests."""
    errors = log.open("wb") if log is not None else subprocess.PIPE
    process = subprocess.Popen(
        server_command(address, "serve", "--port", port),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        env=environment(**more),
        cwd=folder,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield Served(process, json.loads(line)["url"])
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
