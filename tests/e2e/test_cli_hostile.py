"""What cannot be meant: each time one sentence and the exit code of the contract, nothing done."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from pos.cli.main import main
from tests.helpers.process import Machine, sale_line


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A shop with sample goods and an open shift, for commands in this process, too."""
    made = Machine(tmp_path)
    made.found()
    monkeypatch.setenv("HUYULA_STATE", str(made.state))
    monkeypatch.setenv("HUYULA_MACHINE", made.name)
    return made


WORDS: Final = (
    (["product", "add", "--name", "Sur\udcff", "--price", "5000"], 2, "usage"),
    (["backup", "salinan-\udcff"], 2, "usage"),
    (["product", "set", "B001", "--pack", "dus:²"], 2, "usage"),
    (["product", "set", "B001", "--pack", "dus:" + "9" * 5_000], 2, "usage"),
    (["order", "show", "9" * 25], 2, "usage"),
    (["queue", "--done", "9" * 25], 2, "usage"),
    (["queue", "--cancel", "0"], 1, "unknown_job"),
    (["setting", "set", "counter", "1"], 1, "bad_setting"),
    (["setting", "set", "language", "[" * 20_000], 1, "bad_setting"),
    (["--as", "", "staff", "add", "Ani"], 1, "unknown_staff"),
    (["printer", "add", "dapur", "tcp:192.168.1..50"], 2, "bad_connection"),
)


def test_words_that_cannot_be_meant(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    for words, code, error in WORDS:
        assert main(["--data", str(machine.data), "--json", *words]) == code, words
        out, err = capsys.readouterr()
        answer = json.loads(out)
        assert (answer["error"], answer["message"]) == (error, err.strip()), words


def test_nobody_is_added_with_a_pin_that_cannot_be_one(
    machine: Machine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the name would be taken when it is said again with a right one."""
    words = ["--data", str(machine.data), "--json", "staff", "add", "Ani", "--pin-from", "PIN_ANI"]
    monkeypatch.setenv("PIN_ANI", "123")
    assert main(words) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "bad_pin"
    monkeypatch.setenv("PIN_ANI", "1234")
    assert main(words) == 0


def test_a_line_that_cannot_be_read_does_not_end_the_stream(machine: Machine) -> None:
    """Whatever characters the computer has: JSON is UTF-8."""
    huge = json.loads(sale_line()) | {"tenders": [{"kind": "cash", "amount": 10**18}] * 10}
    lines = [
        sale_line(ref="teh é").encode(),
        b"[" * 20_000 + b"\n",
        b'{"lines":[],"x":' + b"[" * 20_000 + b"\n",
        b'{"ref":"\xff"}\n',
        json.dumps(huge).encode() + b"\n",
        sale_line(ref="meja 3").encode(),
    ]
    done = subprocess.run(
        machine.command("sell"),
        input=b"".join(lines),
        capture_output=True,
        env=machine.environment(PYTHONIOENCODING="ascii"),
        timeout=120,
    )
    assert b"Traceback" not in done.stderr, done.stderr
    assert done.returncode == 1
    said = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [one.get("error") for one in said] == [
        None, "bad_sale_line", "bad_sale_line", "bad_sale_line", "bad_tender", None,
    ]  # fmt: skip
    assert (said[0]["ref"], said[-1]["ref"]) == ("teh é", "meja 3")


def test_an_exchange_that_cannot_be_read(machine: Machine) -> None:
    machine.sell()
    for text in ("[" * 20_000, '{"lines":' + "[" * 20_000):
        answer = machine.run("exchange", "K1-000001", "--reason", "tukar", stdin=text)
        assert (answer.code, answer.data["error"]) == (2, "bad_exchange")


def test_an_error_is_said_also_where_nobody_reads_the_answers(machine: Machine) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run(
        machine.command("receipt", "K1-000009"),
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
        env=machine.environment(),
        timeout=120,
    )
    os.close(writes)
    assert done.returncode == 1
    assert done.stderr.startswith("Struk K1-000009 tidak ditemukan")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="closed by a shell of POSIX")
def test_answers_may_be_closed(machine: Machine) -> None:
    words = [
        "sh",
        "-c",
        'exec "$@" >&- <&-',
        "sh",
        *machine.command("cash", "in", "5", "--reason", "x"),
    ]
    done = subprocess.run(
        words, stderr=subprocess.PIPE, text=True, env=machine.environment(), timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
