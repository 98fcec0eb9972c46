"""Orders from the command line: listed, answered, offered less, handed over with a code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pos.cli.main import main
from pos.shifts.drawer import start_shift
from pos.sync.apply import apply_page
from pos.sync.joining import join
from pos.sync.memory import cursor
from tests.helpers.counter import add_goods, make_shop
from tests.helpers.till_orders import DIGITS, line, order_id, placed
from tests.helpers.tiny_server import TinyServer, own_entries


class Machine:
    """A counter's folder with orders in its feed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Three orders of sugar: paid at the counter, brought for a fee, and by courier."""
        self._capsys = capsys
        counter = make_shop(folder)
        start_shift(counter, 0)
        sugar = add_goods(counter, "Gula", 17_000, 10_000, unit="kg")
        device = counter.line.device
        server = TinyServer()
        length = len(own_entries(counter.db, device))
        join(counter, "http://t", server.enrol([(device, length)], counter.register))
        server.push(own_entries(counter.db, device))
        server.write(placed(1, line(sugar)))
        server.write(placed(2, line(sugar), fee=5_000))
        server.write(placed(3, line(sugar), fee=9_000, way="courier", pay_way="to_shop"))
        while (page := server.page(cursor(counter.db).n, {device})).entries:
            apply_page(counter.db, page)
        self.folder = counter.folder
        counter.close()

    def run(self, *args: str) -> tuple[int, list[dict[str, Any]]]:
        """Exit code and objects of a command."""
        code = main(["--data", str(self.folder), "--json", *args])
        out = self._capsys.readouterr().out
        return code, [json.loads(text) for text in out.splitlines()]


@pytest.fixture
def machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Machine:
    """The counter, closed."""
    return Machine(tmp_path, capsys)


def test_orders_are_listed_answered_and_handed_over(machine: Machine) -> None:
    code, listed = machine.run("orders")
    assert (code, [one["order"] for one in listed]) == (0, [1, 2, 3])
    assert {
        "order", "state", "payment", "handover", "pay_way", "way", "area", "fee", "total", "owed",
        "to_give_back", "taken_back", "lines", "offered", "short", "buyer", "phone", "address",
        "note", "unread", "messages", "reason", "placed_ms", "accept_by_ms", "dispute_by_ms",
        "offer", "receipt",
        "clash", "clash_receipt", "courier", "waybill", "offered_fee",
    } == set(listed[0])  # fmt: skip
    code, gone = machine.run("order", "say", "1", "Halo")  # its buyer has not come from the server
    assert (code, gone[0]["error"]) == (1, "order_talk_over")
    assert machine.run("order", "accept", "1")[1][0]["state"] == "accepted"
    assert machine.run("order", "ready", "1")[1][0]["state"] == "ready"
    code, wrong = machine.run("order", "hand-over", "1", "--code", "0000", "--pay", "cash:50000")
    assert (code, wrong[0]["error"]) == (1, "wrong_order_code")
    code, done = machine.run("order", "hand-over", "1", "--code", DIGITS, "--pay", "cash:50000")
    assert (code, done[0]) == (
        0,
        {"order": 1, "receipt": "K1-000001", "total": 34_000, "paid": 50_000, "change": 16_000,
         "rounding": 0},
    )  # fmt: skip
    for words in (
        ("answer", "1", "Maaf, kurang satu.", "--back", "1.000"),
        ("accept-back", "1"),
        ("refunded", "1"),
    ):
        code, wrong = machine.run("order", *words)
        assert (code, wrong[0]["error"]) == (1, "order_step_not_possible"), words
    code, wrong = machine.run("order", "answer", "1", "Maaf", "--back", "seribu")
    assert (code, wrong[0]["error"]) == (2, "bad_amount")
    again = machine.run("order", "hand-over", "1", "--code", DIGITS, "--pay", "cash:50000")
    assert (again[0], again[1][0]["error"]) == (1, "already_handed_over")
    assert machine.run("verify")[0] == 0
    scan = f"HUYULA-{order_id(2).hex()}-{DIGITS}"
    brought = machine.run("order", "hand-over", "2", "--code", scan, "--pay", "qris:39000")
    assert (brought[0], brought[1][0]["total"]) == (0, 39_000)
    assert {one["order"] for one in machine.run("orders", "--all")[1]} == {1, 2, 3}
    assert [one["order"] for one in machine.run("orders")[1]] == [3]


def test_a_courier_takes_only_what_is_paid(machine: Machine) -> None:
    machine.run("order", "accept", "3")
    for who in (("--courier", "JNE"), ("--code", DIGITS)):
        code, said = machine.run("order", "hand-over", "3", *who, "--pay", "cash:43000")
        assert (code, said[0]["error"]) == (1, "order_courier_unpaid")
    assert machine.run("order", "seen", "3")[1][0]["payment"] == "paid"
    assert machine.run("order", "hand-over", "3", "--courier", "JNE")[1][0]["total"] == 43_000


def test_less_is_offered_and_orders_are_declined(machine: Machine) -> None:
    code, offered = machine.run("order", "propose", "1", "1=1,5", "--reason", "sisa sedikit")
    assert (code, offered[0]["state"], offered[0]["offered"][0]["net"]) == (0, "proposed", 25_500)
    assert machine.run("order", "decline", "2")[0] == 1
    assert machine.run("order", "decline", "2", "--reason", "tutup")[1][0]["state"] == "declined"
    assert machine.run("order", "accept", "2")[1][0]["error"] == "order_step_not_possible"
    assert machine.run("order", "accept", "9")[1][0]["error"] == "unknown_order"
    assert machine.run("order", "propose", "1", "gula")[0] == 2
    assert machine.run("order", "hand-over", "1", "--code", DIGITS, "--pay", "uang")[0] == 2
