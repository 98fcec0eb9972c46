"""A power cut or a full disk during checkouts loses no printed receipt and halves no sale."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.process import ROOT, Machine, sale_line

SALES = 500
CUTS = 6
ROOM = 120_000


def _numbers(machine: Machine) -> list[int]:
    found = machine.run("receipts").lines
    return [int(row["receipt"].rpartition("-")[2]) for row in found]


def test_kill_at_any_instant(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    seed = request.config.getoption("hypothesis_seed") or 1
    print(f"seed {seed}")
    chance = random.Random(int(seed))
    machine = Machine(tmp_path)
    machine.found()
    printed: list[str] = []
    for _ in range(CUTS):
        printed += _cut_after(machine, chance.randrange(1, SALES // CUTS))
    rest = machine.sell(SALES // CUTS)
    printed += [row["receipt"] for row in rest.lines]
    assert rest.code == 0
    stored = {row["receipt"] for row in machine.run("receipts").lines}
    assert set(printed) <= stored
    assert len(printed) == len(set(printed))
    numbers = _numbers(machine)
    assert numbers == list(range(1, len(numbers) + 1))
    assert machine.run("verify").data["ok"]


def _cut_after(machine: Machine, lines: int) -> list[str]:
    """Feed checkouts; kill -9 once so many answers came, while others are on their way."""
    process = subprocess.Popen(
        machine.command("sell"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=machine.environment(),
        cwd=ROOT,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(sale_line() * SALES)
    process.stdin.flush()
    heard = [process.stdout.readline() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    heard += process.stdout.readlines()
    process.wait()
    whole = [line for line in heard if line.endswith("}\n")]
    found = [re.search(r'"receipt":"([^"]+)"', line) for line in whole]
    return [match.group(1) for match in found if match]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    tried = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True
    )
    if not tried or tried.returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_a_sentence_and_selling_goes_on(small_disk: Path, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.data = small_disk / "data"
    machine.found()
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass  # until the disk is full
    os.truncate(filler, filler.stat().st_size - ROOM)
    full = machine.sell(60)
    refused = [row for row in full.lines if "error" in row]
    assert refused and full.code == 1
    assert {row["error"] for row in refused} == {"storage_full"}
    assert "penuh" in full.err
    sold = [row["receipt"] for row in full.lines if "receipt" in row]
    filler.unlink()
    assert machine.run("verify").data["ok"]
    assert [row["receipt"] for row in machine.run("receipts").lines] == sold
    after = machine.sell(5)
    assert after.code == 0
    numbers = _numbers(machine)
    assert numbers == list(range(1, len(sold) + 6))
    assert machine.run("verify").data["ok"]
