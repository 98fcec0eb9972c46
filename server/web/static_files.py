"""Style sheet, script and pattern: read once, named by their content, kept by browsers."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from server.http.problems import NotFound
from server.http.routes import Call, Reply

_TYPES: Final = {
    "huyula.css": "text/css; charset=utf-8",
    "gerai.css": "text/css; charset=utf-8",
    "cari.js": "text/javascript; charset=utf-8",
    "pesanan.js": "text/javascript; charset=utf-8",
    "pasang.js": "text/javascript; charset=utf-8",
    "pekerja.js": "text/javascript; charset=utf-8",
    "huyula.js": "text/javascript; charset=utf-8",
    "karawo.svg": "image/svg+xml",
    "icon.svg": "image/svg+xml",
}
_A_DAY: Final = "public, max-age=86400"
_FOR_EVER: Final = "public, max-age=31536000, immutable"


class StaticFile(NamedTuple):
    """A file as it is sent, plain and packed; `mark` changes with its content."""

    body: bytes
    packed: bytes
    media_type: str
    mark: str


@lru_cache(maxsize=16)
def static_file(name: str) -> StaticFile:
    """A file of the pages.

    Raises:
        NotFound: there is no such file.
    """
    if name not in _TYPES:
        raise NotFound()
    body = files("server.web").joinpath("static", name).read_bytes()
    mark = hashlib.sha256(body).hexdigest()[:12]
    return StaticFile(body, gzip.compress(body, mtime=0), _TYPES[name], mark)


def address(name: str) -> str:
    """Where a page asks for a file."""
    return f"/static/{name}?v={static_file(name).mark}"


async def send_static(call: Call) -> Reply:
    """Answer a request for a file."""
    found = static_file(call.places["name"])
    headers = {"vary": "accept-encoding", "cache-control": _A_DAY}
    if call.query_text == f"v={found.mark}":
        headers["cache-control"] = _FOR_EVER
    if "gzip" in call.headers.get("accept-encoding", ""):
        return Reply(
            found.packed, found.media_type, headers={**headers, "content-encoding": "gzip"}
        )
    return Reply(found.body, found.media_type, headers=headers)
