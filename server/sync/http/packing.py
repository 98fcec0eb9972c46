"""Bodies unpacked no further than they may grow, and answers packed as the counter asks."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from typing import Final, TypeVar

import zstandard

from core.errors import Refused
from core.sync.messages import Message
from core.sync.wire import JSON, MSGPACK, Malformed, unpack, unpacked_bound

M = TypeVar("M", bound=Message)
_WORTH_PACKING: Final = 1_024
_WINDOW: Final = 1 << 23
_LEVEL: Final = 3


class BadEncoding(Refused):
    """A body packed or typed in a way that is not spoken here."""

    code = "encoding"


class TooMuch(Refused):
    """A body becomes larger than it may when it is unpacked."""

    code = "too_large"


def unpacked(body: bytes, encoding: str) -> bytes:
    """A body without its compression; unpacking stops where it would become too large.

    Raises:
        BadEncoding: neither zstd nor gzip.
        TooMuch: it would become larger than it may.
        Malformed: it is not of that compression.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    bound = unpacked_bound(len(body))
    if name == "zstd":
        found = _from_zstd(body, bound)
    elif name == "gzip":
        found = _from_gzip(body, bound)
    else:
        raise BadEncoding(encoding=name[:80])
    if len(found) > bound:
        raise TooMuch(most=bound)
    return found


def _from_zstd(body: bytes, bound: int) -> bytes:
    reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    try:
        with reader.stream_reader(io.BytesIO(body), read_across_frames=False) as stream:
            parts = b""
            while len(parts) <= bound and (part := stream.read(bound + 1 - len(parts))):
                parts += part
            return parts
    except zstandard.ZstdError as error:
        raise Malformed(why="zstd") from error


def _from_gzip(body: bytes, bound: int) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        found = reader.decompress(body, bound + 1)
    except zlib.error as error:
        raise Malformed(why="gzip") from error
    if len(found) <= bound and not reader.eof:
        raise Malformed(why="gzip")
    return found


def read(cls: type[M], body: bytes, headers: Mapping[str, str]) -> M:
    """A request's message.

    Raises:
        BadEncoding, TooMuch, Malformed, UnknownType: it cannot be read.
    """
    plain = unpacked(body, headers.get("content-encoding", ""))
    try:
        return unpack(cls, plain, headers.get("content-type", ""))
    except RecursionError as error:
        raise Malformed(why="too deep") from error


def answer_type(headers: Mapping[str, str]) -> str:
    """In which form the answer goes: that of the request, else what is asked for."""
    for name in ("content-type", "accept"):
        if JSON in headers.get(name, "").lower():
            return JSON
    return MSGPACK


def packed(body: bytes, headers: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """An answer's bytes and the headers that say how they are packed."""
    if len(body) >= _WORTH_PACKING and "zstd" in headers.get("accept-encoding", ""):
        return zstandard.ZstdCompressor(level=_LEVEL).compress(body), {"content-encoding": "zstd"}
    return body, {}
