"""A network cable that can be pulled: TCP connections to a server that end when it is."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Gate:
    """Listens for a server; `pull` ends every connection and takes none until `plug`."""

    def __init__(self, url: str) -> None:
        """In front of a server, plugged in."""
        parts = urlsplit(url)
        self._server = (str(parts.hostname), int(parts.port or 80))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._pulled = False
        self._held: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def pull(self) -> None:
        """No network from now on."""
        with self._lock:
            self._pulled = True
            for one in self._held:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def plug(self) -> None:
        """The network is back."""
        with self._lock:
            self._pulled = False

    def close(self) -> None:
        """End."""
        self.pull()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                pulled = self._pulled
            if pulled:
                here.close()
                continue
            try:
                there = socket.create_connection(self._server)
            except OSError:
                here.close()
                continue
            with self._lock:
                self._held |= {here, there}
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._held.discard(one)
        one.close()


@contextlib.contextmanager
def gate(url: str) -> Iterator[Gate]:
    """A cable to a server."""
    made = Gate(url)
    try:
        yield made
    finally:
        made.close()
