"""A gerai's face as files: a style sheet of its tokens, and the patterns of its karawo.

Both are made here of tokens that were looked at; nothing that somebody wrote stands in them.
"""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import urlencode

from server.http.routes import Reply
from server.storefront.face import Face, Tokens, mixed, settled, tokens
from server.storefront.karawo import border, cloth, svg

_FOR_EVER: Final = "max-age=31536000, immutable"
_SHORT: Final = "max-age=300"
POLICY: Final = "default-src 'none'; frame-ancestors 'none'"


def query_of(face: Face) -> str:
    """A face as the query that asks for its files."""
    face = settled(face)
    return urlencode(
        {"warna": face.colours, "utama": face.main, "benang": face.thread, "huruf": face.font}
    )


def mark_of(face: Face, seed: bytes) -> str:
    """What changes with the face, and with how this program draws it."""
    drawn = f"{tokens(face)}{svg(cloth(seed), '#000000')}{svg(border(seed), '#000000')}"
    return hashlib.sha256(drawn.encode()).hexdigest()[:12]


def style(face: Face, place: str, query: str) -> str:
    """The style sheet of a face; its patterns are asked for under `place` with `query`."""
    made = tokens(face)
    return (
        f".face{{{_light(made)}}}"
        f"@media(prefers-color-scheme:dark){{.face{{{_dark(made)}}}}}"
        f".cover .cloth,.goods .blank{{background-image:url({place}/kain.svg?{query})}}"
        f".cover::after{{background-image:url({place}/tepi.svg?{query})}}\n"
    )


def _light(made: Tokens) -> str:
    return (
        f"--bar:{made.bar};--on-bar:{made.on_bar};--thread:{made.thread};--main:{made.light};"
        f"--on-main:{made.on_light};--soft:{made.light_soft};--font:{made.font}"
    )


def _dark(made: Tokens) -> str:
    return (
        f"--bar:{_dark_bar(made)};--main:{made.dark};--on-main:{made.on_dark};"
        f"--soft:{made.dark_soft}"
    )


def bars(face: Face) -> tuple[str, str]:
    """The colours of the cover in light and dark: browsers take them for their own bar."""
    made = tokens(face)
    return made.bar, _dark_bar(made)


def _dark_bar(made: Tokens) -> str:
    return mixed(made.bar, "#0b100e", 35)


def style_reply(face: Face, place: str, query: str, *, lasts: bool, shared: bool) -> Reply:
    """The style sheet as an answer. `lasts`: its address says which one; `shared`: for all."""
    body = style(face, place, query).encode()
    return Reply(body, "text/css; charset=utf-8", headers=_headers(lasts, shared))


def pattern_reply(face: Face, seed: bytes, name: str, *, lasts: bool, shared: bool) -> Reply:
    """A pattern as an answer: "kain", the cloth, or "tepi", the border."""
    grid = cloth(seed) if name == "kain" else border(seed)
    body = svg(grid, tokens(face).thread).encode()
    return Reply(body, "image/svg+xml", headers=_headers(lasts, shared))


def _headers(lasts: bool, shared: bool) -> dict[str, str]:
    who = "public" if shared else "private"
    return {
        "cache-control": f"{who}, {_FOR_EVER if lasts else _SHORT}",
        "content-security-policy": POLICY,
    }
