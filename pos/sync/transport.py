"""Requests over HTTP, with bounds: no redirects (a portal's trick), no endless answers."""

from __future__ import annotations

import time
from typing import Final

import requests
from urllib3.exceptions import HTTPError

from core.sync.limits import UNPACKED_BYTES
from pos.sync.wire import NoAnswer, Received, Wire

CONNECT_S = 10.0
LEAST_PACE: Final = 512
"""Bytes a second that an answer comes with at least, as the server wants it of what is sent."""

_CHUNK = 64 * 1024


class HttpSender:
    """Sends to one server; a connection is kept between requests."""

    def __init__(self, url: str) -> None:
        """`url` is the server's address, as enrolled."""
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = True

    def __call__(self, wire: Wire) -> Received:
        """One exchange.

        Raises:
            NoAnswer: no connection, cut off, or too long an answer; `why` says which.
        """
        target = f"{self._url}{wire.path}" + (f"?{wire.query}" if wire.query else "")
        try:
            with self._session.request(
                wire.method,
                target,
                data=wire.body or None,
                headers=wire.headers,
                timeout=(CONNECT_S, wire.timeout_s),
                allow_redirects=False,
                stream=True,
            ) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Received(answer.status_code, headers, _body(answer, wire.timeout_s))
        except requests.exceptions.SSLError as error:
            raise NoAnswer(why="tls") from error
        except requests.exceptions.Timeout as error:
            raise NoAnswer(why="timeout") from error
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            raise NoAnswer(why="connection") from error

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _body(answer: requests.Response, wait_s: float) -> bytes:
    parts: list[bytes] = []
    size, began = 0, time.monotonic()
    # As it comes: a timeout is of one part alone, and what trickles in would hold sync for ever.
    while part := answer.raw.read1(_CHUNK, decode_content=False):
        size += len(part)
        if time.monotonic() - began > wait_s + size / LEAST_PACE:
            raise NoAnswer(why="timeout")
        if size > UNPACKED_BYTES:
            raise NoAnswer(why="too_long")
        parts.append(part)
    return b"".join(parts)
