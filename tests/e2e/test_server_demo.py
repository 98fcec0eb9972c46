"""`huyula-server demo`: a sample shop with weeks of sales, and nothing left of it afterwards."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.helpers.process import ROOT, Machine
from tests.helpers.server_process import environment


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "server.cli.main", "--json", *words]


@contextmanager
def demo(place: Path, *words: str) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
    """The sample server with its temporary files in `place`; ended with the block."""
    place.mkdir(exist_ok=True)
    process = subprocess.Popen(
        command(*words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(TMPDIR=str(place), HUYULA_DB="sqlite:////nowhere/real.db"),
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield json.loads(line), process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def sign_in(url: str, email: str, password: str) -> dict[str, str]:
    """Sign in as a browser would; the cookies, empty where the password is wrong."""
    page = httpx.get(f"{url}/masuk")
    name, _, value = page.headers["set-cookie"].partition(";")[0].partition("=")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token is not None
    answer = httpx.post(
        f"{url}/masuk",
        data={"csrf": token[1], "email": email, "sandi": password},
        headers={"cookie": f"{name}={value}"},
    )
    if answer.status_code != 303:
        return {}
    found = [one.partition(";")[0] for one in answer.headers.get_list("set-cookie")]
    return {"cookie": "; ".join(found)}


def test_a_sample_shop_is_looked_at_joined_and_gone(tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    with demo(place, "demo", "--weeks", "1") as (said, process):
        assert set(said) == {
            "url", "port", "shop", "email", "password", "code", "expires_ms", "market", "gateway",
            "gerai",
        }  # fmt: skip
        cookies = sign_in(said["url"], said["email"], said["password"])
        base = f"{said['url']}/kelola/{said['shop'].replace('-', '')}"
        today = datetime.now(ZoneInfo("Asia/Makassar")).date()
        days = f"dari={today - timedelta(days=8)}&sampai={today}"
        sales = httpx.get(f"{base}/penjualan?{days}", headers=cookies)
        assert sales.status_code == 200 and "K1-000" in sales.text
        assert "Beras Ciherang" in httpx.get(f"{base}/barang", headers=cookies).text
        assert list(place.glob("huyula-demo-*"))
        paid = httpx.get(f"{base}/pembayaran", headers=cookies).text
        assert "Percobaan (sandbox)" in paid and httpx.get(said["gateway"]).status_code == 200

        machine = Machine(tmp_path / "other")
        assert machine.run("init", "--shop", "Kios", "--owner", "Ani").code == 0
        assert machine.run("enrol", said["url"], said["code"]).data["register"] == "K2"
        outcome = machine.run("sync", "--once").data
        assert outcome["received"] > 50 and outcome["waiting"] == 0
        assert outcome["digest_equal"] in (True, None)

        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert list(place.iterdir()) == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(said["gateway"])


def test_on_a_database_that_stays_the_password_is_another_each_time(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'kept.db'}"
    passwords = []
    for _ in range(2):
        with demo(tmp_path / "temporary", "--db", address, "demo", "--weeks", "0") as (said, _run):
            for old in passwords:
                assert not sign_in(said["url"], said["email"], old)
            assert sign_in(said["url"], said["email"], said["password"])
            passwords.append(said["password"])
    assert len(set(passwords)) == 2


def test_what_cannot_be_is_said_in_a_sentence(tmp_path: Path) -> None:
    with demo(tmp_path / "temporary", "demo", "--weeks", "0") as (said, _run):
        for words, code, error in (
            (("demo", "--weeks", "banyak"), 2, "bad_weeks"),
            (("demo", "--weeks", "53"), 2, "bad_weeks"),
            (("demo", "--port", str(said["port"])), 3, "port_taken"),
        ):
            done = subprocess.run(
                command(*words), capture_output=True, text=True, timeout=60, env=environment(),
                cwd=ROOT,
            )  # fmt: skip
            assert (done.returncode, json.loads(done.stdout)["error"]) == (code, error)
            assert done.stderr.strip()
