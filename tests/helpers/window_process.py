"""The real window as a process; lines tell it what its user does (`tests.helpers.driven`)."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import IO, Any

from pos.shop.sample import sample_barcode
from tests.helpers.process import ROOT, Machine

Seen = dict[str, Any]


class Window:
    """A real window process of a machine's shop."""

    def __init__(self, machine: Machine, dies_at: str = "", errors: IO[str] | None = None) -> None:
        """Start it and wait until it takes scans; `errors` takes its stderr (else: ours)."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.driven", str(machine.data), dies_at],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
            cwd=ROOT, env=machine.environment(),
        )  # fmt: skip
        self.first = self.answer()
        assert self.first is not None, "the window did not open"

    def send(self, *lines: str) -> None:
        """Do things without looking what comes of them."""
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def answer(self) -> Seen | None:
        """What can be seen after the next thing that was sent; None where it has died."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line.endswith("\n") else None

    def do(self, line: str) -> Seen:
        """Do one thing and look."""
        self.send(line)
        seen = self.answer()
        assert seen is not None, f"it died of {line}"
        return seen

    def scan(self, *numbers: int) -> Seen:
        """Scan sample goods by their numbers."""
        for number in numbers:
            seen = self.do(f"scan {sample_barcode(number)}")
        return seen

    def kill(self) -> list[Seen]:
        """SIGKILL; gives what it had still said."""
        self.process.send_signal(signal.SIGKILL)
        rest: list[Seen] = []
        while (seen := self.answer()) is not None:
            rest.append(seen)
        assert self.process.wait() == -signal.SIGKILL
        return rest

    def close(self) -> None:
        """It must not outlive whoever opened it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
