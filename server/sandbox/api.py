"""The sandbox gateway over HTTP: Midtrans' calls, and how its faults are chosen."""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.sandbox.book import Book, Refusal
from server.sandbox.faults import Answering, Faults, Wish

_MOST_BYTES: Final = 256 * 1024
_MOST_DELAY_S: Final = 120.0


class Api:
    """The endpoints, over one book."""

    def __init__(self, book: Book) -> None:
        """Speaks for `book`."""
        self._book = book

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/v2/charge", self._charge, methods=["POST"]),
            Route("/v2/{key}/status", self._status, methods=["GET"]),
            Route("/v2/{key}/cancel", self._cancel, methods=["POST"]),
            Route("/v2/{key}/expire", self._expire, methods=["POST"]),
            Route("/v2/{key}/refund", self._refund, methods=["POST"]),
            Route("/v2/{key}/refund/online/direct", self._refund, methods=["POST"]),
            Route("/snap/v1/transactions", self._snap, methods=["POST"]),
            Route("/sandbox/faults", self._faults, methods=["POST"]),
            Route("/sandbox/orders", self._orders, methods=["GET"]),
            Route("/sandbox/orders/{key}/{what}", self._act, methods=["POST"]),
        ]

    async def _charge(self, request: Request) -> Response:
        def work(server_key: str, body: dict[str, Any]) -> dict[str, Any]:
            return self._book.charge(server_key, body, **_told(request), base=base_of(request))

        return await self._answer(request, work, self._charging)

    async def _snap(self, request: Request) -> Response:
        def work(server_key: str, body: dict[str, Any]) -> dict[str, Any]:
            token = self._book.open_page(server_key, body, **_told(request))
            page = f"{base_of(request)}/snap/v4/redirection/{token}"
            return {"token": token, "redirect_url": page}

        return await self._answer(request, work, self._charging, created=True)

    async def _status(self, request: Request) -> Response:
        key = request.path_params["key"]
        return await self._answer(
            request, lambda server_key, _: self._book.status(server_key, key), self._asking
        )

    async def _cancel(self, request: Request) -> Response:
        key = request.path_params["key"]
        return await self._answer(request, lambda mine, _: self._book.cancel(mine, key))

    async def _expire(self, request: Request) -> Response:
        key = request.path_params["key"]
        return await self._answer(request, lambda mine, _: self._book.expire(mine, key))

    async def _refund(self, request: Request) -> Response:
        key = request.path_params["key"]

        def how(faults: Faults, _key: str) -> Answering:
            return "error_after" if faults.refund == "error_after" else "ok"

        return await self._answer(
            request, lambda mine, body: self._book.refund(mine, key, body), how
        )

    async def _answer(
        self,
        request: Request,
        work: Callable[[str, dict[str, Any]], dict[str, Any]],
        how: Callable[[Faults, str], Answering] | None = None,
        *,
        created: bool = False,
    ) -> Response:
        """Do what is asked as the merchant that asks, with the faults that are wished for."""
        try:
            server_key = _server_key(request)
            body = await _body(request)
            key = request.path_params.get("key", "") or _order_of(body)
            faults = self._book.faults_of(self._order_id(key))
            way = how(faults, key) if how else "ok"
            if way == "error_before":
                return _broken()
            answer = await run_in_threadpool(work, server_key, body)
        except Refusal as refusal:
            return _refused(refusal, is_snap=created)
        if way == "late":
            await run_in_threadpool(time.sleep, min(faults.delay_s, _MOST_DELAY_S))
        if way == "error_after":
            return _broken()
        return JSONResponse(answer, 201 if created else 200)

    def _order_id(self, key: str) -> str:
        try:
            return self._book.find(key).order_id
        except Refusal:
            return key

    def _charging(self, faults: Faults, _key: str) -> Answering:
        return faults.charge

    def _asking(self, faults: Faults, _key: str) -> Answering:
        return faults.status

    # -- what a tester wants
    async def _faults(self, request: Request) -> Response:
        try:
            wish = msgspec.json.decode(await request.body(), type=Wish)
        except msgspec.DecodeError as error:
            return JSONResponse({"error": str(error)}, 400)
        self._book.wish(wish)
        return JSONResponse({"ok": True})

    async def _orders(self, _request: Request) -> Response:
        return JSONResponse([one.fields() for one in self._book.all()])

    async def _act(self, request: Request) -> Response:
        try:
            one = self._book.find(request.path_params["key"])
            act(self._book, one.id, request.path_params["what"], request.query_params)
        except Refusal as refusal:
            return _refused(refusal)
        return JSONResponse(one.fields())


def act(book: Book, transaction_id: str, what: str, given: Any) -> None:
    """Do to a transaction what buyers, banks and time do.

    Raises:
        Refusal: there is no such thing to do.
    """
    acts: dict[str, Callable[[str], None]] = {
        "pay": book.pay,
        "settle": book.settle,
        "deny": book.deny,
        "expire": book.expire_late,
        "chargeback": book.charge_back,
        "refund": lambda one: book.give_back(one, int(given.get("amount", "0") or 0)),
    }
    if what not in acts:
        raise Refusal("404", "There is no such thing to do.")
    acts[what](transaction_id)


def base_of(request: Request) -> str:
    """The address that this service was asked at."""
    return str(request.base_url).rstrip("/")


def _told(request: Request) -> dict[str, str]:
    return {
        "notify": request.headers.get("x-override-notification", ""),
        "repeat": request.headers.get("idempotency-key", "")[:36],
    }


def _server_key(request: Request) -> str:
    """The merchant: any key of a sandbox is one, a real one is not let in."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        user, colon, password = "", "", ""
    if kind.lower() != "basic" or not colon or password or not user.startswith("SB-"):
        raise Refusal("401", "Unknown Merchant server_key/id")
    return user


async def _body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    if len(raw) > _MOST_BYTES:
        raise Refusal("413", "The request is too large.")
    try:
        data = json.loads(raw) if raw else {}
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise Refusal("400", "Bad request", "the body is not JSON")
    return data


def _order_of(body: dict[str, Any]) -> str:
    details = body.get("transaction_details")
    return str(details.get("order_id", "")) if isinstance(details, dict) else ""


def _refused(refusal: Refusal, *, is_snap: bool = False) -> Response:
    code = refusal.body["status_code"]
    if is_snap:
        messages = refusal.body.get("validation_messages") or [refusal.body["status_message"]]
        return JSONResponse({"error_messages": messages}, int(code))
    # The Core API says what it says in the body; HTTP's status is 200 for most of it.
    return JSONResponse(refusal.body, int(code) if code in ("401", "500") else 200)


def _broken() -> Response:
    return JSONResponse({"status_code": "500", "status_message": "Sorry. Our system is down"}, 500)
