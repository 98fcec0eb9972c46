"""Exchange and swapped tenders on the command line: answers, exit codes, and the proof after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.process import Answer, Machine

# Sample goods: B001 is 14.500 a kg, B002 is 17.500.
RICE, SUGAR = 14_500, 17_500


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A shop with sample goods and an open shift."""
    made = Machine(tmp_path)
    made.found()
    return made


def sold(machine: Machine, *tenders: tuple[str, int], **more: Any) -> str:
    """A sale of 2 kg of rice; in cash unless said otherwise."""
    kinds = tenders or (("cash", 2 * RICE),)
    sale = {
        "lines": [{"code": "B001", "qty": 2}],
        "tenders": [{"kind": kind, "amount": amount} for kind, amount in kinds],
        **more,
    }
    return str(machine.run("sell", stdin=json.dumps(sale)).data["receipt"])


def exchange(machine: Machine, receipt: str, *words: str, **what: Any) -> Answer:
    """Exchange goods of a receipt for what is said."""
    return machine.run(
        "exchange", receipt, "--reason", "salah beli", *words, stdin=json.dumps(what)
    )


def test_the_buyer_pays_the_difference(machine: Machine) -> None:
    number = sold(machine)
    answer = exchange(
        machine,
        number,
        "--line",
        "1",
        "--qty",
        "1",
        lines=[{"code": "B002"}],
        tenders=[{"kind": "cash", "amount": 5_000}],
        ref="meja 3",
    )
    assert answer.code == 0
    assert answer.data == {
        "receipt": "K1-000002", "exchanged": number, "total": 3_000, "amount": 3_000,
        "paid": 5_000, "change": 2_000, "tenders": [{"kind": "cash", "amount": 3_000}],
        "ref": "meja 3",
    }  # fmt: skip
    paper = machine.run("receipt", "K1-000002", "--format", "json").data
    assert (paper["type"], paper["ref"]) == ("exchange", "meja 3")
    assert [(line["qty"], line["net"]) for line in paper["lines"]] == [
        ("-1", -RICE), ("1", SUGAR),
    ]  # fmt: skip
    assert machine.run("report", "x").data["expected"] == 100_000 + 2 * RICE + 3_000
    assert machine.run("verify").data["ok"]


def test_the_buyer_gets_the_difference_back(machine: Machine) -> None:
    number = sold(machine)
    answer = exchange(machine, number, "--to", "waste", lines=[{"code": "B002"}])
    assert answer.code == 0
    assert (answer.data["total"], answer.data["amount"]) == (SUGAR - 2 * RICE,) * 2
    assert (answer.data["paid"], answer.data["change"]) == (0, 0)
    assert answer.data["tenders"] == [{"kind": "cash", "amount": SUGAR - 2 * RICE}]
    assert machine.run("verify").data["ok"]


def test_the_same_for_the_same_moves_no_money(machine: Machine) -> None:
    answer = exchange(machine, sold(machine), lines=[{"code": "B001", "qty": 2}])
    assert (answer.code, answer.data["total"], answer.data["tenders"]) == (0, 0, [])


def test_without_json_the_answer_is_a_line(machine: Machine) -> None:
    number = sold(machine)
    told = machine.run(
        "exchange", number, "--reason", "x", stdin='{"lines":[{"code":"B002"}]}', json_out=False
    )
    assert told.out == "K1-000002: -Rp 11.500\n"


