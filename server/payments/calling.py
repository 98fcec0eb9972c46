"""One call over HTTPS with a server key: bounded in time and size, never sent elsewhere."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import requests
import urllib3

from server.payments.provider import ProviderSilent

_MOST_BYTES: Final = 256 * 1024
_CONNECT_S: Final = 4.0


class Answer(NamedTuple):
    """What came back; `code` is what the body says of itself, else HTTP's."""

    code: str
    data: dict[str, Any]
    text: str


class Caller:
    """Sends requests with a key."""

    def __init__(self, key: str, timeout_s: float) -> None:
        """`timeout_s` for a call as a whole."""
        self._auth = (key, "")
        self._timeout_s = timeout_s

    def send(
        self,
        method: str,
        url: str,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        within_s: float = 0,
    ) -> Answer:
        """One request and its answer.

        Raises:
            ProviderSilent: none in time, or none with sense; it may have been done all the same.
        """
        limit_s = within_s or self._timeout_s
        ends = time.monotonic() + limit_s
        sent = {"Accept": "application/json", **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            # Neither a redirect nor a proxy or .netrc of the machine gets the key.
            with requests.Session() as session:
                session.trust_env = False
                with session.request(
                    method,
                    url,
                    data=None if body is None else body.encode(),
                    headers=sent,
                    auth=self._auth,
                    timeout=(min(_CONNECT_S, limit_s), limit_s),
                    allow_redirects=False,
                    stream=True,
                ) as answer:
                    text = _read(answer, ends)
                    return _understood(answer.status_code, text)
        except requests.exceptions.Timeout:
            raise ProviderSilent(why="late") from None
        except urllib3.exceptions.TimeoutError:
            raise ProviderSilent(why="late") from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError):
            # Its text has the address; the trace would have the header with the key.
            raise ProviderSilent(why="unreachable") from None


def _read(answer: requests.Response, ends: float) -> str:
    parts, size = [], 0
    # What has come so far, however little: a sender of drops is not waited for beyond the end.
    while part := answer.raw.read1(16_384, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > _MOST_BYTES:
            raise ProviderSilent(why="unreadable")
        if time.monotonic() > ends:
            raise ProviderSilent(why="late")
    return b"".join(parts).decode("utf-8", "replace")


def _understood(status: int, text: str) -> Answer:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        # A page of something in between says nothing about the payment, whatever its status.
        raise ProviderSilent(why="unreadable" if status < 500 else "code", said=str(status))
    own = data.get("status_code")
    return Answer(own if isinstance(own, str) and own else str(status), data, text)
