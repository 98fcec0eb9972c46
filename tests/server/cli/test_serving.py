"""The server as a process: it answers, logs without secrets, and ends in order."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.helpers.postgres import Addresses
from tests.helpers.server_process import environment, server_command, serving

pytestmark = pytest.mark.slow


def test_it_serves_and_ends_when_it_is_told_to(address: str) -> None:
    with serving(address) as served:
        ready = httpx.get(f"{served.url}/readyz?token=hush", headers={"cookie": "hush"})
        assert ready.json()["status"] == "ok"
        assert "server" not in ready.headers
        assert httpx.get(f"{served.url}/openapi.json").json()["openapi"] == "3.1.0"
        assert "huyula_requests_total" in httpx.get(f"{served.url}/metrics").text
        code, logged = served.stop()
    assert code == 0
    lines = [json.loads(line) for line in logged.splitlines()]
    assert [(one["route"], one["status"]) for one in lines if one["event"] == "request"] == [
        ("/readyz", 200),
        ("/openapi.json", 200),
        ("/metrics", 200),
    ]
    assert "hush" not in logged and "Traceback" not in logged


def test_an_endless_body_is_cut_on_a_real_connection(address: str) -> None:
    with serving(address, HUYULA_BODY_BYTES="5000") as served:
        port = int(served.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(
                b"POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            sent = 0
            with pytest.raises(OSError):
                for _ in range(10_000):
                    connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
                    sent += 1024
            assert sent < 10_000 * 1024
        assert httpx.get(f"{served.url}/healthz").status_code == 200


def test_a_port_that_is_taken_is_one_sentence(address: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            server_command(address, "serve", "--port", port),
            capture_output=True,
            text=True,
            env=environment(),
            timeout=60,
        )
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"] == "port_taken"
    assert len(done.stderr.splitlines()) == 1


def test_it_does_not_serve_as_a_role_that_could_read_everything(postgres: Addresses) -> None:
    done = subprocess.run(
        server_command(postgres.superuser, "serve", "--port", "0"),
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
    )
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"] == "unsafe_role"


_SLOW = """
import sys
from server.app import application
from server.cli.main import main
from server.http.routes import Reply, Route

def slow(call):
    print("began", flush=True)
    sys.stdin.readline()
    return Reply(b"whole")

application.area_routes = lambda: [Route("GET", "/slow", "Slow", slow)]
sys.exit(main(sys.argv[1:]))
"""


def _takes_nobody_new(url: str) -> bool:
    """Wait until the server has heard that it is to stop."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if httpx.get(f"{url}/readyz", timeout=30).status_code == 503:
                return True
        except httpx.TransportError:
            return True
    return False


def test_what_was_begun_is_finished(address: str) -> None:
    command = server_command(address, "serve", "--port", "0")
    process = subprocess.Popen(
        [command[0], "-c", _SLOW, *command[3:]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        url = json.loads(process.stdout.readline())["url"]
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(httpx.get, f"{url}/slow", timeout=60)
            assert process.stdout.readline() == "began\n"
            process.send_signal(signal.SIGTERM)
            assert _takes_nobody_new(url)
            assert not answer.done()
            process.stdin.write("\n")
            process.stdin.flush()
            assert answer.result(timeout=30).text == "whole"
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()
