"""The real window on a real display: a wedge scanner's keys become a sale in the database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos.opening import database_file
from pos.shifts.drawer import start_shift
from pos.shop.founding import found_shop
from tests.helpers.counter import add_goods

pytestmark = pytest.mark.display
TOOLS = ("Xvfb", "openbox", "xdotool")
PATIENCE_S = 30.0
AGAIN_S = 6.0
# Digits that repeat: X11 marks the second of two equal ones as a repeated key.
MI = "2900000000087"
SABUN = "8991102220004"
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from pathlib import Path
from pos.app import run
def told(what, program):
    print(what, flush=True)
    if what == "ready":
        pages = program.window.pages
        where = Path(sys.argv[2])
        pages.currentChanged.connect(lambda _: where.write_text(pages.currentWidget().objectName()))
run(Path(sys.argv[1]), told=told)
"""


def _until(what: Callable[[], object], why: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not what():
        if time.monotonic() > end:
            pytest.fail(why)
        time.sleep(0.1)  # nothing of another process can be awaited


def _press_until(
    environment: dict[str, str], key: str, what: Callable[[], object], why: str
) -> None:
    """Press a key as a person does: again when nothing has come of it after some seconds.

    A key that had to be pressed again was lost: the run says so in its summary.
    """
    pressed = 0.0

    def tried() -> bool:
        nonlocal pressed
        if what():
            return True
        if time.monotonic() - pressed > AGAIN_S:
            if pressed:
                warnings.warn(f"{key} was lost once: {why}", stacklevel=2)
            pressed = time.monotonic()
            _xdotool(environment, "key", key)
        return False

    _until(tried, why)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


@pytest.fixture
def display() -> Iterator[dict[str, str]]:
    """An X server with a window manager; the environment that leads to it."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}")
    readable, writable = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writable), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
        pass_fds=(writable,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writable)
    with os.fdopen(readable) as said:
        number = said.readline().strip()
    environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
    yield environment
    _end(manager)
    _end(server)


def _xdotool(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(["xdotool", *words], env=environment, capture_output=True, text=True)
    return done.stdout.strip()


def _rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(f"file:{database_file(folder).as_posix()}?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop with sample goods and an open shift; its owner has no PIN."""
    counter = found_shop(tmp_path / "shop", "Warung Uji", "Ibu Sri")
    add_goods(counter, "Mi goreng", 3_500, barcode=MI)
    add_goods(counter, "Sabun mandi", 4_800, barcode=SABUN)
    start_shift(counter, 100_000)
    counter.close()
    return tmp_path / "shop"


def test_two_scans_f9_and_enter_are_a_sale(display: dict[str, str], folder: Path) -> None:
    page = folder / "page.txt"
    window = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), str(page)], env=display, cwd=ROOT,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        search = ("search", "--onlyvisible", "--name", "^Huyula$")
        _until(lambda: _xdotool(display, *search), "no window came")
        assert window.stdout is not None
        assert window.stdout.readline() == b"painted\n"
        assert window.stdout.readline() == b"ready\n"
        _until(lambda: _xdotool(display, "getactivewindow"), "no window has the keyboard")
        for code in (MI, SABUN):
            _xdotool(display, "type", "--delay", "2", code)
            _xdotool(display, "key", "Return")
        _until(
            lambda: _rows(
                folder, "SELECT 1 FROM open_cart WHERE instr(CAST(cart AS TEXT), 'Sabun') > 0"
            ),
            "the scans did not reach the cart",
        )
        # Enter before the page is there would be a cashier's who cannot see what is due.
        _press_until(
            display, "F9", lambda: page.exists() and page.read_text() == "payment", "no payment"
        )
        _press_until(display, "Return", lambda: _rows(folder, "SELECT 1 FROM sale"), "no sale")
    finally:
        _end(window)
    assert _rows(folder, "SELECT total, change FROM sale") == [(3_500 + 4_800, 0)]
    lines = _rows(folder, "SELECT name, qty FROM sale_line ORDER BY line_no")
    assert lines == [("Mi goreng", 1000), ("Sabun mandi", 1000)]
