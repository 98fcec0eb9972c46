"""Pages of the sandbox gateway: where a tester pays or refuses, and what a buyer sees of Snap.

Without a script: every button is a form.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from html import escape
from typing import Any, Final
from urllib.parse import parse_qs

import segno
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from core.money import format_rupiah
from server.sandbox.api import act
from server.sandbox.book import Book, Refusal
from server.sandbox.transactions import Transaction

_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:44rem;padding:1rem}
h1{font-size:1.3rem}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #ccc;padding:.4rem;text-align:left;vertical-align:top}
form{display:inline-block;margin:.2rem .3rem .2rem 0}
button{font:inherit;padding:.6rem 1rem;min-height:44px}
.note{background:#fff3c4;padding:.5rem .8rem}svg,img{width:16rem;height:16rem}
"""
_POLICY: Final = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'self';"
    " frame-ancestors 'none'"
)
_STATES: Final = {
    "pending": "menunggu / waiting",
    "settlement": "lunas / paid",
    "deny": "ditolak / refused",
    "cancel": "dibatalkan / cancelled",
    "expire": "kedaluwarsa / expired",
    "refund": "dikembalikan / refunded",
    "partial_refund": "dikembalikan sebagian / refunded in part",
    "chargeback": "ditarik bank / charged back",
}
_ACTS: Final = (
    ("pay", "Bayar / Pay", ("pending",)),
    ("deny", "Tolak / Refuse", ("pending",)),
    ("expire", "Waktu habis / Expire", ("pending",)),
    ("settle", "Bayar terlambat / Pay late", ("expire", "cancel", "deny")),
    ("chargeback", "Tarik kembali / Charge back", ("settlement", "partial_refund")),
)
_WAYS: Final = (
    ("qris", "", "QRIS"),
    ("gopay", "", "GoPay"),
    ("bank_transfer", "bni", "Transfer BNI"),
    ("bank_transfer", "bri", "Transfer BRI"),
)


class Pages:
    """The pages, over one book."""

    def __init__(self, book: Book) -> None:
        """Shows `book`."""
        self._book = book

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/", self._home),
            Route("/sandbox/bayar/{key}", self._one),
            Route("/sandbox/bayar/{key}", self._press, methods=["POST"]),
            Route("/snap/v4/redirection/{token}", self._snap),
            Route("/snap/v4/redirection/{token}", self._choose, methods=["POST"]),
            Route("/v2/qris/{key}/qr-code", self._picture),
        ]

    async def _home(self, _request: Request) -> Response:
        rows = "".join(
            f"<tr><td><a href='/sandbox/bayar/{one.id}'>{escape(one.order_id)}</a></td>"
            f"<td>{escape(one.kind)} {escape(one.bank)}</td><td>{format_rupiah(one.amount)}</td>"
            f"<td>{_STATES[one.status]}</td></tr>"
            for one in self._book.all()[:200]
        )
        head = "<tr><th>Pesanan / Order</th><th></th><th>Jumlah / Amount</th><th></th></tr>"
        return _page("Gerbang bayar coba / Sandbox gateway", f"<table>{head}{rows}</table>")

    async def _one(self, request: Request) -> Response:
        try:
            one = self._book.find(request.path_params["key"])
        except Refusal:
            return _nothing()
        return _page("Bayar / Pay", _shown(one, f"/sandbox/bayar/{one.id}"))

    async def _press(self, request: Request) -> Response:
        key = request.path_params["key"]
        try:
            one = self._book.find(key)
            act(self._book, one.id, (await _form(request)).get("what", ""), {})
        except Refusal:
            return _nothing()
        return RedirectResponse(f"/sandbox/bayar/{one.id}", 303)

    async def _snap(self, request: Request) -> Response:
        try:
            page = self._book.page(request.path_params["token"])
        except Refusal:
            return _nothing()
        one: Transaction | None = page["transaction"]
        if one is None:
            ways = "".join(_button(f"{kind}:{bank}", name) for kind, bank, name in _WAYS)
            return _page("Pilih cara bayar / Choose how to pay", f"{_items(page['body'])}{ways}")
        back = page["body"].get("callbacks", {}).get("finish", "")
        return _page("Bayar / Pay", _shown(one, str(request.url.path)) + _link(back))

    async def _choose(self, request: Request) -> Response:
        token, form = request.path_params["token"], await _form(request)
        kind, _, bank = form.get("what", "").partition(":")
        try:
            one: Transaction | None = self._book.page(token)["transaction"]
            if one is None:
                self._book.choose(token, kind, bank)
            else:
                act(self._book, one.id, kind, {})
        except Refusal:
            return _nothing()
        return RedirectResponse(f"/snap/v4/redirection/{token}", 303)

    async def _picture(self, request: Request) -> Response:
        try:
            one = self._book.find(request.path_params["key"])
        except Refusal:
            return _nothing()
        drawn = io.BytesIO()
        segno.make(one.qr, error="m").save(drawn, kind="png", scale=6, border=4)
        return Response(drawn.getvalue(), media_type="image/png")


def _shown(one: Transaction, place: str) -> str:
    parts = [
        f"<p>{escape(one.order_id)}: <b>{format_rupiah(one.amount)}</b>, {_STATES[one.status]}</p>"
    ]
    if one.status == "pending" and one.kind in ("qris", "gopay"):
        parts.append(f"<p><img src='/v2/qris/{one.id}/qr-code' alt='QR'></p>")
    if one.status == "pending" and one.bank:
        parts.append(f"<p>{escape(one.bank.upper())} {one.account}</p>")
    parts += [_button(what, name) for what, name, at in _ACTS if one.status in at]
    parts.append(f"<p><a href='{escape(place)}'>Lihat lagi / Look again</a></p>")
    return "".join(parts)


def _items(body: dict[str, Any]) -> str:
    items: Iterable[Any] = body.get("item_details") or []
    rows = "".join(
        f"<tr><td>{escape(str(one.get('name', '')))}</td>"
        f"<td>{format_rupiah(int(one['price']) * int(one['quantity']))}</td></tr>"
        for one in items
        if isinstance(one, dict)
    )
    whole = format_rupiah(int(body["transaction_details"]["gross_amount"]))
    return f"<table>{rows}<tr><th>Jumlah / Total</th><th>{whole}</th></tr></table>"


def _button(what: str, name: str) -> str:
    return (
        f"<form method='post'><button name='what' value='{escape(what)}'>{escape(name)}"
        "</button></form>"
    )


def _link(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        return ""
    return f"<p><a href='{escape(address)}'>Kembali ke toko / Back to the shop</a></p>"


def _nothing() -> Response:
    return _page("Tidak ada di sini / Nothing here", "", 404)


def _page(title: str, body: str, status: int = 200) -> Response:
    note = "Hanya untuk mencoba: tidak ada uang yang berpindah. For trying only: no money moves."
    text = (
        "<!doctype html><html lang='id'><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>{title}</title><style>{_STYLE}</style>"
        f"<p class='note'>{note}</p><h1>{title}</h1>{body}</html>"
    )
    headers = {"content-security-policy": _POLICY, "cache-control": "no-store"}
    return HTMLResponse(text, status, headers)


async def _form(request: Request) -> dict[str, str]:
    raw = (await request.body())[:4096].decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(raw, max_num_fields=20).items()}
