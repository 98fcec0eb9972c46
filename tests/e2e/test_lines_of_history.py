"""Whoever copies, restores or moves a shop's data never prints a receipt number twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.process import Machine


def receipts(machine: Machine) -> list[str]:
    """All receipt numbers of a machine's shop."""
    return [row["receipt"] for row in machine.run("receipts").lines]


def clean(machine: Machine) -> bool:
    """Whether the shop proves itself."""
    return bool(machine.run("verify").data["ok"])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A shop that has sold three times."""
    made = Machine(tmp_path / "first")
    made.found()
    assert made.sell(3).code == 0
    return made


def copy_to(machine: Machine, place: Path, *, same_machine: bool) -> Machine:
    """Copy the data folder only, as a person with a stick does."""
    other = Machine(place, machine.name if same_machine else "another")
    if same_machine:
        other.state = machine.state
    shutil.copytree(machine.data, other.data)
    return other


@pytest.mark.parametrize("same_machine", [True, False])
def test_two_copies_and_the_original_all_differ(
    machine: Machine, tmp_path: Path, same_machine: bool
) -> None:
    before = receipts(machine)
    copies = [
        copy_to(machine, tmp_path / f"copy{number}", same_machine=same_machine)
        for number in range(2)
    ]
    answers = [copy.sell(2) for copy in copies]
    original = machine.sell(2)
    new = [row["receipt"] for answer in (*answers, original) for row in answer.lines]
    assert len(set(new)) == 6
    assert not set(new) & set(before)
    for answer in answers:
        assert "kode baru" in answer.err
        assert all(not row["receipt"].startswith("K1-") for row in answer.lines)
    assert original.err == ""
    assert all(row["receipt"].startswith("K1-") for row in original.lines)
    assert all(clean(one) for one in (machine, *copies))


def test_the_new_line_is_opened_once(machine: Machine, tmp_path: Path) -> None:
    copy = copy_to(machine, tmp_path / "copy", same_machine=True)
    first, second = copy.sell(1), copy.sell(1)
    assert first.err and not second.err
    register = first.data["receipt"].partition("-")[0]
    assert second.data["receipt"] == f"{register}-000002"


def test_restoring_a_backup_opens_a_new_line(machine: Machine, tmp_path: Path) -> None:
    backup = tmp_path / "cadangan.db"
    assert machine.run("backup", str(backup)).code == 0
    lost = [row["receipt"] for row in machine.sell(2).lines]
    assert machine.run("restore", str(backup)).code == 0
    again = machine.sell(2)
    assert "kode baru" in again.err
    new = [row["receipt"] for row in again.lines]
    assert not set(new) & set(lost)
    assert clean(machine)
    assert list(machine.data.glob("replaced-*.db"))


def test_a_file_put_back_by_hand_is_noticed(machine: Machine, tmp_path: Path) -> None:
    """No restore command: somebody copied yesterday's file over today's."""
    backup = tmp_path / "kemarin.db"
    assert machine.run("backup", str(backup)).code == 0
    lost = [row["receipt"] for row in machine.sell(2).lines]
    for file in machine.data.glob("counter.db*"):
        file.unlink()
    shutil.copy(backup, machine.data / "counter.db")
    again = machine.sell(1)
    assert "kode baru" in again.err
    assert again.data["receipt"] not in lost
    assert clean(machine)


def test_the_same_folder_renamed_goes_on(machine: Machine) -> None:
    renamed = machine.data.with_name("lain")
    machine.data.rename(renamed)
    machine.data = renamed
    answer = machine.sell(1)
    assert (answer.err, answer.data["receipt"]) == ("", "K1-000004")


def test_a_copy_of_a_copy_differs_again(machine: Machine, tmp_path: Path) -> None:
    child = copy_to(machine, tmp_path / "child", same_machine=False)
    first = child.sell(1).data["receipt"]
    grandchild = copy_to(child, tmp_path / "grandchild", same_machine=True)
    second = grandchild.sell(1).data["receipt"]
    third = child.sell(1).data["receipt"]
    assert len({first, second, third}) == 3
    assert clean(grandchild) and clean(child)


def test_a_damaged_backup_changes_nothing(machine: Machine, tmp_path: Path) -> None:
    broken = tmp_path / "rusak.db"
    broken.write_bytes(b"SQLite format 3\x00" + b"\x07" * 5000)
    before = receipts(machine)
    answer = machine.run("restore", str(broken))
    assert (answer.code, answer.data["error"]) == (2, "not_a_backup")
    assert receipts(machine) == before
    assert machine.sell(1).data["receipt"] == "K1-000004"
