"""Forms that bring a file (multipart/form-data, RFC 7578), read whole from a body whose size the
server's limit has bounded."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from server.http.problems import Malformed

MEDIA: Final = "multipart/form-data"
_MOST_PARTS: Final = 50
_MOST_HEADERS: Final = 2_000
_MOST_TEXT: Final = 100_000
_BOUNDARY: Final = re.compile(r'boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_NAME: Final = re.compile(r'(?:^|[;\s])name="([^"\r\n]*)"')
_FILE: Final = re.compile(r'(?:^|[;\s])filename="([^"\r\n]*)"')


class Uploaded(NamedTuple):
    """A file that a form brought, as it came; `name` is what the browser says, without folders."""

    name: str
    data: bytes


def read_multipart(content_type: str, raw: bytes) -> tuple[dict[str, str], dict[str, Uploaded]]:
    """A form's texts and files by their names; the last of equal names counts.

    Raises:
        Malformed: it cannot be read.
    """
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise Malformed(why="boundary")
    mark = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    # Each part begins after "mark CRLF" and ends before "CRLF mark".
    pieces = (b"\r\n" + raw).split(b"\r\n" + mark)
    if len(pieces) < 2 or len(pieces) > _MOST_PARTS + 2 or not pieces[-1].startswith(b"--"):
        raise Malformed(why="parts")
    texts: dict[str, str] = {}
    files: dict[str, Uploaded] = {}
    for piece in pieces[1:-1]:
        head, between, body = piece.partition(b"\r\n\r\n")
        if not between or len(head) > _MOST_HEADERS:
            raise Malformed(why="part")
        _take(head, body, texts, files)
    return texts, files


def _take(head: bytes, body: bytes, texts: dict[str, str], files: dict[str, Uploaded]) -> None:
    disposition = next(
        (
            line
            for line in head.decode("utf-8", "replace").split("\r\n")
            if line.lower().startswith("content-disposition:")
        ),
        "",
    )
    name, file = _NAME.search(disposition), _FILE.search(disposition)
    if name is None:
        raise Malformed(why="name")
    if file is not None:
        plain = re.split(r"[/\\]", file[1])[-1]
        files[name[1]] = Uploaded("".join(one for one in plain if one.isprintable()), body)
        return
    try:
        if len(body) > _MOST_TEXT:
            raise Malformed(why="text")
        texts[name[1]] = body.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError as error:
        raise Malformed(why=str(error)) from error
