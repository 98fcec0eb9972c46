"""What the sandbox gateway does later: payments by themselves, and notifications that are sent."""

from __future__ import annotations

import hashlib
import heapq
import itertools
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import requests

from server.sandbox.faults import Faults

_log = logging.getLogger("huyula.sandbox")
_TIMEOUT_S: Final = 15
WAITS_MINUTES: Final = (2, 10, 30, 90, 210)


class Later:
    """Runs things at their time, one after the other, in a thread of its own."""

    def __init__(self) -> None:
        """The thread is started at once."""
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._bell = threading.Condition()
        self._ends = False
        self._thread = threading.Thread(target=self._run, name="sandbox-later", daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], None], after_s: float = 0) -> None:
        """Run `work` after so many seconds."""
        with self._bell:
            heapq.heappush(self._waiting, (time.monotonic() + after_s, next(self._numbers), work))
            self._bell.notify()

    def close(self) -> None:
        """Run nothing more."""
        with self._bell:
            self._ends = True
            self._bell.notify()
        self._thread.join(_TIMEOUT_S)

    def _run(self) -> None:
        while True:
            with self._bell:
                while not self._ends and not self._is_due():
                    self._bell.wait(self._pause())
                if self._ends:
                    return
                _due, _number, work = heapq.heappop(self._waiting)
            try:
                work()
            except Exception as error:
                _log.error("what was to be done later failed", exc_info=error)

    def _is_due(self) -> bool:
        return bool(self._waiting) and self._waiting[0][0] <= time.monotonic()

    def _pause(self) -> float | None:
        return max(0.0, self._waiting[0][0] - time.monotonic()) if self._waiting else None


class Notifier:
    """Sends notifications as faults will have it, and again where they are not taken."""

    def __init__(self, later: Later, minute_s: float = 60) -> None:
        """`minute_s`: how long a minute between two tries lasts here."""
        self._later = later
        self._minute_s = minute_s
        self._held: dict[str, list[dict[str, Any]]] = {}
        self.sent: list[dict[str, Any]] = []

    def tell(self, url: str, fields: dict[str, Any], server_key: str, faults: Faults) -> None:
        """Tell `url` how a transaction stands."""
        if not url or faults.notify == "lost":
            return
        body = signed(fields, server_key)
        match faults.notify:
            case "doubled":
                for _ in range(5):
                    self._later.do(lambda: self._send(url, body))
            case "delayed":
                self._later.do(lambda: self._send(url, body), faults.delay_s)
            case "reordered":
                self._reorder(url, body, faults.delay_s)
            case "forged":
                for forged in forgeries(body):
                    self._later.do(lambda forged=forged: self._send(url, forged))  # type: ignore[misc]
                self._later.do(lambda: self._send(url, body))
            case _:
                self._later.do(lambda: self._send(url, body))

    def _reorder(self, url: str, body: dict[str, Any], delay_s: float) -> None:
        """The first that is told of an order comes after all the others."""
        order = str(body["order_id"])
        if order not in self._held:
            self._held[order] = [body]
            self._later.do(lambda: self._send(url, body), delay_s)
        else:
            self._later.do(lambda: self._send(url, body))

    def _send(self, url: str, body: dict[str, Any], tries: int = 0) -> None:
        status = self._post(url, body)
        self.sent.append({"status": status, "tries": tries, **body})
        most = {500: 1, 503: 4, 400: 2, 404: 2, 301: 0, 302: 0, 303: 0}.get(status, 5)
        if not 200 <= status < 300 and tries < most:
            wait_s = WAITS_MINUTES[tries] * self._minute_s
            self._later.do(lambda: self._send(url, body, tries + 1), wait_s)

    def _post(self, url: str, body: dict[str, Any]) -> int:
        text = json.dumps(body)
        headers = {"Content-Type": "application/json", "User-Agent": "Veritrans"}
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.post(
                    url, data=text, headers=headers, timeout=_TIMEOUT_S, allow_redirects=False
                ).status_code
        except requests.exceptions.RequestException:
            return 0


def signed(fields: dict[str, Any], server_key: str) -> dict[str, Any]:
    """A notification's body."""
    code, amount = fields["status_code"], fields["gross_amount"]
    made = _signature(fields["order_id"], code, amount, server_key)
    message = "midtrans payment notification"
    return {**fields, "status_message": message, "signature_key": made}


def _signature(order_id: str, code: str, amount: str, server_key: str) -> str:
    # Written anew rather than taken from the payments: a fault there must not be met by its twin.
    return hashlib.sha512(f"{order_id}{code}{amount}{server_key}".encode()).hexdigest()


def forgeries(body: dict[str, Any]) -> list[dict[str, Any]]:
    """What somebody without the key, or with an old notification, may try."""
    paid = {"transaction_status": "settlement", "status_code": "200"}
    return [
        {**body, **paid, "signature_key": "0" * 128},
        {**body, **paid, "signature_key": _signature(body["order_id"], "200", "1.00", "guess")},
        # A good signature under another status: it does not cover that field.
        {**body, "transaction_status": "settlement"},
        {**body, **paid, "gross_amount": "1.00"},
        {**body, **paid, "order_id": "HY-00000000000000000000000000000000-1"},
    ]
