"""The proof right after an upgrade, before any round: what the program before it could only keep is
folded first, or it is said that this is still to be done; nobody is shown differences."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from pos.cli.main import main
from pos.journal.verify import verify
from pos.ui.reports.safety import proved
from tests.helpers.many_counters import World
from tests.unit.sync.test_upgrade import _sell, older


def test_what_is_known_since_the_upgrade_is_folded_or_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path, random.Random(5), 2)
    try:
        second = world.counters[1]
        _sell(world)
        world.push(0, 99)
        with older(monkeypatch, "sale_completed", second):
            world.pull(1, 99)
        assert not verify(second.db).ok
        words, tone = proved(second.db)
        assert "sedang dihitung" in words and tone == "warn"
        run = ["--data", str(second.folder), "--json", "verify"]
        assert main(run) == 1  # the counter is open, and does it with its next round
        assert json.loads(capsys.readouterr().out)["error"] == "not_folded_yet"
        second.close()
        world.counters.pop()
        assert main(run) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["ok"] and "unchecked" not in said
    finally:
        world.close()
