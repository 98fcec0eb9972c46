"""How pictures of goods travel: apart from the journal, by content, in parts.

A fact names a picture by the SHA-256 of its *original*, the bytes that its counter made. The server
takes those, checks them against the name, decodes them and writes a *copy* anew; only copies leave
it. A copy has a hash of its own; the server's signature says whose copy it is.
"""

from __future__ import annotations

import struct
from typing import Final

from core.sync.messages import Answer, Message

PICTURE_BYTES: Final = 2 * 1024 * 1024
"""The largest original that the server takes."""

PICTURE_PIXELS: Final = 24_000_000
"""Dots of the largest original, known from its head before anything is unpacked."""

PART_BYTES: Final = 256 * 1024
"""The most that one request carries of a picture."""

SHOWN_SIDE: Final = 960
"""Dots a side of the largest that a page shows: a counter makes its originals of as many."""

MADE_BYTES: Final = 120_000
"""A counter makes its originals no larger."""

COPY_BYTES: Final = 60_000
COPY_SIDE: Final = 640
"""A copy is a JPEG of at most so many bytes and dots a side: what a counter keeps."""

PICTURES_ASKED: Final = 100
"""So many names a question or an answer holds."""


class PicturesAsked(Message, frozen=True):
    """Which of the `wanted` pictures can be fetched, and which ones does the server lack?

    What it lacks is told in order of the names; `after` is the last one that was told.
    """

    wanted: tuple[bytes, ...] = ()
    after: bytes = b""


class Lacking(Message, frozen=True, array_like=True):
    """A picture that goods of the shop name and the server lacks; of what this counter has sent of
    it, `received` bytes are there."""

    hash: bytes
    received: int


class PicturesTold(Answer, frozen=True):
    """Of the wanted pictures, `ready` can be fetched and `refused` never will be: what came was no
    picture. `more` says that others follow the last of the `lacking` ones."""

    ready: tuple[bytes, ...] = ()
    refused: tuple[bytes, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    more: bool = False


class PictureSent(Message, frozen=True):
    """A part of a picture on its way up: `data` begins at `offset` of `total` bytes.

    Where only the server's copy is left (the server was restored, the counter with the original is
    gone), that travels, with the server's own `signature` over it and its hash as `copy`.
    """

    hash: bytes
    offset: int
    total: int
    data: bytes
    copy: bytes = b""
    signature: bytes = b""


class PictureTaken(Answer, frozen=True):
    """The server has the first `received` bytes; `kept` once the picture is whole and read."""

    received: int
    kept: bool = False


class PicturePart(Answer, frozen=True):
    """A part of a copy on its way down: `data` begins at `offset` of `size` bytes.

    `signature` is the server's over `copy_bytes`.
    """

    copy: bytes
    size: int
    signature: bytes
    offset: int
    data: bytes


def copy_bytes(shop: bytes, original: bytes, copy: bytes) -> bytes:
    """What the server signs: that `copy` is the hash of its copy of a picture of this shop."""
    return b"huyula picture 1\n" + struct.pack(">H", len(shop)) + shop + original + copy


def picture_kind(head: bytes) -> str:
    """What the first bytes say that a picture is: JPEG, PNG, WEBP, or empty for anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return ""
