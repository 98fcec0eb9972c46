"""What lets a phone install a shop or the market, and show pages that were seen last offline.

The worker is the one script that runs beside pages; it keeps what anybody may see and nothing
else. A gerai is installed with its own name, colours and icon.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any, Final

import msgspec

from server.http.problems import NotFound
from server.http.routes import Call, Reply, Route
from server.storefront.face import Face, tokens
from server.storefront.signboard import ICON_SIDES, Board, card, icon
from server.web.gerai_face import mark_of
from server.web.gerai_front import POLICY, Front
from server.web.rendering import environment
from server.web.static_files import address, static_file

MANIFEST_TYPE: Final = "application/manifest+json"
_WORKER_POLICY: Final = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
_MARKET: Final = Board(Face(), b"huyula", "Pasar Huyula", "Barang dari gerai toko di sekitar Anda")
_GROUND: Final = "#F6F3EC"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_SHORT: Final = "public, max-age=300"


def manifest_of(front: Front) -> Reply:
    """A gerai as something to install."""
    name = front.here.name
    start = front.place or "/"
    return _manifest(name, start, start, front.signboard, front.icon)


def icon_of(front: Front) -> Reply:
    """Its icon."""
    return _icon(front.signboard, front.view.call, front.sign_query)


def card_of(front: Front) -> Reply:
    """Its picture for previews of links."""
    lasts = front.view.call.query_text == front.sign_query
    return Reply(card(front.signboard), "image/png", headers=_headers(lasts=lasts))


def market_icon(side: int) -> str:
    """Where the market's icon is."""
    return f"/ikon.png?v={_market_mark()}&u={side}"


def market_card() -> str:
    """Where its picture for previews of links is."""
    return f"/papan.png?v={_market_mark()}"


@lru_cache(maxsize=1)
def _market_mark() -> str:
    # Of what is drawn, as a gerai's: nothing is drawn for a page that only names the picture.
    said = f"{mark_of(_MARKET.face, _MARKET.seed)}{_MARKET.name}\n{_MARKET.line}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _market_manifest(_call: Call) -> Reply:
    return _manifest("Pasar Huyula", "/pasar", "/", _MARKET, market_icon)


def _market_icon(call: Call) -> Reply:
    return _icon(_MARKET, call, f"v={_market_mark()}")


def _market_card(call: Call) -> Reply:
    lasts = call.query_text == f"v={_market_mark()}"
    return Reply(card(_MARKET), "image/png", headers=_headers(lasts=lasts))


def _manifest(name: str, start: str, scope: str, board: Board, place: Any) -> Reply:
    data = {
        "id": start,
        "name": name,
        "short_name": name[:30],
        "start_url": start,
        "scope": scope,
        "display": "standalone",
        "lang": "id",
        "theme_color": tokens(board.face).bar,
        "background_color": _GROUND,
        "icons": [
            {
                "src": place(side),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for side in ICON_SIDES
            for purpose in ("any", "maskable")
        ],
    }
    return Reply(msgspec.json.encode(data), MANIFEST_TYPE, headers={"cache-control": _SHORT})


def _icon(board: Board, call: Call, mark: str) -> Reply:
    for side in ICON_SIDES:
        if call.query_text.endswith(f"u={side}"):
            lasts = call.query_text == f"{mark}&u={side}"
            return Reply(icon(board, side), "image/png", headers=_headers(lasts=lasts))
    raise NotFound()


def _headers(*, lasts: bool) -> dict[str, str]:
    return {"cache-control": _FOR_EVER if lasts else _SHORT}


@lru_cache(maxsize=1)
def _offline_page() -> bytes:
    return environment().get_template("offline.html").render().encode()


def _offline(_call: Call) -> Reply:
    headers = {"content-security-policy": POLICY, "cache-control": _SHORT}
    return Reply(_offline_page(), "text/html; charset=utf-8", headers=headers)


def _worker(_call: Call) -> Reply:
    """The worker's script. Its first line changes with what it keeps at once, so that browsers
    take it for a new one."""
    made = hashlib.sha256(_offline_page() + address("gerai.css").encode()).hexdigest()[:12]
    body = f'const MARK = "{made}";\n'.encode() + static_file("pekerja.js").body
    headers = {"cache-control": "no-cache", "content-security-policy": _WORKER_POLICY}
    return Reply(body, "text/javascript; charset=utf-8", headers=headers)


def _route(path: str, summary: str, handler: Any) -> Route:
    return Route("GET", path, summary, handler, is_published=False)


ROUTES: Final = (
    _route("/pekerja.js", "Keeps pages that were seen last", _worker),
    _route("/luring", "What is said without a network", _offline),
    _route("/manifes.json", "The market as something to install", _market_manifest),
    _route("/ikon.png", "The market's icon", _market_icon),
    _route("/papan.png", "The market's signboard", _market_card),
)
