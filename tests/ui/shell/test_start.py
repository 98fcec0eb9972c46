"""The start: what is imported when, scans that come too early, and a folder in use."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.gtin import check_digit
from pos.app import Program, raise_running
from pos.cli.main import main
from pos.device.clock import Clock
from pos.device.lock import FolderInUse
from pos.shifts.drawer import start_shift
from pos.staff.pins import set_pin
from pos.ui.shell.frame import StartFrame
from pos.ui.shell.window import MainWindow
from pos.ui.wizard.screen import WizardPage
from tests.helpers.counter import add_goods, make_shop

REPOSITORY = Path(__file__).parents[3]
FIRST = "899000000001" + check_digit("899000000001")
SECOND = "899000000002" + check_digit("899000000002")
LATE = ("alembic", "reportlab", "escpos", "requests", "PIL", "sqlalchemy", "PySide6.QtNetwork")
Start = Callable[..., Program]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed shop with two goods, its owner without a PIN, its shift open."""
    with make_shop(tmp_path, Clock()) as counter:
        add_goods(counter, "Kopi", barcode=FIRST)
        add_goods(counter, "Gula", barcode=SECOND)
        start_shift(counter, 0)
        return counter.folder


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot) -> Iterator[Start]:
    """Start the program and wait until it has opened something or failed."""
    made: list[Program] = []

    def begin(folder: Path, scans: tuple[str, ...] = ()) -> Program:
        def told(what: str, program: Program) -> None:
            heard.append(what)
            if what == "painted":
                for scan in scans:
                    type_scan(program, scan)

        heard: list[str] = []
        program = Program(qapp, folder, "light", told)
        made.append(program)
        program.start()
        assert isinstance(program.window, StartFrame)
        qtbot.waitUntil(
            lambda: program.failure is not None or not isinstance(program.window, StartFrame)
        )
        assert heard[0] == "painted"
        return program

    yield begin
    for program in made:
        if program.window is not None:
            qapp.removeEventFilter(program.window)
            program.window.close()
        program.close()


def type_scan(program: Program, code: str) -> None:
    """Keys as a scanner sends them, left in the queue of a window that is busy opening."""
    for char in f"{code}\r":
        key = Qt.Key.Key_Return if char == "\r" else Qt.Key(ord(char))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, char)
            assert program.window is not None
            QCoreApplication.postEvent(program.window, event)


def cart_names(program: Program) -> list[str]:
    """The names in the cart, in order."""
    assert isinstance(program.window, MainWindow)
    return [line.goods.name for line in program.window.desk.till.cart.lines]


def test_before_the_first_paint_nothing_heavy_is_imported() -> None:
    program = (
        "import sys, pos.cli.main, pos.app\n"
        f"print([name for name in {LATE!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_an_open_window_has_not_imported_what_only_commands_need(folder: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pos import app\n"
        "told = lambda what, one: one.app.quit() if what == 'ready' else None\n"
        "app.run(Path(sys.argv[1]), told=told)\n"
        "late = ('alembic', 'reportlab', 'escpos', 'requests', 'PIL', 'sqlalchemy')\n"
        "print([name for name in late if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_scans_made_before_the_shop_is_open_become_lines(start: Start, folder: Path) -> None:
    program = start(folder, scans=(FIRST, SECOND))
    assert cart_names(program) == ["Kopi", "Gula"]


def test_early_scans_wait_for_the_pin(start: Start, folder: Path, qtbot: QtBot) -> None:
    from pos.opening import open_counter
    from pos.staff.people import everybody

    with open_counter(folder) as counter:
        owner = everybody(counter.db)[0]
        counter.staff_id = owner.id
        set_pin(counter, owner.id, "2846")
    program = start(folder, scans=(FIRST,))
    assert cart_names(program) == []
    assert isinstance(program.window, MainWindow)
    program.window.desk.counter.staff_id = owner.id
    program.window.sell()
    qtbot.waitUntil(lambda: cart_names(program) == ["Kopi"])


def test_the_first_window_goes_when_the_counter_has_the_keyboard(
    start: Start, folder: Path, qtbot: QtBot
) -> None:
    program = start(folder)
    qtbot.waitUntil(
        lambda: (
            not any(
                isinstance(one, StartFrame) and one.isVisible() for one in program.app.allWidgets()
            )
        )
    )
    assert program.window is not None and program.window.isVisible()


def test_without_a_shop_the_wizard_comes(start: Start, tmp_path: Path) -> None:
    program = start(tmp_path / "baru")
    assert isinstance(program.window, WizardPage)


def test_a_folder_in_use_is_told(start: Start, folder: Path) -> None:
    from pos.opening import open_counter

    with open_counter(folder):
        assert isinstance(start(folder).failure, FolderInUse)


def test_the_command_says_so_in_one_sentence(
    folder: Path, qapp: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    from pos.opening import open_counter

    with open_counter(folder):
        assert main(["--data", str(folder)]) == 3
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert gc.isenabled()


def test_a_second_start_finds_the_running_window(start: Start, folder: Path, qtbot: QtBot) -> None:
    program = start(folder)
    qtbot.waitUntil(lambda: raise_running(folder))
    assert program.failure is None
    assert not raise_running(folder.parent)
