"""The proof right after an upgrade, before any round: what the program before it could only keep is
folded first, or it is said that this is still to be done; nobody is shown differences."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from pos.cli.main import main
from pos.counter import Counter
from pos.device.vault import KeyAway
from pos.journal.verify import verify
from pos.opening import database_file
from pos.shifts.drawer import start_shift
from pos.sync.due import is_folding_due
from pos.sync.enrolment import enrol
from pos.sync.memory import remember
from pos.sync.memory import server as server_of
from pos.sync.once import sync_once
from pos.sync.state import sync_state
from pos.sync.worker import SyncWorker
from pos.ui.reports.safety import proved
from server.sync.revoking import revoke
from tests.helpers.counter import StillClock, add_goods, cart_of, make_shop, sell
from tests.helpers.late_counter import LateCounter
from tests.helpers.many_counters import World
from tests.helpers.real_server import RealServer
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


def _round(counter: Counter, server: RealServer) -> None:
    joined = server_of(counter.db)
    assert joined is not None
    sync_once(counter, joined, server.send)


def _away(device: bytes) -> bytes | None:
    raise KeyAway(why="locked")


@pytest.mark.parametrize("why", ["revoked", "key_away.locked"])
def test_a_counter_that_no_round_helps_any_more_is_proved_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], why: str
) -> None:
    clock = StillClock()
    server = RealServer(tmp_path, clock.now_ms)
    with make_shop(tmp_path / "a", clock) as first, make_shop(tmp_path / "b", clock) as second:
        for shop in (first, second):
            start_shift(shop, 0)
            enrol(shop, "http://huyula", server.code(), server.send)
        goods = add_goods(first)
        sell(first, cart_of(first, (goods, 1_000)))
        _round(first, server)
        with older(monkeypatch, "sale_completed", second):
            _round(second, server)
        device = second.db.scalar("SELECT device FROM own_line ORDER BY place DESC LIMIT 1")
        if why == "revoked":
            revoke(server.services, server.shop, bytes(device))
        else:
            monkeypatch.setattr(second.witness, "key", _away)
        assert "sedang dihitung" in proved(second.db)[0]
        SyncWorker(
            database_file(second.folder), clock=clock, witness=second.witness,
            sender=lambda url: server.send,
        )._turn(second.db)  # fmt: skip
        found = sync_state(second.db)
        assert why in (found.state, found.error)
        words, tone = proved(second.db)
        assert words.startswith("Utuh") and tone == "ok"
        capsys.readouterr()
        assert main(["--data", str(second.folder), "--json", "verify"]) == 0
        assert "unchecked" not in json.loads(capsys.readouterr().out)
    server.close()


def test_what_a_programs_end_has_left_is_folded_also_where_the_key_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = StillClock()
    server = RealServer(tmp_path, clock.now_ms)
    with make_shop(tmp_path / "a", clock) as shop:
        enrol(shop, "http://huyula", server.code(), server.send)
        _round(shop, server)
        with shop.db.transaction():
            shop.db.run("UPDATE setting SET value='Lain' WHERE name='name'")
            remember(shop.db, "refold", "1")
        monkeypatch.setattr(shop.witness, "key", _away)
        SyncWorker(
            database_file(shop.folder), clock=clock, witness=shop.witness,
            sender=lambda url: server.send,
        )._turn(shop.db)  # fmt: skip
        assert not is_folding_due(shop.db) and verify(shop.db).ok
    server.close()


def test_a_snapshot_that_the_disk_has_damaged_is_named_also_right_after_an_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing can be folded again without it; the round that comes pulls the feed whole."""
    shop = LateCounter(tmp_path, StillClock(), monkeypatch)
    folder = shop.late.folder
    with shop.late.db.transaction():
        shop.late.db.run("UPDATE base_chunk SET data=x'00' WHERE place=1")
        remember(shop.late.db, "kinds", "shop_founded:1")  # all others are known since now
    shop.close()
    capsys.readouterr()
    assert main(["--data", str(folder), "--json", "verify"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["ok"] and "error" not in said
    assert any(one["table"] == "base_chunk" for one in said["differences"])
