"""Own addresses of gerai: at such a host the gerai is at "/", and nobody is signed in there.

A layer before the table of routes. It turns the paths of a gerai's own host into those that the
table has, leads what is the market's to the market, and answers no host that is not known. The
cookies of baskets and buyers are bound to their host by their names (`__Host-`), so each host has
its own, and what one gerai's pages keep no other host is sent.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from server.hosts import Hosts
from server.http.router import send_reply
from server.http.routes import Reply

# Probes ask by an address.
_ANY_HOST: Final = frozenset(("/healthz", "/readyz", "/metrics"))
_MARKET: Final = re.compile(
    r"/(?:pasar|cari|kelola|masuk|keluar|akun|saya|dinas|api|sync|peta-situs|openapi\.json)(?:/.*)?"
)
# What stands below /toko/<name>, but for what a product's path is.
_GERAI: Final = re.compile(
    r"/(?:(?:wajah\.css|kain\.svg|tepi\.svg|peta\.xml|manifes\.json|ikon\.png|papan\.png|ulasan"
    r"|logo|spanduk)"
    r"|gambar/[^/]+|(?:[a-z0-9-]{0,60}-)?[0-9a-f]{32})"
)
_SAYS: Final = (
    b"Alamat ini tidak dilayani di sini. / This address is not served here.\n",
    "text/plain; charset=utf-8",
)
_MISDIRECTED: Final = 421


class OwnHosts:
    """Sorts requests by their host."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        """Around `app`."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and self._hosts.market and scope["path"] not in _ANY_HOST:
            kind, gerai = self._hosts.find(_host_of(scope))
            if kind == "unknown":
                await send_reply(Reply(*_SAYS, status=_MISDIRECTED), send)
                return
            if kind == "gerai":
                place = self._elsewhere(scope, gerai)
                if place:
                    await send_reply(_led(scope, place), send)
                    return
                scope = _inside(scope, gerai)
        await self._app(scope, receive, send)

    def _elsewhere(self, scope: Scope, gerai: str) -> str:
        """Where a path of a gerai's host leads, "" where it is answered there."""
        path = scope["path"]
        own = f"/toko/{gerai}"
        if path == own or path.startswith(f"{own}/"):
            # One stroke: two would lead to the host that follows them.
            return "/" + quote(path.removeprefix(own).lstrip("/"))
        if _MARKET.fullmatch(path) or path.startswith("/toko/"):
            return f"https://{self._hosts.market[0]}{quote(path)}"
        return ""


def _inside(scope: Scope, gerai: str) -> Scope:
    path, own = scope["path"], f"/toko/{gerai}"
    if path == "/":
        path = own
    elif path == "/sitemap.xml":
        path = f"{own}/peta.xml"
    elif _GERAI.fullmatch(path):
        path = own + path
    return {**scope, "path": path, "raw_path": path.encode(), "huyula.gerai": gerai}


def _led(scope: Scope, place: str) -> Reply:
    if scope["method"] not in ("GET", "HEAD"):
        return Reply(*_SAYS, status=_MISDIRECTED)
    query = scope["query_string"].decode("latin-1")
    headers = {"location": f"{place}?{query}" if query else place}
    return Reply(b"", "text/html; charset=utf-8", 302, headers)


def _host_of(scope: Scope) -> str:
    found = [value for name, value in scope["headers"] if name == b"host"]
    return found[0].decode("latin-1") if len(found) == 1 else ""
