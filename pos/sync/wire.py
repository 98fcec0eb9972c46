"""One request as it travels: packed, compressed, signed; and one answer, recognised or not.

Only an answer that carries the protocol's own fields is the server's. A captive portal's page, a
proxy's error or a cut connection are "no network", whatever their status says.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.errors import Refused
from core.sync.messages import Answer, Message, Problem
from core.sync.signing import (
    Signed,
    content_digest,
    signature_base,
    signature_header,
    signature_input,
)
from core.sync.wire import MSGPACK, Malformed, UnknownType, pack, unpack, unpacked_bound
from pos.device.signed import is_signed

PREFIX: Final = "/api/v1"
EPOCH_HEADER: Final = "huyula-epoch"
"""What an answer without a body carries: by it alone the server's is known."""

PACKING_LEVEL: Final = 9
"""Of zstd: 500 sales take some 4 ms, and a tenth less of a slow line than at 3."""

_COMPRESS_FROM: Final = 1_024
A = TypeVar("A", bound=Answer)


class Wire(NamedTuple):
    """A request to be sent: `path` without the server's address, `query` without its mark."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    timeout_s: float


class Received(NamedTuple):
    """What came back; names of headers in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


Send = Callable[[Wire], Received]


class NoAnswer(Refused):
    """Nothing came back that is the server's: no network, as far as we can tell."""

    code = "no_network"


class Said(Exception):
    """The server refused a request; `problem` is its answer, `status` the HTTP status."""

    def __init__(self, problem: Problem, status: int) -> None:
        """Keep the answer."""
        super().__init__(problem.error)
        self.problem = problem
        self.status = status


class Key:
    """A line's Ed25519 key, made of the 32 bytes that its witness record keeps."""

    def __init__(self, seed: bytes) -> None:
        """The private key of these bytes."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, data: bytes) -> bytes:
        """The signature over bytes, 64 bytes."""
        return self._private.sign(data)


class Speaker:
    """Speaks to the server as one line; keeps how far the server's clock is from ours."""

    def __init__(
        self,
        send: Send,
        device: bytes,
        key: Key,
        *,
        now_ms: Callable[[], int],
        random: Callable[[int], bytes],
    ) -> None:
        """`send` does one HTTP exchange, or raises `NoAnswer`."""
        self._send = send
        self._device = device
        self.key = key
        self._now_ms = now_ms
        self._random = random
        self.offset_ms = 0

    def as_line(self, device: bytes, key: Key) -> Speaker:
        """The same way to the server, speaking as another line of this counter."""
        other = Speaker(self._send, device, key, now_ms=self._now_ms, random=self._random)
        other.offset_ms = self.offset_ms
        return other

    def ask(
        self,
        expected: type[A],
        method: str,
        path: str,
        message: Message | None = None,
        *,
        query: str = "",
        timeout_s: float = 30.0,
    ) -> A | None:
        """Ask; None for "nothing new" (204). A wrong clock is put right and asked again, as is
        what the network has doubled: every request may come twice and counts once.

        Raises:
            NoAnswer: what came back, if anything, is not the server's.
            Said: the server refused.
        """
        for last in (False, False, True):
            sent_ms = self._now_ms()
            wire = self._dress(method, path, query, message, timeout_s)
            received = self._send(wire)
            if received.status == 204:
                if EPOCH_HEADER not in received.headers:
                    raise NoAnswer(why="not_ours", status=204)  # a portal's, or a proxy's
                return None
            answer = _undress(expected, received)
            middle_ms = (sent_ms + self._now_ms()) // 2
            self.offset_ms = answer.server_ms - middle_ms
            if not isinstance(answer, Problem):
                return answer
            # A network that doubles a request lets the second one's answer through: "replayed".
            if answer.error not in ("clock", "replayed") or last:
                raise Said(answer, received.status)
        raise AssertionError("unreachable")

    def fetch(self, path: str, start: int, end: int, *, timeout_s: float = 60.0) -> bytes:
        """The bytes of something named by its hash, from `start` to before `end`; the rest of it
        where the server sends all.

        Raises:
            NoAnswer, Said: as `ask`.
        """
        for last in (False, False, True):
            wire = self._dress("GET", path, "", None, timeout_s)
            wire.headers["range"] = f"bytes={start}-{end - 1}"
            sent_ms = self._now_ms()
            received = self._send(wire)
            if received.status in (200, 206):
                if EPOCH_HEADER not in received.headers:
                    raise NoAnswer(why="not_ours", status=received.status)
                return received.body if received.status == 206 else received.body[start:]
            answer = _undress(Answer, received)
            if not isinstance(answer, Problem):
                raise NoAnswer(why="not_ours", status=received.status)
            self.offset_ms = answer.server_ms - (sent_ms + self._now_ms()) // 2
            if answer.error not in ("clock", "replayed") or last:
                raise Said(answer, received.status)
        raise AssertionError("unreachable")

    def _dress(
        self, method: str, path: str, query: str, message: Message | None, timeout_s: float
    ) -> Wire:
        body = pack(message) if message is not None else b""
        headers = {"accept": MSGPACK, "accept-encoding": "zstd, gzip"}
        if body:
            headers["content-type"] = MSGPACK
        if len(body) >= _COMPRESS_FROM:
            body = zstandard.ZstdCompressor(level=PACKING_LEVEL).compress(body)
            headers["content-encoding"] = "zstd"
        path = PREFIX + path
        nonce = self._random(16).hex()
        signed = Signed((self._now_ms() + self.offset_ms) // 1000, nonce, self._device)
        digest = content_digest(body)
        base = signature_base(method, path, query, digest, signed)
        headers["content-digest"] = digest
        headers["signature-input"] = signature_input(signed)
        headers["signature"] = signature_header(self.key.sign(base))
        return Wire(method, path, query, headers, body, timeout_s)


def _undress(expected: type[A], received: Received) -> A | Problem:
    kind = received.headers.get("content-type", "")
    try:
        body = _unpacked(received)
        if 200 <= received.status < 300:
            return unpack(expected, body, kind)
        return unpack(Problem, body, kind)
    except (Malformed, UnknownType, ValueError) as error:
        raise NoAnswer(why="not_ours", status=received.status) from error


def _unpacked(received: Received) -> bytes:
    encoding = received.headers.get("content-encoding", "").strip().lower()
    bound = unpacked_bound(len(received.body))
    if encoding in ("", "identity"):
        return received.body
    if encoding == "zstd":
        return _unpack_zstd(received.body, bound)
    if encoding == "gzip":
        return _gunzip(received.body, bound)
    raise ValueError("encoding")


def _unpack_zstd(body: bytes, bound: int) -> bytes:
    try:
        # The library makes room for what the frame says of itself, whatever bound it is given.
        if zstandard.frame_content_size(body) > bound:
            raise ValueError("zstd: too long")
        return zstandard.ZstdDecompressor().decompress(body, max_output_size=bound)
    except zstandard.ZstdError as error:
        raise ValueError("zstd") from error


def _gunzip(body: bytes, bound: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(body, bound)
    except zlib.error as error:
        raise ValueError("gzip") from error
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise ValueError("gzip: too long or cut")
    return found


__all__ = ["Key", "NoAnswer", "Received", "Said", "Send", "Speaker", "Wire", "is_signed"]
