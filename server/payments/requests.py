"""The address at which providers tell us: answered quickly, the same to everybody, never moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from server.http.routes import Call, Reply, Route
from server.payments.door import OrderDoor
from server.payments.hearing import notified
from server.payments.paying import Paying

NOTIFY: Final = "/bayar/{provider}/kabar"


def payment_routes(door: OrderDoor) -> list[Route]:
    """The routes; `door` is the orders' side."""
    told = _hearing(door)
    # A redirect would make the notification an empty GET: the address with a slash is one, too.
    return [
        Route("POST", path, "A payment provider tells of a payment", told, is_published=False)
        for path in (NOTIFY, f"{NOTIFY}/")
    ]


def notify_address(base: str, provider: str) -> str:
    """Where a provider reaches the server at `base`."""
    return base.rstrip("/") + NOTIFY.format(provider=provider)


def _hearing(door: OrderDoor) -> Callable[[Call], Reply]:
    def told(call: Call) -> Reply:
        """A notification: whether it was genuine is not said, but where it is to come again."""
        heard = notified(Paying(call.services, door), call.places["provider"], call.raw)
        status = 503 if heard == "later" else 200
        return Reply(b"OK" if status == 200 else b"", "text/plain; charset=utf-8", status)

    return told
