"""Work beside the window: its answer, its fault, its progress, and its end."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from pos.importing.errors import ImportCancelled
from pos.ui.catalog.job import Cancelled, Job, Progress, Work


def _ended(work: Work, qtbot: QtBot, owner: QObject) -> tuple[list[object], list[object], Job]:
    done: list[object] = []
    failed: list[object] = []
    job = Job(work, owner)
    job.done.connect(done.append)
    job.failed.connect(failed.append)
    job.start()
    qtbot.waitUntil(lambda: bool(done or failed))
    job.wait()
    return done, failed, job


def test_the_answer_comes_back_from_another_thread(qtbot: QtBot) -> None:
    done, failed, _job = _ended(
        lambda _p, _c: threading.current_thread() is threading.main_thread(), qtbot, QObject()
    )
    assert done == [False] and failed == []


def test_a_fault_comes_back_as_it_is_and_the_collector_works_again(qtbot: QtBot) -> None:
    fault = ImportCancelled(file="a.xlsx")

    def work(_progress: Progress, _cancelled: Cancelled) -> None:
        assert not gc.isenabled()
        raise fault

    done, failed, _job = _ended(work, qtbot, QObject())
    assert done == [] and failed == [fault]
    assert gc.isenabled()


def test_progress_arrives_in_order(qtbot: QtBot) -> None:
    heard: list[tuple[int, int]] = []
    owner = QObject()

    def work(progress: Progress, _cancelled: Cancelled) -> None:
        for number in range(1, 4):
            progress(number, 3)

    job = Job(work, owner)
    job.progress.connect(lambda done, total: heard.append((done, total)))
    with qtbot.waitSignal(job.done):
        job.start()
    job.wait()
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_stopping_waits_until_the_work_has_ended() -> None:
    ended = threading.Event()
    begun = threading.Event()

    def work(_progress: Progress, cancelled: Cancelled) -> None:
        begun.set()
        while not cancelled():
            threading.Event().wait(0.001)
        ended.set()

    owner = QObject()
    job = Job(work, owner)
    job.start()
    assert begun.wait(5)
    job.stop()
    assert ended.is_set() and job.isFinished()
