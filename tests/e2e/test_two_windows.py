"""Two registers of a shop as people see them: two windows, two screens, PostgreSQL behind, and a
network cable that is pulled while both sell.

`HUYULA_PICTURES=folder` keeps pictures of both screens at every stage.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.db.migrate import migrate
from tests.helpers.display import displayed, end, until
from tests.helpers.gate import Gate, gate
from tests.helpers.postgres import running_cluster
from tests.helpers.process import ROOT, Machine
from tests.helpers.screen import Screen
from tests.helpers.server_process import environment, server_command, serving

pytestmark = pytest.mark.display
CODE = "B002"


class Server:
    """A server on PostgreSQL with one shop, behind a cable."""

    def __init__(self, address: str, cable: Gate) -> None:
        self._address, self.cable = address, cable
        self.shop = str(self.run("shop", "add", "Toko Nou")[0]["shop"])

    def run(self, *words: str) -> list[Any]:
        """One command; its answers."""
        done = subprocess.run(
            server_command(self._address, *words), capture_output=True, text=True, timeout=120,
            env=environment(), cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def join(self, machine: Machine) -> None:
        """A machine becomes one of the shop's registers, and has all that there is."""
        code = str(self.run("device", "code", self.shop)[0]["code"])
        for words in (("enrol", self.cable.url, code), ("sync", "--once")):
            answer = machine.run(*words)
            assert answer.code == 0, answer.err


class Register(Screen):
    """A register that sells one article, which both have."""

    def sell(self) -> None:
        """One piece, paid in exact cash by keys."""
        before = self.number("SELECT count(*) FROM sale")
        self.display.scan(CODE)
        name = self.rows(f"SELECT name FROM product WHERE code='{CODE}'")[0][0]
        lying = f"SELECT 1 FROM open_cart WHERE instr(CAST(cart AS TEXT), '{name}')"
        until(lambda: self.rows(lying), "the code did not reach the cart")
        self.display.press("F9")
        until(lambda: self.shows("payment"), "F9 was lost")
        self.display.press("Return")
        until(lambda: self.number("SELECT count(*) FROM sale") > before, "Enter was lost")
        until(lambda: self.shows("sale_done"), "the change is not shown")
        self.display.press("Return")
        until(lambda: self.shows("selling"), "the next sale did not begin")

    def stock(self) -> int:
        """Of the goods that are sold here, in thousandths."""
        return self.number(f"SELECT stock FROM product WHERE code='{CODE}'")

    def waiting(self) -> int:
        """What the server does not know yet."""
        return self.number("SELECT count(*) FROM waiting")

    def picture(self, name: str) -> None:
        """Keep what it shows, if somebody wants to see it."""
        folder = os.environ.get("HUYULA_PICTURES")
        if folder:
            self.keep(Path(folder) / f"{name}-{self.machine.name}.png")


@pytest.fixture
def server() -> Iterator[Server]:
    """PostgreSQL, the service in front of it, and the cable in front of that."""
    with running_cluster() as cluster:
        addresses = cluster.create()
        migrate(addresses.owner)
        with serving(addresses.app) as served, gate(served.url) as cable:
            yield Server(addresses.app, cable)


@pytest.fixture
def screens(tmp_path: Path, server: Server) -> Iterator[tuple[Register, Register]]:
    """The shop's first register, and one that was bought later."""
    first, second = Machine(tmp_path / "a", "one"), Machine(tmp_path / "b", "two")
    first.found()
    server.join(first)
    assert second.run("init", "--shop", "Toko Baru", "--owner", "Ibu Ani").code == 0
    assert second.run("shift", "open", "--float", "100000").code == 0
    server.join(second)
    with displayed("1366x768") as left, displayed("1366x768") as right:
        both = Register(left, first), Register(right, second)
        try:
            for screen in both:
                screen.opens()
            yield both
        finally:
            for screen in both:
                screen.picture("9-at-the-end")
                end(screen.process)


def test_both_sell_while_the_cable_is_out_and_agree_when_it_is_back(
    server: Server, screens: tuple[Register, Register]
) -> None:
    one, two = screens
    two.is_me()
    until(lambda: not one.waiting() and not two.waiting(), "the registers did not come in step")
    until(lambda: one.stock() == two.stock(), "they do not hold the same to begin with")
    before = one.stock()
    one.picture("1-in-step")
    one.sell()
    until(lambda: two.stock() == before - 1_000, "a sale did not reach the other register")

    server.cable.pull()
    for screen in (one, two, one):
        screen.sell()
    assert (one.stock(), two.stock()) == (before - 3_000, before - 2_000)
    assert one.waiting() and two.waiting()
    for screen in screens:
        screen.picture("2-cable-out")

    server.cable.plug()
    until(lambda: not one.waiting() and not two.waiting(), "what waited did not go out")
    until(lambda: one.stock() == two.stock() == before - 4_000, "they do not agree")
    receipts = "SELECT receipt FROM sale ORDER BY receipt"
    until(lambda: one.rows(receipts) == two.rows(receipts), "a sale lies at one of them only")
    sold = [(row["receipt"],) for row in server.run("sales", server.shop)]
    assert len(sold) == 4 and sorted(sold) == one.rows(receipts)
    for screen in screens:
        screen.picture("3-cable-back")
    assert all(row["ok"] for row in server.run("verify", server.shop))
