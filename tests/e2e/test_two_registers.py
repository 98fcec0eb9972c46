"""Two counters and a server, each a process of its own: they sell apart and agree afterwards."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos.backup.age import last_backup_ms
from tests.helpers.process import ROOT, Answer, Machine
from tests.helpers.server_process import Served, environment, server_command, serving


class Shop:
    """A server on SQLite with one shop, seen from its command line."""

    def __init__(self, place: Path) -> None:
        self.address = f"sqlite:///{place / 'server.db'}"
        self.id = self.run("shop", "add", "Toko Nou")[0]["shop"]

    def run(self, *words: str) -> list[Any]:
        """One command; its answers, one object a line."""
        done = subprocess.run(
            server_command(self.address, *words),
            capture_output=True,
            text=True,
            timeout=120,
            env=environment(),
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def code(self) -> str:
        return str(self.run("device", "code", self.id)[0]["code"])

    def stock(self) -> dict[str, float]:
        return {row["code"]: float(row["stock"]) for row in self.run("stock", self.id)}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def served(shop: Shop) -> Iterator[Served]:
    with serving(shop.address) as made:
        yield made


def _stock(machine: Machine) -> dict[str, float]:
    return {row["code"]: float(row["stock"]) for row in machine.run("products").lines}


def _sync(machine: Machine) -> dict[str, Any]:
    answer = machine.run("sync", "--once")
    assert answer.code == 0, answer.err
    found: dict[str, Any] = answer.data
    return found


def _enrol(machine: Machine, shop: Shop, served: Served) -> dict[str, Any]:
    answer = machine.run("enrol", served.url, shop.code(), "--name", machine.name)
    assert answer.code == 0, answer.err
    found: dict[str, Any] = answer.data
    return found


def _two(place: Path) -> tuple[Machine, Machine]:
    """One with goods, the shop's first; one that was bought later and has none."""
    first, second = Machine(place / "a", "one"), Machine(place / "b", "two")
    first.found()
    assert second.run("init", "--shop", "Toko Baru", "--owner", "Ibu Ani").code == 0
    assert second.run("shift", "open", "--float", "100000").code == 0
    return first, second


def test_two_registers_sell_apart_and_have_equal_stock(
    tmp_path: Path, shop: Shop, served: Served
) -> None:
    first, second = _two(tmp_path)
    founder = _enrol(first, shop, served)
    assert (founder["first"], founder["register"], len(founder["check"])) == (True, "K1", 6)
    assert _sync(first)["waiting"] == 0
    later = _enrol(second, shop, served)
    assert (later["first"], later["register"]) == (False, "K2")
    assert _sync(second)["received"] > 0
    assert "B002" in _stock(second)

    before = _stock(first)["B002"]
    receipts = [
        row["receipt"] for one, count in ((first, 3), (second, 2)) for row in one.sell(count).lines
    ]
    assert len(set(receipts)) == 5
    assert _stock(first)["B002"] == before - 3 and _stock(second)["B002"] == before - 2

    for machine in (first, second, first):
        round_ = _sync(machine)
        assert set(round_) == {
            "sent", "received", "waiting", "head", "epoch", "feed", "digest_equal",
        }  # fmt: skip
    assert round_["waiting"] == 0 and round_["digest_equal"] in (True, None)
    assert _stock(first) == _stock(second) == shop.stock()
    assert _stock(first)["B002"] == before - 5
    sold = {row["receipt"] for row in shop.run("sales", shop.id)}
    assert sold == set(receipts)
    for machine in (first, second):
        assert machine.run("verify").data["ok"]


def test_without_a_server_a_round_ends_with_a_sentence_and_nothing_is_lost(
    tmp_path: Path, shop: Shop
) -> None:
    machine = Machine(tmp_path / "a")
    machine.found()
    alone = machine.run("sync", "--once")
    assert (alone.code, alone.data["error"]) == (1, "not_enrolled")
    with serving(shop.address) as served:
        _enrol(machine, shop, served)
        _sync(machine)
    assert machine.sell(2).code == 0
    away = machine.run("sync", "--once")
    assert (away.code, away.data["error"]) == (1, "no_network")
    assert "Penjualan tetap jalan" in away.err


def test_a_restore_says_how_many_entries_the_server_does_not_have(
    tmp_path: Path, shop: Shop
) -> None:
    machine = Machine(tmp_path / "a")
    machine.found()
    backup = tmp_path / "cadangan.db"
    assert last_backup_ms(machine.data) == 0
    assert machine.run("backup", str(backup)).code == 0
    assert last_backup_ms(machine.data) > 0
    with serving(shop.address) as served:
        _enrol(machine, shop, served)
        _sync(machine)
    sold = machine.sell(3)
    assert sold.code == 0
    restored: Answer = machine.run("restore", str(backup))
    assert (restored.code, restored.data["unsent"]) == (0, 3)
    assert "3 catatan" in restored.err
    # The replaced file still has them.
    assert machine.run("restore", restored.data["kept"]).code == 0
    numbers = {row["receipt"] for row in machine.run("receipts").lines}
    assert {row["receipt"] for row in sold.lines} <= numbers
