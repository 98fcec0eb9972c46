"""The command line as a contract: exit codes, one sentence on stderr, objects on stdout."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.helpers.process import Machine, sale_line

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A shop with sample goods and an open shift."""
    made = Machine(tmp_path)
    made.found()
    return made


def test_a_day_from_import_to_closed_shift(machine: Machine, tmp_path: Path) -> None:
    out = tmp_path / "ditolak.xlsx"
    first = machine.run("import", str(DATA / "warung_kotor.xlsx"), "--refused", str(out))
    assert first.code == 0
    assert {key: first.data[key] for key in ("new", "changed", "unchanged", "refused")} == {
        "new": 91, "changed": 0, "unchanged": 0, "refused": 3,
    }  # fmt: skip
    assert out.stat().st_size > 2_000
    row = first.data["rows"][0]
    assert {"row", "status", "reason"} <= set(row)
    again = machine.run("import", str(DATA / "warung_kotor.xlsx"))
    assert (again.data["new"], again.data["unchanged"]) == (0, 91)
    found = machine.run("products", "--search", "indomi goreng", "--limit", "1").data
    assert found["name"].startswith("Indomie")
    assert {"id", "code", "name", "barcodes", "unit", "price", "cost", "stock"} <= set(found)
    sale = {
        "lines": [
            {"barcode": found["barcodes"][0], "qty": 2},
            {"code": "B001", "qty": "0.250"},
            {"code": "B008", "unit": "dus", "discount": 8_000},
        ],
        "discount": 1_000,
        "tenders": [{"kind": "qris", "amount": 100_000}, {"kind": "cash", "amount": 50_000}],
        "ref": "meja 3",
    }
    sold = machine.run("sell", stdin=json.dumps(sale) + "\n")
    total = 2 * found["price"] + 3_625 + 128_000 - 8_000 - 1_000
    assert sold.data == {
        "receipt": "K1-000001", "total": total, "paid": 150_000,
        "change": 150_000 - total, "ref": "meja 3",
    }  # fmt: skip
    assert machine.run("cash", "out", "5000", "--reason", "es").code == 0
    assert machine.run("cash", "in", "1.000", "--reason", "receh").code == 0
    expected = 100_000 + total - 100_000 - 5_000 + 1_000
    x = machine.run("report", "x").data
    assert x["expected"] == expected
    closed = machine.run("shift", "close", "--counted", str(expected), "--note", "pas").data
    assert (closed["z"], closed["difference"], closed["expected"]) == (1, 0, expected)
    z = machine.run("report", "z", "1").data
    assert (z["seal"], z["counted"]) == (closed["seal"], expected)
    assert machine.run("verify").data["differences"] == []


def test_goods_for_an_amount_of_money(machine: Machine) -> None:
    asked = [
        {"code": "B001", "amount": 5_000},
        {"code": "B001", "qty": 1, "amount": 5_000},
        {"code": "B003", "amount": 5_000},
    ]
    tenders = [{"kind": "cash", "amount": 5_000}]
    stream = "".join(json.dumps({"lines": [one], "tenders": tenders}) + "\n" for one in asked)
    answer = machine.run("sell", stdin=stream)
    assert answer.lines[0]["total"] == 5_000
    assert [row.get("error") for row in answer.lines] == [
        None, "bad_sale_line", "amount_needs_weighing",
    ]  # fmt: skip
    text = machine.run("receipt", answer.lines[0]["receipt"], "--format", "text").out
    assert "0,344 kg x 14.500" in text
    assert machine.run("verify").data["differences"] == []


def test_kasbon_and_payment(machine: Machine) -> None:
    assert machine.run("customer", "add", "--name", "Pak Udin", "--limit", "20000").code == 0
    line = {"lines": [{"code": "B002"}], "customer": "pak udin"}
    on_credit = {**line, "tenders": [{"kind": "credit", "amount": 17_500}]}
    assert machine.run("sell", stdin=json.dumps(on_credit)).code == 0
    nobody = {"lines": [{"code": "B002"}], "tenders": [{"kind": "credit", "amount": 17_500}]}
    refused = machine.run("sell", stdin=json.dumps(nobody))
    assert (refused.code, refused.data["error"]) == (1, "customer_needed")
    paid = machine.run("customer", "pay", "Pak Udin", "7500").data
    assert (paid["amount"], paid["debt"]) == (7_500, 10_000)
    customers = machine.run("customers").lines
    assert [(row["name"], row["debt"]) for row in customers] == [("Pak Udin", 10_000)]


def test_refund_never_exceeds(machine: Machine) -> None:
    number = machine.run("sell", stdin=sale_line("B001", "1.5")).data["receipt"]
    part = machine.run("refund", number, "--line", "1", "--qty", "0.5", "--reason", "basah")
    assert part.data["total"] == -7_250
    too_much = machine.run("refund", number, "--line", "1", "--qty", "1.1", "--reason", "basah")
    assert (too_much.code, too_much.data["error"]) == (1, "refund_too_much")
    rest = machine.run("refund", number, "--reason", "basah", "--to", "waste")
    assert rest.data["total"] == -14_500
    nothing = machine.run("refund", number, "--reason", "basah")
    assert nothing.data["error"] == "nothing_to_refund"
    rows = {row["receipt"]: row for row in machine.run("receipts").lines}
    assert rows[number]["refunded"] == 21_750
    assert {"receipt", "total", "business_date", "staff", "refunded"} <= set(rows[number])


