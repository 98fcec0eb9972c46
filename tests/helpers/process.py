"""The command line as a real process, with its own witness folder and machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from pos.device.witness import Witness
from pos.shifts.drawer import start_shift
from pos.shop.founding import found_shop
from pos.shop.sample import add_sample_goods

ROOT = Path(__file__).parent.parent.parent


class Answer(NamedTuple):
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The last line of stdout as JSON."""
        return json.loads(self.out.strip().splitlines()[-1])

    @property
    def lines(self) -> list[Any]:
        """Every line of stdout as JSON."""
        return [json.loads(line) for line in self.out.strip().splitlines()]


class Machine:
    """A machine that has a counter: its name, its witness folder, its data folder."""

    def __init__(self, place: Path, name: str = "one") -> None:
        """`place` holds everything of this machine."""
        self.data = place / "data"
        self.state = place / "state"
        self.name = name

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of its processes."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HUYULA_STATE": str(self.state),
            "HUYULA_MACHINE": self.name,
            "QT_QPA_PLATFORM": "offscreen",
            **more,
        }

    def command(self, *words: str, json_out: bool = True) -> list[str]:
        """The words of a command."""
        options = ["--data", str(self.data)] + (["--json"] if json_out else [])
        return [sys.executable, "-m", "pos.cli.main", *options, *words]

    def run(self, *words: str, stdin: str = "", json_out: bool = True, **env: str) -> Answer:
        """Run a command to its end; a traceback fails the test at once."""
        done = subprocess.run(
            self.command(*words, json_out=json_out),
            input=stdin,
            capture_output=True,
            text=True,
            env=self.environment(**env),
            cwd=ROOT,
            timeout=120,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Answer(done.returncode, done.stdout, done.stderr)

    def found(self) -> None:
        """A shop with sample goods and an open shift, made without a process to be quick."""
        before = os.environ.get("HUYULA_MACHINE")
        os.environ["HUYULA_MACHINE"] = self.name
        try:
            witness = Witness(self.state)
            with found_shop(self.data, "Warung Uji", "Sri", witness=witness) as counter:
                add_sample_goods(counter)
                start_shift(counter, 100_000)
        finally:
            if before is None:
                del os.environ["HUYULA_MACHINE"]
            else:
                os.environ["HUYULA_MACHINE"] = before

    def sell(self, count: int = 1) -> Answer:
        """So many sales of one product each."""
        return self.run("sell", stdin=sale_line() * count)


def sale_line(code: str = "B002", qty: str = "1", amount: int = 1_000_000, ref: str = "") -> str:
    """One sale as a line for `sell`."""
    sale = {
        "lines": [{"code": code, "qty": qty}],
        "tenders": [{"kind": "cash", "amount": amount}],
        "ref": ref,
    }
    return json.dumps(sale) + "\n"
