"""Real processes, killed and cut off for a minute or so; the long run is `make soak`.

`HUYULA_SOAK_SECONDS` says how long the faults last, `HUYULA_SOAK_SEED` where all chance comes from.
"""

from __future__ import annotations

import os

import pytest

from tests.soak.__main__ import as_text
from tests.soak.plan import FAULTS, Deck, planned
from tests.soak.run import SOMETIMES, run, unseen

SECONDS = float(os.environ.get("HUYULA_SOAK_SECONDS", "60"))


@pytest.mark.slow
@pytest.mark.skipif(
    "HUYULA_SOAK_SECONDS" not in os.environ,
    reason="minutes of real processes: make soak, or HUYULA_SOAK_SECONDS=60",
)
def test_what_was_shown_is_there_once_everywhere(request: pytest.FixtureRequest) -> None:
    given = os.environ.get("HUYULA_SOAK_SEED")
    seed = int(given or request.config.getoption("hypothesis_seed") or 1)
    report = run(seed, SECONDS)
    print(as_text(report))
    assert not report.broken, f"{report.story}\n{as_text(report)}"


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
        }  # fmt: skip
        order = [name for name in names if name in ("dump", "restore")]
        assert order == ["dump", "restore"] * max(1, round(seconds / 150))


def test_every_fault_comes_before_any_comes_twice() -> None:
    deck = Deck(3)
    drawn = [fault for _ in range(500) if (fault := deck.draw("feed"))]
    assert set(drawn[: len(FAULTS)]) == set(FAULTS)


def test_a_run_in_which_something_did_not_happen_is_not_believed() -> None:
    seen = dict(SOMETIMES)
    assert not unseen(seen, 60)
    assert unseen(seen, 600)
    seen["said 410 epoch"] = 0
    assert unseen(seen, 60) == ["said 410 epoch: 0 of 1"]
