"""A whole day: real goods imported, 200 sales, receipts on a network printer, zero difference."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.helpers.process import Machine
from tests.printing_tools.fake_printer import PrinterModel, TcpPrinter
from tests.printing_tools.interpreter import interpret

DATA = Path(__file__).parent.parent / "data"
SALES = 200


def test_a_day_from_goods_list_to_closed_drawer(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seed = int(request.config.getoption("hypothesis_seed") or 1)
    print(f"seed {seed}")
    chance = random.Random(seed)
    machine = Machine(tmp_path)
    assert machine.run("init", "--shop", "Warung Nou", "--owner", "Ibu Sri").code == 0
    assert machine.run("import", str(DATA / "warung.csv")).data["new"] == 90
    goods = [row for row in machine.run("products").lines if row["barcodes"]]
    paper = PrinterModel()
    printer = TcpPrinter(paper)
    try:
        words = ("printer", "add", "Depan", printer.connection, "--columns", "32")
        assert machine.run(*words).code == 0
        assert machine.run("shift", "open", "--float", "150000").code == 0
        lines = [_sale(chance, goods) for _ in range(SALES)]
        sold = machine.run("sell", stdin="".join(lines))
        assert sold.code == 0 and len(sold.lines) == SALES
        first = sold.lines[0]["receipt"]
        assert machine.run("refund", first, "--reason", "salah barang").code == 0
        assert machine.run("cash", "out", "25000", "--reason", "bayar air").code == 0
        expected = machine.run("report", "x").data["expected"]
        closed = machine.run("shift", "close", "--counted", str(expected)).data
        assert (closed["difference"], closed["z"]) == (0, 1)
        assert machine.run("queue", "--work").code == 0
        assert machine.run("queue").out == ""
    finally:
        printer.stop()
    text = interpret(bytes(paper.paper)).dump()
    numbers = [row["receipt"] for row in sold.lines]
    rows = [line.partition("|")[2].split() for line in text.splitlines()]
    heads = [row[0] for row in rows if len(row) == 2 and row[0].startswith("K1-0")]
    assert heads == [*numbers, f"K1-{SALES + 1:06d}"]
    assert "LAPORAN Z K1-1" in text and closed["seal"] in text
    by_day = machine.run("report", "sales", "--from", "2026-01-01", "--to", "2036-01-01").lines
    totals = sum(row["total"] for row in sold.lines) - sold.lines[0]["total"]
    assert sum(row["net"] for row in by_day) == totals
    proof = machine.run("verify").data
    assert (proof["ok"], proof["sales"]) == (True, SALES + 1)


def _sale(chance: random.Random, goods: list[dict[str, object]]) -> str:
    chosen = chance.sample(goods, chance.randrange(1, 7))
    lines = [
        {"barcode": one["barcodes"][0], "qty": chance.randrange(1, 5)}  # type: ignore[index]
        for one in chosen
    ]
    total = sum(line["qty"] * one["price"] for line, one in zip(lines, chosen, strict=True))  # type: ignore[operator]
    kind = chance.choice(["cash", "cash", "cash", "qris"])
    amount = total if kind == "qris" else -(-total // 50_000) * 50_000  # type: ignore[operator]
    return json.dumps({"lines": lines, "tenders": [{"kind": kind, "amount": amount}]}) + "\n"
