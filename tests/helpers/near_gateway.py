"""The sandbox gateway's book without its service: Midtrans' adapter speaks with it directly."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from server.payments.calling import Answer
from server.payments.midtrans import Access, Midtrans
from server.payments.provider import ProviderSilent
from server.sandbox.book import Book, Refusal
from server.sandbox.faults import Faults


class _Never:
    """Nothing happens by itself here."""

    def do(self, _work: Callable[[], None], _after_s: float = 0) -> None:
        """Do nothing."""


class _Told:
    """Keeps what would be notified."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def tell(self, _url: str, fields: dict[str, Any], key: str, _faults: Faults) -> None:
        """Keep it, signed."""
        from server.sandbox.sending import signed

        self.heard.append(json.dumps(signed(fields, key)).encode())


class NearGateway:
    """A book, what it told, and how its answers are lost: "" or "before" or "after" it was done."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self.told = _Told()
        self.book = Book(self.told, _Never(), now_ms)  # type: ignore[arg-type]
        self.lost = ""

    def connect(self, access: Access) -> Midtrans:
        """The adapter, which calls the book."""
        made = Midtrans(access)
        made._caller = _Caller(self, access.server_key)  # type: ignore[assignment]
        return made


class _Caller:
    def __init__(self, gateway: NearGateway, key: str) -> None:
        self._gateway, self._key = gateway, key

    def send(
        self,
        _method: str,
        url: str,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        within_s: float = 0,
    ) -> Answer:
        """One call."""
        if self._gateway.lost == "before":
            raise ProviderSilent(why="late")
        try:
            data = self._done(
                url.partition("/v2/")[2].split("/"), json.loads(body or "{}"), headers
            )
        except Refusal as refusal:
            data = refusal.body
        if self._gateway.lost == "after":
            raise ProviderSilent(why="late")
        return Answer(data["status_code"], data, json.dumps(data))

    def _done(
        self, parts: list[str], body: dict[str, Any], headers: Mapping[str, str] | None
    ) -> dict[str, Any]:
        book = self._gateway.book
        if parts == [""]:  # not below /v2/: Snap
            repeat = (headers or {})["Idempotency-Key"]
            token = book.open_page(self._key, body, notify="x", repeat=repeat)
            page = f"https://sandbox.invalid/snap/v4/redirection/{token}"
            return {"status_code": "201", "token": token, "redirect_url": page}
        match parts:
            case ["charge"]:
                repeat = (headers or {})["Idempotency-Key"]
                return book.charge(self._key, body, notify="x", repeat=repeat, base="")
        return about_one(book, self._key, parts, body)


def about_one(
    book: Book, server_key: str, parts: list[str], body: dict[str, Any]
) -> dict[str, Any]:
    """What the book says to a call about one transaction; `parts` of the path behind /v2/."""
    match parts:
        case [key, "status"]:
            return book.status(server_key, key)
        case [key, "cancel"]:
            return book.cancel(server_key, key)
        case [key, "refund", *_]:
            return book.refund(server_key, key, body)
    raise AssertionError(parts)
