"""Reports and receipts on the command line: blind for a cashier, kasbon listed, profit honest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.process import Machine, sale_line


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A shop with a cashier, whose open shift has a cash sale, a QRIS sale and repaid kasbon."""
    made = Machine(tmp_path)
    made.found()
    assert made.run("staff", "add", "Rahmat", "--role", "cashier").code == 0
    assert made.run("product", "add", "--name", "Kue", "--price", "5000", "--code", "KUE").code == 0
    assert made.run("customer", "add", "--name", "Pak Udin", "--limit", "50000").code == 0
    sales = [
        json.loads(sale_line("KUE", "3")),
        {"lines": [{"code": "B002"}], "tenders": [{"kind": "qris", "amount": 17_500}]},
        {
            "lines": [{"code": "B002"}],
            "customer": "Pak Udin",
            "tenders": [{"kind": "credit", "amount": 17_500}],
        },
    ]
    assert made.run("sell", stdin="".join(json.dumps(one) + "\n" for one in sales)).code == 0
    assert made.run("customer", "pay", "Pak Udin", "7500").code == 0
    return made


def day(machine: Machine) -> str:
    """The business date of the sales."""
    return str(machine.run("receipts").lines[0]["business_date"])


def test_an_x_report_is_blind_for_a_cashier(machine: Machine) -> None:
    assert machine.run("report", "x").data["expected"] == 100_000 + 15_000 + 7_500
    blind = machine.run("--as", "Rahmat", "report", "x").data
    assert blind == {
        "sales": 3,
        "refunds": 0,
        "totals": [
            {"kind": "cash", "count": 1},
            {"kind": "credit", "count": 1, "amount": 17_500},
            {"kind": "qris", "count": 1, "amount": 17_500},
        ],
        "repaid_other": 0,
        "drawer_openings": 0,
        "first_receipt": "K1-000001",
        "last_receipt": "K1-000003",
    }
    text = machine.run("--as", "Rahmat", "report", "x", json_out=False).out
    assert "hitung dulu" in text and "Bersih" not in text and "50.000" not in text


def test_sales_without_cost_are_no_profit(machine: Machine) -> None:
    words = ("report", "sales", "--from", day(machine), "--to", day(machine))
    rows = {row["label"]: row for row in machine.run(*words, "--by", "product").lines}
    assert (rows["Kue"]["uncosted"], rows["Kue"]["uncosted_net"], rows["Kue"]["profit"]) == (
        1, 15_000, 0,
    )  # fmt: skip
    assert [row["label"] for row in machine.run(*words, "--without-cost").lines] == ["Kue"]
    paper = machine.run(*words, "--format", "text").out
    assert "TANPA HARGA BELI" in paper and "Tidak masuk laba (1)" in paper
    assert "Tanpa harga beli" in machine.run(*words, json_out=False).out


def test_a_cashier_reads_no_sales_report(machine: Machine) -> None:
    words = ("report", "sales", "--from", day(machine), "--to", day(machine))
    assert machine.run("--as", "Rahmat", *words).data["error"] == "needs_manager"


def test_repaid_kasbon_is_a_receipt_like_others(machine: Machine) -> None:
    listed = machine.run("receipts", "--search", "000004").data
    assert (listed["receipt"], listed["type"], listed["total"]) == (
        "K1-000004", "repayment", 7_500,
    )  # fmt: skip
    assert [row["receipt"] for row in machine.run("receipts").lines][-1] == "K1-000004"
    data = machine.run("receipt", "K1-000004").data
    assert (data["debt_before"], data["debt"], data["tenders"][0]["kind"]) == (
        17_500, 10_000, "cash",
    )  # fmt: skip
    assert "BAYAR KASBON" in machine.run("receipt", "K1-000004", "--format", "text").out
    assert [machine.run("reprint", "K1-000004").data["copy"] for _ in range(2)] == [1, 2]
    assert machine.run("refund", "K1-000004", "--reason", "x").data["error"] == "unknown_sale"


def test_totals_agree_where_cash_is_rounded(machine: Machine) -> None:
    assert machine.run("setting", "set", "cash_step", "100").code == 0
    assert machine.run("product", "set", "KUE", "--price", "9125").code == 0
    sold = machine.run("sell", stdin=sale_line("KUE", "1", 20_000)).data
    listed = machine.run("receipts", "--search", sold["receipt"]).data
    shown = machine.run("receipt", sold["receipt"]).data
    assert sold["total"] == listed["total"] == shown["total"] == 9_125
    paid = sold["paid"] - sold["change"]
    assert (
        paid == listed["total"] + listed["rounding"] == sum(t["amount"] for t in shown["tenders"])
    )
    assert listed["rounding"] == shown["rounding"] != 0
    paper = machine.run("receipt", sold["receipt"], "--format", "text").out
    assert f"Rp {paid:,}".replace(",", ".") in paper and "9.125" in paper
