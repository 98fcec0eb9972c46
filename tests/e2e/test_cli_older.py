"""Receipts that are older than what lies on a counter, from a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_cli_sync import Served
from tests.helpers.counter import StillClock
from tests.helpers.late_counter import LateCounter
from tests.helpers.process import Machine


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    place = tmp_path / "server"
    place.mkdir()
    made = Served(place)
    yield made
    made.stop()
    made.server.close()


def test_they_are_fetched_shown_and_given_back(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUYULA_MACHINE", "one")
    clock = StillClock(served.server.services.now_ms())
    shop = LateCounter(tmp_path, clock, monkeypatch, served.server, served.url)
    receipts, day = shop.receipts, shop.late.today()
    shop.first.close()
    shop.late.close()
    machine = Machine(tmp_path / "late")
    machine.data = tmp_path / "late" / "shop"
    report = machine.run("report", "sales", "--from", day, "--to", day)
    assert report.code == 0 and "Belum lengkap: " in report.err
    shown = machine.run("receipt", receipts[0], "--format", "json")
    assert (shown.code, shown.data["total"], shown.data["refunded"]) == (0, 30_000, 15_000)
    back = machine.run("refund", receipts[1], "--reason", "rusak")
    assert (back.code, back.data["refunded"], back.data["amount"]) == (0, receipts[1], 30_000)
    nobody = machine.run("receipt", "K1-777777", "--format", "json")
    assert (nobody.code, nobody.data["error"]) == (1, "unknown_receipt")
    assert machine.run("verify").code == 0
    served.stop()
    away = machine.run("receipt", receipts[2], "--format", "json")
    assert (away.code, away.data["error"]) == (1, "older_receipt")
    assert receipts[2] in away.err and "lebih lama" in away.err
