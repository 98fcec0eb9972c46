"""Reading in a process of its own: the same answer, progress, cancel, and what kills it."""

from __future__ import annotations

import multiprocessing
import threading
import time
from pathlib import Path

import pytest

from core.errors import Refused
from pos.importing import process
from pos.importing.errors import FileTooLarge, FileUnreadable, ImportCancelled
from pos.importing.process import read_in_process
from pos.importing.reading import read_table
from tests.unit.importing import files


def test_the_same_table_comes_back_in_blocks(tmp_path: Path) -> None:
    rows = [("Nama", "Harga"), *((f"Barang {n}", float(n)) for n in range(2_500))]
    path = files.xlsx(tmp_path / "a.xlsx", rows)
    heard: list[tuple[int, int]] = []
    table = read_in_process(path, progress=lambda done, total: heard.append((done, total)))
    assert table == read_table(path)
    assert heard == [(1_000, 2_501), (2_000, 2_501), (2_501, 2_501)]


@pytest.mark.parametrize("name", ["tidak-ada.xlsx", ""])
def test_refusals_come_through(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as theirs:
        read_in_process(tmp_path / name)
    with pytest.raises(Refused) as ours:
        read_table(tmp_path / name)
    assert type(theirs.value) is type(ours.value)
    assert theirs.value.details == ours.value.details


def test_cancelled_at_once_and_the_process_is_gone(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx")
    with pytest.raises(ImportCancelled):
        read_in_process(path, cancelled=lambda: True)
    assert multiprocessing.active_children() == []


def test_a_reader_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "MAX_READING_SECONDS", -1)
    with pytest.raises(FileTooLarge) as refused:
        read_in_process(files.xlsx(tmp_path / "a.xlsx"))
    assert refused.value.details["limit"] == "time"
    assert multiprocessing.active_children() == []


def _killer() -> None:
    """Kill the reading process as the system does where memory has run out."""
    while not multiprocessing.active_children():
        time.sleep(0.001)
    for child in multiprocessing.active_children():
        child.kill()


def test_a_reader_that_is_killed_is_a_sentence_not_an_end(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx")
    killer = threading.Thread(target=_killer)
    killer.start()
    with pytest.raises((FileTooLarge, FileUnreadable)):
        read_in_process(path)
    killer.join()
