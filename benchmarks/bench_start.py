"""Exec to first paint, and to the first accepted scan, against a bare PySide6 window."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.big_shop import barcode, big_shop
from benchmarks.figure import Figure, at_most, quantile, times
from pos.shifts.drawer import start_shift

RUNS = 7
LONGEST_S = 30

BARE = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
class W(QWidget):
    def paintEvent(self, event):
        print("painted", flush=True); QApplication.quit()
app = QApplication(sys.argv); w = W(); w.resize(1024, 768); w.show(); app.exec()
"""

OURS = """
import sys
from pos.cli.main import main
def told(what, program):
    print(what, flush=True)
    if what == "painted": scan(program)
    else: look(program)
def scan(program):
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtCore import Qt
    for char in sys.argv[2] + "\\r":
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = Qt.Key.Key_Return if char == "\\r" else Qt.Key(ord(char))
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, char)
            QCoreApplication.postEvent(program.window, event)
def look(program):
    from PySide6.QtCore import QTimer
    if program.window.desk.till.cart.lines:
        print("scanned", flush=True)
        program.app.quit()
    else: QTimer.singleShot(1, lambda: look(program))
from pos import app
run = app.run
app.run = lambda folder: run(folder, told=told)
sys.exit(main(["--data", sys.argv[1]]))
"""

MEMORY = """
import sys
from pathlib import Path
from benchmarks.day import resident_after_day
print(resident_after_day(Path(sys.argv[1])), flush=True)
"""


def measure() -> list[Figure]:
    """Medians of several fresh processes each."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "shop"
        counter = big_shop(folder, 100_000)
        start_shift(counter, 0)
        counter.close()
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "HUYULA_STATE": str(folder / "state"),
            "PYTHONPATH": str(Path(__file__).parent.parent),
            # An installed program has its bytecode; so has the bare window.
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for program in (BARE, OURS):
            _times(program, [str(folder), barcode(77)], environment)
        bare: list[float] = []
        painted: list[float] = []
        scanned: list[float] = []
        for _ in range(RUNS):
            bare.append(_times(BARE, [], environment)["painted"])
            found = _times(OURS, [str(folder), barcode(77)], environment)
            painted.append(found["painted"])
            scanned.append(found["scanned"])
        middle = quantile(bare, 0.5)
        resident = float(_output(MEMORY, [str(folder)], environment))
        return [
            times("exec to first paint", quantile(painted, 0.5), middle, 1.4),
            times("exec to first accepted scan", quantile(scanned, 0.5), middle, 3.5),
            at_most("resident memory after a day of 1,000 sales", resident, 150, "MB"),
        ]


def _times(program: str, arguments: list[str], environment: dict[str, str]) -> dict[str, float]:
    began = time.perf_counter()
    found: dict[str, float] = {}
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as process:
        assert process.stdout is not None
        end = threading.Timer(LONGEST_S, process.kill)
        end.start()
        for line in process.stdout:
            found.setdefault(line.strip(), (time.perf_counter() - began) * 1000)
        end.cancel()
    return found


def _output(program: str, arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        env=environment,
        text=True,
        check=True,
    )
    return done.stdout.strip().splitlines()[-1]
