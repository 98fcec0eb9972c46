"""`huyula-pos demo`: the sample shop brings a server along and takes it with it when it ends."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.display import Display, display, end, until
from tests.helpers.process import ROOT, Machine
from tests.helpers.server_process import environment, server_command

__all__ = ["display"]


def _sales(database: Path) -> list[Any]:
    """What the server of a sample shop has been told."""
    done = subprocess.run(
        server_command(f"sqlite:///{database}", "sales", "Warung Huyula"),
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(),
        cwd=ROOT,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _servers(database: Path) -> list[int]:
    """Process ids of servers on a database."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"server.cli.main" in words and any(str(database).encode() in word for word in words):
            found.append(int(file.parent.name))
    return found


def test_in_the_terminal_the_main_job_ends_in_step_with_the_server(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "demo")
    database = machine.data / "server" / "server.db"
    for sent in (6, 1):
        answer = machine.run("demo", "--terminal", json_out=False)
        assert answer.code == 0, answer.err
        assert f"Sinkron / sync: {sent} terkirim" in answer.out
        assert "0 menunggu / waiting" in answer.out
        assert not _servers(database)
    assert [row["receipt"] for row in _sales(database)] == ["K1-000001", "K1-000002"]


def test_without_a_server_the_sample_shop_goes_on(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "demo")
    place = machine.data / "server" / "server.db"
    place.parent.mkdir(parents=True)
    place.write_text("this is no database")
    answer = machine.run("demo", "--terminal", json_out=False)
    assert answer.code == 0
    assert "K1-000001" in answer.out and "Sinkron / sync" not in answer.out
    assert "tanpa server" in answer.err


@pytest.mark.display
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_windows_server_ends_with_it(
    display: Display, tmp_path: Path, how: signal.Signals
) -> None:
    machine = Machine(tmp_path / "demo")
    database = machine.data / "server" / "server.db"
    counter = subprocess.Popen(
        machine.command("demo", json_out=False),
        env=machine.environment(**display.environment),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: len(_servers(database)) == 1, "no server")
        until(lambda: display.ask("search", "--name", "^Huyula$"), "no window")
        counter.send_signal(how)
        counter.wait(30)
        until(lambda: not _servers(database), "the server outlived the counter")
    finally:
        end(counter)  # type: ignore[arg-type]
