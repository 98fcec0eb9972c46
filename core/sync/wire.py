"""Messages as bytes: MessagePack or JSON by content type, bounded unpacking of compressed bodies.

Compression itself is done by the libraries of either side; how much may come out is said here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, TypeVar

import msgspec

from core.errors import Refused
from core.sync.limits import UNPACKED_BYTES, UNPACKED_RATIO
from core.sync.messages import Message

MSGPACK: Final = "application/msgpack"
JSON: Final = "application/json"

M = TypeVar("M", bound=Message)


class Malformed(Refused):
    """A body that is not the message that it should be; `why` says where it fails."""

    code = "malformed"


class UnknownType(Refused):
    """A body of a type that is not spoken here."""

    code = "encoding"


def pack(message: Message, content_type: str = MSGPACK) -> bytes:
    """A message as bytes."""
    return msgspec.json.encode(message) if content_type == JSON else _encoder.encode(message)


def unpack(cls: type[M], body: bytes, content_type: str = MSGPACK) -> M:
    """Bytes as a message.

    Raises:
        Malformed: they are not such a message.
        UnknownType: neither MessagePack nor JSON.
    """
    name = content_type.partition(";")[0].strip().lower()
    if name not in (MSGPACK, JSON):
        raise UnknownType(type=name[:80])
    try:
        found: M = _decoder(cls, name).decode(body)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise Malformed(why=str(error)) from error
    return found


def unpacked_bound(packed: int) -> int:
    """How many bytes a compressed body of `packed` bytes may become."""
    return min(UNPACKED_BYTES, max(1024, packed * UNPACKED_RATIO))


_encoder = msgspec.msgpack.Encoder()


@lru_cache(maxsize=64)
def _decoder(cls: type[Message], name: str) -> Any:
    module = msgspec.json if name == JSON else msgspec.msgpack
    return module.Decoder(cls)
