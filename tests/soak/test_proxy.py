"""The proxy does what its faults are named for: else a run would prove less than it says."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.soak.log import Log
from tests.soak.plan import FAULTS, Deck
from tests.soak.proxy import INVENTED, Proxy

WAIT_S = 20.0


class _Server(ThreadingHTTPServer):
    """Answers with what it got, and counts."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Echo)
        self.bodies: list[bytes] = []
        self.changed = threading.Condition()

    def has(self, number: int) -> bool:
        """Wait for so many whole requests; whether they came."""
        with self.changed:
            return self.changed.wait_for(lambda: len(self.bodies) >= number, WAIT_S)


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        wanted = int(self.headers["Content-Length"])
        body = self.rfile.read(wanted)
        if len(body) < wanted:
            return
        with self.server.changed:
            self.server.bodies.append(body)
            self.server.changed.notify_all()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Not on the terminal."""


class _Fixed(Deck):
    """One fault, always."""

    fault = ""

    def draw(self, kind: str) -> str:
        """That one."""
        return self.fault


class Network:
    """A server, the proxy before it, and the connection of a counter."""

    def __init__(self) -> None:
        self.server = _Server()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.deck = _Fixed(1)
        self.heard: list[tuple[str, bytes]] = []
        self.log = Log()
        self.proxy = Proxy(
            self.deck, self.log, lambda door, kind, answer: self.heard.append((kind, answer))
        )
        self.port = int(self.proxy.door("a").rpartition(":")[2])
        self.proxy.upstream = self.server.server_address[1]
        self.proxy.start()
        self.proxy.is_open = True
        self.counter = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)

    def ask(self, body: bytes = b"x" * 5_000) -> tuple[int, bytes]:
        """One request over the counter's connection."""
        self.counter.request("POST", "/api/v1/sync/journal", body)
        answer = self.counter.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        """Nothing is left."""
        self.counter.close()
        self.proxy.stop()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def network() -> Iterator[Network]:
    made = Network()
    yield made
    made.close()


def test_without_a_fault_it_only_passes_on_over_one_connection(network: Network) -> None:
    assert network.ask(b"one") == (200, b"one")
    connection = network.counter.sock
    assert network.ask(b"two") == (200, b"two")
    assert network.counter.sock is connection is not None
    assert [kind for kind, _ in network.heard] == ["journal", "journal"]
    assert network.proxy.wait_for("a", "told", 2, WAIT_S) and network.proxy.seen("a", "asked") == 2
    assert not network.proxy.seen("a", "page")


@pytest.mark.parametrize("fault", sorted(INVENTED))
def test_an_invented_answer_never_was_at_the_server(network: Network, fault: str) -> None:
    network.deck.fault = fault
    status, _ = network.ask()
    assert str(status).encode() in INVENTED[fault].split(b"\r\n")[0]
    assert not network.server.bodies and not network.heard


@pytest.mark.parametrize("fault", ["delayed", "drip", "doubled"])
def test_a_whole_answer_comes_in_the_end(network: Network, fault: str) -> None:
    network.deck.fault = fault
    assert network.ask() == (200, b"x" * 5_000)
    assert network.server.has(2 if fault == "doubled" else 1)


@pytest.mark.parametrize("fault", ["late", "answer lost", "cut answer"])
def test_the_server_has_got_what_the_counter_has_no_answer_to(network: Network, fault: str) -> None:
    network.deck.fault = fault
    with pytest.raises((OSError, http.client.HTTPException)):
        network.ask()
    assert network.server.has(1)


@pytest.mark.parametrize("fault", ["cut request", "reset"])
def test_neither_has_got_anything_whole(network: Network, fault: str) -> None:
    network.deck.fault = fault
    with pytest.raises((OSError, http.client.HTTPException)):
        network.ask()
    network.deck.fault = ""
    network.counter.close()
    network.ask(b"next")
    assert network.server.has(1) and network.server.bodies == [b"next"]


@pytest.mark.parametrize("weather", ["refused", "silence"])
def test_in_bad_weather_nothing_gets_through_until_it_ends(network: Network, weather: str) -> None:
    network.proxy.befall(weather, 0.5)
    began = time.monotonic()
    with pytest.raises((OSError, http.client.HTTPException)):
        network.ask()
    if weather == "silence":
        assert time.monotonic() - began > 0.3
    network.counter.close()
    network.proxy.befall("", 0)
    assert network.ask(b"again") == (200, b"again")
    assert network.server.bodies == [b"again"]


def test_a_server_that_is_away_is_a_connection_that_breaks(network: Network) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        network.proxy.upstream = free.getsockname()[1]
    with pytest.raises((OSError, http.client.HTTPException)):
        network.ask()
    assert network.log.counts["server was away"] == 1


def test_every_fault_is_tried_here() -> None:
    tried = {
        "delayed",
        "drip",
        "doubled",
        "late",
        "answer lost",
        "cut answer",
        "cut request",
        "reset",
    }
    assert tried | set(INVENTED) == set(FAULTS)
