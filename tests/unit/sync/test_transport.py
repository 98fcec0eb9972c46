"""HTTP with bounds, against a little server that misbehaves."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pos.sync import transport
from pos.sync.transport import HttpSender
from pos.sync.wire import NoAnswer, Wire


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        if self.path.startswith("/move"):
            self.send_response(302)
            self.send_header("location", "/elsewhere")
            self.end_headers()
        elif self.path.startswith("/trickle"):
            self.send_response(200)
            self.send_header("content-length", "80")
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(80):
                    self.wfile.write(b"x")
                    threading.Event().wait(0.1)
        elif self.path.startswith("/cut"):
            self.send_response(200)
            self.send_header("content-length", "1000")
            self.end_headers()
            self.wfile.write(b"half")
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            size = 4_000 if self.path.startswith("/long") else 0
            self.wfile.write(self.path.encode() + b" " + body + bytes(size))
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def wire(path: str, timeout_s: float = 5.0) -> Wire:
    return Wire("POST", path, "a=1", {"x": "y"}, b"body", timeout_s)


def test_bytes_go_out_and_come_back_as_they_are(address: str) -> None:
    sender = HttpSender(address + "/")
    received = sender(wire("/api"))
    assert (received.status, received.body) == (200, b"/api?a=1 body")
    assert received.headers["content-type"] == "text/plain"
    sender.close()


def test_a_redirect_is_not_followed(address: str) -> None:
    assert HttpSender(address)(wire("/move")).status == 302


@pytest.mark.parametrize("path", ["/cut", "/long"])
def test_cut_and_endless_answers_are_none(
    address: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "UNPACKED_BYTES", 2_000)
    with pytest.raises(NoAnswer):
        HttpSender(address)(wire(path))


def test_nobody_there_is_no_network() -> None:
    with pytest.raises(NoAnswer) as refused:
        HttpSender("http://127.0.0.1:9")(wire("/api"))
    assert refused.value.details["why"] == "connection"


def test_an_answer_that_trickles_in_is_given_up(address: str) -> None:
    with pytest.raises(NoAnswer) as refused:
        HttpSender(address)(wire("/trickle", timeout_s=0.5))
    assert refused.value.details["why"] == "timeout", "all of it would have come"
