"""What holds for every test: no display, an own state folder, seeds that can be repeated."""

from __future__ import annotations

import gc
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings

from tests.helpers.memory_disk import temporary_folder

# Before anything imports Qt. Tests that need a real display start one and say so themselves.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Nobody's own keyring is asked; tests of the keyring bring theirs.
os.environ["HUYULA_KEYRING"] = "off"
# The collector would look through all that pytest and the libraries hold, again and again: a tenth
# of the run's time.
gc.set_threshold(200_000, 50, 50)

_SEED = "HUYULA_TEST_SEED"
_folder: list[Path] = []

# No deadline: a busy machine is not a fault. `print_blob` prints the line that repeats a failure.
settings.register_profile("default", derandomize=False, print_blob=True, deadline=None)
settings.register_profile(
    "thorough", derandomize=False, print_blob=True, deadline=None, max_examples=2_000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the run's seed unless one is given; xdist's workers inherit it."""
    given = config.getoption("hypothesis_seed")
    seed = given or os.environ.get(_SEED) or str(random.SystemRandom().getrandbits(32))
    os.environ[_SEED] = str(seed)
    config.option.hypothesis_seed = str(seed)
    _work_in_memory()


def _work_in_memory() -> None:
    """Temporary files lie in memory unless the caller says where; workers inherit it. What is left
    of a failure stays until the next run."""
    folder = None if {"TMPDIR", "PYTEST_XDIST_WORKER"} & os.environ.keys() else temporary_folder()
    if folder is not None:
        _folder.append(folder)
        os.environ["TMPDIR"] = str(folder)
        tempfile.tempdir = None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run that passed leaves nothing in memory."""
    if exitstatus == 0 and _folder:
        shutil.rmtree(_folder[0], ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first at each worker, of which each gets an equal stretch of the
    list: else one ends with it alone."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("minutes")]
    short = [item for item in items if not item.get_closest_marker("minutes")]
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        mine = long[worker::workers]
        size = (len(items) - len(ordered)) // (workers - worker) - len(mine)
        ordered += mine + short[: max(size, 0)]
        del short[: max(size, 0)]
    items[:] = ordered + short


def pytest_report_header() -> str:
    """Print the seed with the command that repeats the run's random choices."""
    return f"seed: repeat with --hypothesis-seed={os.environ[_SEED]}"


@pytest.fixture(scope="session", autouse=True)
def _ready_tables() -> Iterator[None]:
    """A shop that is founded in this process gets its tables as a copy, ten times as fast."""
    from tests.helpers.counter_tables import migrate_by_copy

    with patch("pos.opening.migrate", migrate_by_copy):
        yield


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the counter's witness records of each test out of the developer's home."""
    monkeypatch.setenv("HUYULA_STATE", str(tmp_path / "state"))


@pytest.fixture
def plain_folder() -> Iterator[Path]:
    """For files that a printer writes to: what lies under /dev, memory as well, is taken for a
    device, and no file is made there."""
    disk = Path("/var/tmp")
    with tempfile.TemporaryDirectory(dir=disk if disk.is_dir() else None) as folder:
        yield Path(folder)
