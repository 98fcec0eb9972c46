"""A real display for tests: an X server with a window manager, and hands that press its keys."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

TOOLS = ("Xvfb", "openbox", "xdotool")
PATIENCE_S = 30.0
PROGRAM = """
import sys
from pathlib import Path
from pos.app import run
def told(what, program):
    print(what, flush=True)
    if what == "ready":
        pages = program.window.pages
        def note(*_):
            Path(sys.argv[2]).write_text(pages.currentWidget().objectName())
        pages.currentChanged.connect(note)
        note()
run(Path(sys.argv[1]), told=told)
"""
"""The counter in the folder of the first word; the page shown is written to the second's file."""


class Display:
    """Where programs are shown; `environment` leads them there."""

    def __init__(self, number: str, manager: subprocess.Popen[bytes]) -> None:
        """Of a server that runs already."""
        self.name = f":{number}"
        self.environment = {**os.environ, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}
        self._manager = manager

    def ask(self, *words: str) -> str:
        """What xdotool answers, "" where it has no answer."""
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True
        )
        return done.stdout.strip()

    def press(self, *keys: str) -> None:
        """Press and release keys by their X names, one right after the other.

        All go to the server in one piece, so that their times are those of a keyboard and not
        those of a busy test. xdotool waits between them, and a busy machine makes that longer.
        """
        x11, xtst = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XStringToKeysym.restype = ctypes.c_ulong
        place = ctypes.c_void_p(x11.XOpenDisplay(self.name.encode()))
        assert place, f"nobody answers at {self.name}"
        for key in keys:
            sign = ctypes.c_ulong(x11.XStringToKeysym(key.encode()))
            code = x11.XKeysymToKeycode(place, sign)
            assert code, f"this keyboard has no {key}"
            for down in (1, 0):
                xtst.XTestFakeKeyEvent(place, code, down, ctypes.c_ulong(0))
        x11.XSync(place, 0)
        x11.XCloseDisplay(place)

    def scan(self, code: str) -> None:
        """Scan as a wedge scanner does."""
        self.press(*code, "Return")

    @contextmanager
    def slow_manager(self) -> Iterator[None]:
        """The window manager does nothing meanwhile, as on a machine that is too busy."""
        self._manager.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._manager.send_signal(signal.SIGCONT)


def until(what: Callable[[], object], why: str) -> None:
    """Wait for something of another process; `why` says what did not come."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        if time.monotonic() > end:
            pytest.fail(why)
        time.sleep(0.02)  # nothing of another process can be awaited


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and take its rest away."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


@contextmanager
def displayed(size: str = "1024x768") -> Iterator[Display]:
    """An X server with a window manager."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}")
    readable, writable = os.pipe()
    # Without -noreset the server would begin anew whenever its last client leaves.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writable), "-screen", "0", f"{size}x24", "-nolisten", "tcp",
         "-noreset"],
        pass_fds=(writable,),
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writable)
    with os.fdopen(readable) as said:
        number = said.readline().strip()
    environment = {**os.environ, "DISPLAY": f":{number}"}
    manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield Display(number, manager)
    finally:
        end(manager)
        end(server)


@pytest.fixture
def display() -> Iterator[Display]:
    """A display of the smallest usual size."""
    with displayed() as made:
        yield made