@pytest.mark.parametrize(
    ("what", "code", "error"),
    [
        ({"lines": [{"code": "B002", "qty": 2}]}, 1, "not_paid"),
        ({"lines": []}, 1, "empty_cart"),
        ({"lines": [{"code": "B002"}], "tenders": [{"kind": "cash", "amount": 1}]}, 1,
         "nothing_due"),
        ({"lines": [{"code": "B002", "qty": 2}], "tenders": [{"kind": "batu", "amount": 1}]}, 1,
         "unknown_tender"),
        ({"lines": [{"code": "TIDAK-ADA"}]}, 1, "unknown_product"),
        ({"lines": [{"code": "B002", "qty": "0"}]}, 1, "quantity_not_positive"),
        ({"lines": 5}, 2, "bad_exchange"),
        ({"barang": []}, 2, "bad_exchange"),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(
    machine: Machine, what: dict[str, Any], code: int, error: str
) -> None:
    answer = exchange(machine, sold(machine), **what)
    assert (answer.code, answer.data["error"]) == (code, error)
    assert answer.data["message"] == answer.err.strip()
    assert len(machine.run("receipts").lines) == 1


def test_an_unknown_receipt_and_a_missing_reason(machine: Machine) -> None:
    gone = exchange(machine, "K9-000009", lines=[{"code": "B002"}])
    assert (gone.code, gone.data["error"]) == (1, "unknown_sale")
    assert machine.run("exchange", "K1-000001", stdin="{}").data["error"] == "usage"
    number = sold(machine)
    blank = machine.run("exchange", number, "--reason", " ", stdin='{"lines":[{"code":"B002"}]}')
    assert (blank.code, blank.data["error"]) == (1, "reason_needed")
    garbage = machine.run("exchange", number, "--reason", "x", stdin="bukan json")
    assert (garbage.code, garbage.data["error"]) == (2, "bad_exchange")


def test_a_tender_is_swapped(machine: Machine) -> None:
    number = sold(machine, ("qris", 10_000), ("cash", 2 * RICE - 10_000))
    words = ("swap", number, "--from", "cash", "--to", "card", "--reason", "salah tekan")
    answer = machine.run(*words, "--reference", "1234")
    assert answer.code == 0
    assert answer.data == {
        "receipt": number, "tender": 2, "from": "cash", "to": "card",
        "amount": 2 * RICE - 10_000, "reference": "1234",
    }  # fmt: skip
    assert machine.run("report", "x").data["expected"] == 100_000
    again = machine.run(*words)
    assert (again.code, again.data["error"]) == (1, "no_such_tender")
    assert machine.run("verify").data["ok"]


def test_which_of_two_alike_must_be_said(machine: Machine) -> None:
    number = sold(machine, ("card", 10_000), ("card", 2 * RICE - 10_000))
    words = ("swap", number, "--from", "card", "--to", "transfer", "--reason", "salah")
    unclear = machine.run(*words)
    assert (unclear.code, unclear.data["error"]) == (1, "tender_unclear")
    assert "1, 2" in unclear.err
    assert machine.run(*words, "--tender", "2").data["amount"] == 2 * RICE - 10_000
    paper = machine.run("receipt", number, "--format", "json").data
    assert [part["kind"] for part in paper["tenders"]] == ["card", "transfer"]


def test_a_swap_to_kasbon_needs_somebody(machine: Machine) -> None:
    number = sold(machine)
    words = ("swap", number, "--from", "cash", "--to", "credit", "--reason", "bayar besok")
    nobody = machine.run(*words)
    assert (nobody.code, nobody.data["error"]) == (1, "customer_needed")
    machine.run("customer", "add", "--name", "Pak Udin", "--limit", "50000")
    assert machine.run(*words, "--customer", "pak udin").code == 0
    assert machine.run("customers").data["debt"] == 2 * RICE


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["--from", "cash", "--to", "batu", "--reason", "x"], 2, "usage"),
        (["--from", "cash", "--to", "qris"], 2, "usage"),
        (["--from", "cash", "--to", "cash", "--reason", "x"], 1, "same_tender"),
        (["--from", "cash", "--to", "qris", "--reason", " "], 1, "reason_needed"),
        (["--from", "cash", "--to", "qris", "--reason", "x", "--tender", "7"], 1,
         "no_such_tender"),
    ],
)  # fmt: skip
def test_swaps_that_are_refused(machine: Machine, words: list[str], code: int, error: str) -> None:
    answer = machine.run("swap", sold(machine), *words)
    assert (answer.code, answer.data["error"]) == (code, error)
    assert machine.run("swap", "K9-000009", *words).code == (code if error == "usage" else 1)