@pytest.mark.parametrize("form", ["text", "json", "pdf", "png", "escpos"])
@pytest.mark.parametrize("columns", ["32", "42", "48"])
def test_a_receipt_in_every_form(machine: Machine, tmp_path: Path, form: str, columns: str) -> None:
    machine.sell(1)
    out = tmp_path / "struk"
    answer = machine.run(
        "receipt", "K1-000001", "--format", form, "--columns", columns, "--out", str(out)
    )
    assert answer.code == 0
    start = {"pdf": b"%PDF", "png": b"\x89PNG", "escpos": b"\x1b@", "json": b"{"}.get(form, b" ")
    assert out.read_bytes().startswith(start)


def test_a_stream_goes_on_after_refusals(machine: Machine) -> None:
    lines = [
        sale_line(ref="a"),
        sale_line("TIDAK-ADA", ref="b"),
        "ini bukan json\n",
        '{"lines": 5, "ref": "c"}\n',
        sale_line(qty="0", ref="d"),
        sale_line(amount=5, ref="e"),
        sale_line(qty="0.5", code="B003", ref="f"),
        '{"lines":[{"code":"B002"}],"tenders":[{"kind":"batu","amount":1}]}\n',
        sale_line(ref="g"),
    ]
    answer = machine.run("sell", stdin="".join(lines))
    assert answer.code == 1
    assert [row.get("error", "sold") for row in answer.lines] == [
        "sold", "unknown_product", "bad_sale_line", "bad_sale_line", "quantity_not_positive",
        "not_paid", "fraction_not_allowed", "unknown_tender", "sold",
    ]  # fmt: skip
    assert [row.get("ref") for row in answer.lines][:2] == ["a", "b"]
    assert all(row["message"] for row in answer.lines if "error" in row)
    assert len(answer.err.strip().splitlines()) == 7


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["init", "--shop", "X", "--owner", "Y"], 1, "shop_exists"),
        (["shift", "open", "--float", "1"], 1, "shift_already_open"),
        (["shift", "open"], 2, "usage"),
        (["shift", "open", "--float", "banyak"], 2, "usage"),
        (["tidak", "ada"], 2, "usage"),
        (["import", "tidak-ada.xlsx"], 2, "file_missing"),
        (["receipt", "K9-000009"], 1, "unknown_receipt"),
        (["report", "z", "77"], 1, "unknown_z"),
        (["report", "sales", "--from", "kemarin", "--to", "2026-01-01"], 2, "bad_date"),
        (["customer", "pay", "Siapa", "1"], 1, "unknown_customer"),
        (["cash", "out", "0", "--reason", "x"], 1, "bad_drawer_amount"),
        (["cash", "out", "5", "--reason", " "], 1, "reason_needed"),
        (["product", "set", "XX", "--price", "5"], 1, "unknown_product"),
        (["printer", "add", "A", "bukan-alamat"], 2, "bad_connection"),
        (["backup", "/tidak/ada/b.db"], 1, "backup_failed"),
        (["--as", "Siapa", "cash", "in", "5", "--reason", "x"], 1, "unknown_staff"),
    ],
)
def test_refusals_have_codes_and_one_sentence(
    machine: Machine, words: list[str], code: int, error: str
) -> None:
    answer = machine.run(*words)
    assert (answer.code, answer.data["error"]) == (code, error)
    assert len(answer.err.strip().splitlines()) == 1
    assert answer.data["message"] == answer.err.strip()
    assert "{" not in answer.err


def test_without_a_shop(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    answer = machine.run("products")
    assert (answer.code, answer.data["error"]) == (3, "no_shop")
    assert not machine.data.exists()


def test_a_damaged_file_is_said_not_traced(machine: Machine) -> None:
    for file in machine.data.glob("counter.db*"):
        file.write_bytes(b"rusak sekali" * 999)
    answer = machine.run("verify")
    assert (answer.code, answer.data["error"]) == (3, "damaged_database")


def test_what_was_changed_behind_its_back_is_named(machine: Machine) -> None:
    """A cell, rows that are gone, and one that no fact wrote."""
    with closing(sqlite3.connect(machine.data / "counter.db", isolation_level=None)) as db:
        db.execute("UPDATE product SET price=price+1")
        db.execute("DELETE FROM stock_movement")
        db.execute("INSERT INTO setting (name, value) VALUES ('nobody', 'knows')")
    answer = machine.run("verify")
    assert answer.code == 1 and not answer.data["ok"]
    found = {(one["table"], one["column"]) for one in answer.data["differences"]}
    assert found >= {("product", "price"), ("stock_movement", "row"), ("setting", "row")}


def test_pins_come_from_the_environment(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.run("init", "--shop", "A", "--owner", "Sri", HUYULA_PIN="1234").code == 0
    words = ("--as", "sri", "shift", "open", "--float", "0")
    assert machine.run(*words).data["error"] == "pin_missing"
    for _ in range(4):
        assert machine.run(*words, HUYULA_PIN="9999").data["error"] == "wrong_pin"
    assert machine.run(*words, HUYULA_PIN="9999").data["error"] == "wrong_pin"
    assert machine.run(*words, HUYULA_PIN="1234").data["error"] == "pin_locked"


def test_one_writer_at_a_time(machine: Machine) -> None:
    holder = subprocess.Popen(
        machine.command("sell"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=machine.environment(),
        text=True,
    )
    assert holder.stdin is not None and holder.stdout is not None
    holder.stdin.write(sale_line())
    holder.stdin.flush()
    assert "K1-000001" in holder.stdout.readline()
    answer = machine.run("cash", "in", "5", "--reason", "x")
    assert (answer.code, answer.data["error"]) == (3, "folder_in_use")
    assert machine.run("receipts").data["receipt"] == "K1-000001"
    holder.stdin.close()
    assert holder.wait(timeout=20) == 0
    holder.stdout.close()
    assert machine.run("cash", "in", "5", "--reason", "x").code == 0
