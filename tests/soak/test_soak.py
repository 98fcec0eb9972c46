"""Real processes, killed and cut off for a minute or so; the long run is `make soak`.

`HUYULA_SOAK_SECONDS` says how long the faults last (0: no such run), `HUYULA_SOAK_SEED` where all
chance comes from; else the tests' own seed.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

import pytest

from tests.soak.plan import FAULTS, Deck, planned
from tests.soak.run import SOMETIMES, Report, run, unseen
from tests.soak.wal import Wal

SECONDS = float(os.environ.get("HUYULA_SOAK_SECONDS", "60"))


@pytest.mark.slow
@pytest.mark.minutes
@pytest.mark.skipif(not SECONDS, reason="left out by HUYULA_SOAK_SECONDS=0")
def test_what_was_shown_is_there_once_everywhere(request: pytest.FixtureRequest) -> None:
    given = os.environ.get("HUYULA_SOAK_SEED")
    seed = int(given or request.config.getoption("hypothesis_seed") or 1)
    report = run(seed, SECONDS)
    print(report.told())
    assert not report.broken, report.told()


def test_a_seed_is_a_plan() -> None:
    assert planned(7, 60) == planned(7, 60) != planned(8, 60)
    one, again = Deck(7), Deck(7)
    assert [one.draw("journal") for _ in range(99)] == [again.draw("journal") for _ in range(99)]


@pytest.mark.parametrize("seconds", [60, 600])
def test_every_plan_has_every_disaster_and_a_dump_before_each_restore(seconds: float) -> None:
    for seed in range(50):
        names = [event.what for event in planned(seed, seconds)]
        assert set(names) == {
            "dump", "restore", "kill server", "crash database", "refused", "silence", "storm",
            "owner",
        }  # fmt: skip
        order = [name for name in names if name in ("dump", "restore")]
        cycles = max(1, round(seconds / 150))
        assert order == ["dump", "restore"] * cycles
        between = " ".join(names).split("dump")[1:]
        assert all("owner" in part.split("restore")[0] for part in between), names


def test_every_fault_comes_before_any_comes_twice() -> None:
    deck = Deck(3)
    drawn = [fault for _ in range(500) if (fault := deck.draw("feed"))]
    assert set(drawn[: len(FAULTS)]) == set(FAULTS)


def test_a_run_that_breaks_tells_everything() -> None:
    report = Report(7, 3.0, {"rounds": 2}, "it fell", "the story", "the logs")
    assert all(one in report.told() for one in ("seed 7", "it fell", "the story", "the logs"))
    assert "the story" not in report._replace(broken="").told()


def test_commits_of_another_process_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "counter.db"
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE t (a)")
        wal = Wal(file)
        assert not wal.commits()
        db.execute("BEGIN")
        db.executemany("INSERT INTO t VALUES (?)", [("x" * 3_000,)] * 20)
        assert not wal.wait(1, 0)
        db.execute("COMMIT")
        assert wal.wait(1, 0) and not wal.commits()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(3):
            db.execute("INSERT INTO t VALUES (?)", (number,))
        assert wal.commits() == 3


def test_a_run_in_which_something_did_not_happen_is_not_believed() -> None:
    seen = dict(SOMETIMES)
    assert not unseen(seen, 60)
    assert unseen(seen, 600)
    seen["said 410 epoch"] = 0
    assert unseen(seen, 60) == ["said 410 epoch: 0 of 1"]
