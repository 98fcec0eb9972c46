"""The sandbox gateway as a tester meets it."""

from __future__ import annotations

import signal
import subprocess
import sys

import requests

from tests.helpers.process import ROOT
from tests.helpers.sandbox import charge_of, sandbox_running
from tests.helpers.server_process import environment


def test_a_tester_pays_by_hand_on_pages_without_a_script() -> None:
    with sandbox_running("--faults", '{"notify":"lost"}') as sandbox:
        gateway = sandbox.midtrans()
        gateway.charge(charge_of("HY-<b>1".replace("<b>", "b")))
        home = requests.get(sandbox.url, timeout=10)
        assert "HY-b1" in home.text and "Rp 28.000" in home.text and "<script" not in home.text
        assert "default-src 'none'" in home.headers["content-security-policy"]
        place = home.text.partition("href='")[2].partition("'")[0]
        shown = requests.post(sandbox.url + place, data={"what": "pay"}, timeout=10)
        assert "lunas" in shown.text
        said = gateway.status("HY-b1")
        assert said is not None and said.state == "paid"
        wrong = requests.post(sandbox.url + place, data={"what": "steal"}, timeout=10)
        assert wrong.status_code == 404
        sandbox.process.send_signal(signal.SIGTERM)
        assert sandbox.process.wait(20) == 0


def test_names_from_outside_are_shown_as_text() -> None:
    with sandbox_running() as sandbox:
        charge = charge_of("HY-2", method="snap", back="javascript:alert(1)")
        lines = (charge.lines[0]._replace(name="<img src=x>", amount=28_000),)
        page = sandbox.midtrans().charge(charge._replace(lines=lines)).shown.page
        text = requests.get(page, timeout=10).text
        assert "<img src=x>" not in text and "&lt;img src=x&gt;" in text
        requests.post(page, data={"what": "gopay:"}, timeout=10)
        assert "javascript:" not in requests.get(page, timeout=10).text


def test_faults_that_it_does_not_know_are_refused() -> None:
    with sandbox_running() as sandbox:
        wish = {"faults": {"notify": "sometimes"}}
        answer = requests.post(f"{sandbox.url}/sandbox/faults", json=wish, timeout=10)
        assert answer.status_code == 400
    words = ["sandbox", "--port", "0", "--faults", '{"pay":"perhaps"}']
    done = subprocess.run(
        [sys.executable, "-m", "server.cli.main", "--json", *words],
        capture_output=True,
        env=environment(),
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 2 and b"Traceback" not in done.stderr
