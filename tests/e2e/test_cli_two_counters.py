"""What the command line says where two counters share a shop: one number twice, PINs apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pos.receipts.naming import Named, receipts_named
from pos.staff.people import add_staff
from pos.staff.pins import set_pin
from tests.helpers.process import Answer, Machine
from tests.helpers.twin_counters import NUMBER, Twins

HERE, THERE, NEW = "1111", "2222", "909090"


class Counters:
    """The first counter's folder as a machine, and both receipts of one number."""

    def __init__(self, place: Path) -> None:
        twins = Twins(place)
        first, second = twins.counters
        set_pin(first, first.staff_id, HERE)
        self.foreign_owner = second.staff_id.hex()
        set_pin(second, second.staff_id, THERE)
        set_pin(second, add_staff(second, "Budi", "cashier"), THERE)
        twins.meet()
        self.own: Named
        self.other: Named
        self.own, self.other = receipts_named(first.db, NUMBER)
        twins.close()
        self.machine = Machine(place / "0")
        self.machine.data = place / "0" / "shop"

    def run(self, *words: str, stdin: str = "", pin: str = HERE, **env: str) -> Answer:
        """Run a command with the PIN of who acts."""
        return self.machine.run(*words, stdin=stdin, HUYULA_PIN=pin, **env)


@pytest.fixture
def counters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counters:
    monkeypatch.setenv("HUYULA_MACHINE", "one")
    return Counters(tmp_path)


def test_a_number_of_two_receipts_is_refused_everywhere_with_the_choices(
    counters: Counters,
) -> None:
    out = json.dumps({"lines": [{"code": "x"}]})
    for words in (
        ("receipt", NUMBER, "--format", "json"),
        ("reprint", NUMBER),
        ("refund", NUMBER, "--reason", "rusak"),
        ("exchange", NUMBER, "--reason", "rusak"),
        ("swap", NUMBER, "--from", "cash", "--to", "qris", "--reason", "salah"),
    ):
        answer = counters.run(*words, stdin=out)
        assert (answer.code, answer.data["error"]) == (1, "ambiguous_receipt"), words
        for one in (counters.own, counters.other):
            assert one.reference in answer.data["message"] and one.reference in answer.err
    assert counters.run("verify", pin="").data["sales"] == 4


def test_mark_or_device_say_which(counters: Counters) -> None:
    own, other = counters.own, counters.other
    assert counters.run("receipt", other.reference, "--format", "json").data["total"] == 5_000
    device = f"{NUMBER}@{own.device.hex()}"
    assert counters.run("receipt", device, "--format", "json").data["total"] == 2_500
    back = counters.run("refund", other.reference, "--reason", "rusak")
    assert (back.code, back.data["refunded"], back.data["total"]) == (0, NUMBER, -5_000)
    words = ("--from", "cash", "--to", "qris", "--reason", "salah tekan")
    assert counters.run("swap", own.reference, *words).data["receipt"] == NUMBER
    late = counters.run("swap", other.reference, *words)
    assert (late.code, late.data["error"]) == (1, "swap_too_late")
    assert counters.run("receipt", f"{NUMBER}@XXXX").data["error"] == "unknown_receipt"
    listed = counters.run("receipts", "--search", other.reference).lines
    assert [(row["receipt"], row["register"], row["refunded"]) for row in listed] == [
        (NUMBER, "K2", 5_000)
    ]
    assert counters.run("verify", pin="").data["ok"]


def test_a_pin_is_set_at_this_counter_by_who_has_one_here(counters: Counters) -> None:
    away = counters.run("--as", "Budi", "cash", "in", "1000", "--reason", "receh", pin=THERE)
    assert away.data["error"] == "pin_not_here"
    set_it = counters.run("staff", "pin", "Budi", "--pin-from", "BARU", BARU=NEW)
    assert (set_it.code, set_it.data["name"]) == (0, "Budi")
    mine = counters.run("--as", "Budi", "receipt", counters.own.reference, pin=NEW)
    assert mine.code == 0
    wrong = counters.run("--as", "Budi", "drawer", "--reason", "uji", pin=THERE)
    assert wrong.data["error"] == "wrong_pin"


@pytest.mark.parametrize(
    ("given", "error"), [({}, "usage"), ({"BARU": "12"}, "bad_pin"), ({"BARU": NEW}, "")]
)
def test_the_other_owner_is_named_by_id_and_the_pin_comes_from_a_variable(
    counters: Counters, given: dict[str, str], error: str
) -> None:
    answer = counters.run("staff", "pin", counters.foreign_owner, "--pin-from", "BARU", **given)
    assert answer.data.get("error", "") == error
    staff = {row["id"]: row["pin"] for row in counters.run("staff", "list").lines}
    assert staff[counters.foreign_owner] is (error == "")
