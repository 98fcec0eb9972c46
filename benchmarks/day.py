"""A day of 1,000 sales in the real window, for its memory."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.big_shop import barcode
from core.tender import TenderKind
from pos.app import Program, application
from pos.selling.sales import Tendered
from pos.ui.shell.window import MainWindow

SALES = 1_000


def resident_after_day(folder: Path) -> float:
    """Ring up a day of sales by scans; returns the process's resident MB."""
    app = application("light")
    program = Program(app, folder)
    program.open()
    window = program.window
    assert isinstance(window, MainWindow)
    chance = random.Random(11)
    for _ in range(SALES):
        for _ in range(chance.randrange(1, 8)):
            window.on_scan(barcode(chance.randrange(100_000)))
            app.processEvents()
        window.desk.till.pay([Tendered(TenderKind.CASH, window.desk.till.priced.total)])
        app.processEvents()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
