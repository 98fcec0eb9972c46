"""Who asks: the signature of a request, its time, its nonce, and how often.

In this order: what costs nothing, the signature, then what only the signer may learn or use up.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import lru_cache
from typing import Final, NamedTuple

from core.sync.limits import CLOCK_TOLERANCE_MS, NONCE_MS
from core.sync.signing import (
    BadSignature,
    Signed,
    content_digest,
    read_signature,
    signature_base,
)
from server.db.transaction import ShopTx
from server.devices.joining import key_of
from server.http.routes import Call
from server.services import Services
from server.sync.http.buckets import Buckets
from server.sync.keys import ServerKey, is_signed
from server.sync.once import is_first
from server.sync.refusals import Replayed, TooMany, UnknownLine, WrongClock
from server.sync.snapshots import Shelf

REQUESTS_A_SECOND: Final = 20
BURST: Final = 120
"""Requests of one device. A round is four or five, and a counter begins one whenever it or
another of its shop has written something."""

BUCKETS_FILE: Final = "buckets"

_MOST_KEYS: Final = 100_000
_MOST_NONCES: Final = 200_000


class Caller(NamedTuple):
    """A request's signer, known to be who it says. `shop` follows from the key."""

    device: bytes
    shop: bytes
    nonce: str


class Gate:
    """What one process remembers of the counters that ask it."""

    def __init__(self, services: Services) -> None:
        """Nothing is remembered yet."""
        self._services = services
        self.key = ServerKey(services)
        self.shelf = Shelf(services.shared)
        self._lock = threading.Lock()
        self._keys: dict[bytes, tuple[bytes, bytes]] = {}
        self._nonces: OrderedDict[tuple[bytes, str], int] = OrderedDict()
        shared = services.shared
        file = None if shared is None else shared / BUCKETS_FILE
        self._buckets = Buckets(REQUESTS_A_SECOND, BURST, file)

    def check(self, call: Call) -> Caller:
        """Let a counter in that the directory knows.

        Raises:
            BadSignature, UnknownLine, WrongClock, Replayed, TooMany: it stays outside.
        """
        signed, signature = self._cheaply(call)
        known = self._known(signed.device)
        if known is None:
            raise UnknownLine()
        shop, public_key = known
        self._signature(call, signed, signature, public_key)
        return Caller(signed.device, shop, signed.nonce)

    def registered(self, call: Call) -> Caller:
        """Who a request is from whose signature was checked with the key that it brought."""
        signed, _ = self._cheaply(call)
        known = self._known(signed.device)
        if known is None:
            raise UnknownLine()
        return Caller(signed.device, known[0], signed.nonce)

    def is_known(self, call: Call) -> bool:
        """Whether the directory knows the device that a request is signed for."""
        return self._known(self._cheaply(call)[0].device) is not None

    def check_bringing(self, call: Call, device: bytes, public_key: bytes) -> None:
        """Let a counter in that brings its key with it (joining, or a new line).

        Raises:
            BadSignature, WrongClock, Replayed, TooMany: it stays outside.
        """
        signed, signature = self._cheaply(call)
        if signed.device != device:
            raise BadSignature(why="keyid")
        self._signature(call, signed, signature, public_key)

    def _cheaply(self, call: Call) -> tuple[Signed, bytes]:
        headers = call.headers
        found = read_signature(headers.get("signature-input", ""), headers.get("signature", ""))
        if headers.get("content-digest", "") != content_digest(call.raw):
            raise BadSignature(why="digest")
        return found

    def _known(self, device: bytes) -> tuple[bytes, bytes] | None:
        # A key once written down never changes its shop.
        found = self._keys.get(device)
        if found is None:
            found = key_of(self._services, device)
            if found is not None:
                if len(self._keys) >= _MOST_KEYS:
                    self._keys.clear()
                self._keys[device] = found
        return found

    def _signature(self, call: Call, signed: Signed, signature: bytes, public_key: bytes) -> None:
        digest = call.headers["content-digest"]
        base = signature_base(call.method, call.path, call.query_text, digest, signed)
        if not is_signed(public_key, signature, base):
            raise BadSignature(why="signature")
        now_ms = self._services.now_ms()
        if abs(signed.created * 1000 - now_ms) > CLOCK_TOLERANCE_MS:
            raise WrongClock()
        self._once(signed, now_ms)
        if not self._buckets.take(signed.device, now_ms):
            raise TooMany(retry_s=1)

    def _once(self, signed: Signed, now_ms: int) -> None:
        key = (signed.device, signed.nonce)
        with self._lock:
            while self._nonces and (
                next(iter(self._nonces.values())) < now_ms - NONCE_MS
                or len(self._nonces) >= _MOST_NONCES
            ):
                self._nonces.popitem(last=False)
            if key in self._nonces:
                raise Replayed()
            self._nonces[key] = now_ms

    def use_up(self, caller: Caller) -> None:
        """Note the nonce for all processes and machines: for requests that a repetition would not
        leave as they are.

        Not waited for until it is on the disk: after a crash of the database a request of its last
        half second could be sent again, and no fsync is spent on each.

        Raises:
            Replayed: it was used at another process.
        """
        now_ms = self._services.now_ms()

        def note(tx: ShopTx) -> bool:
            return is_first(tx, caller.device, caller.nonce, now_ms=now_ms, kept_ms=NONCE_MS)

        if not self._services.store.in_shop(caller.shop, note, lasting=False):
            raise Replayed()

    def use_up_reading(self, caller: Caller) -> None:
        """Note the nonce of a request that only reads: whoever overheard it must not learn at
        another process what has come since. On SQLite there is no other.

        Raises:
            Replayed: it was used at another process.
        """
        if self._services.store.is_postgresql:
            self.use_up(caller)


@lru_cache(maxsize=16)
def gate_of(services: Services) -> Gate:
    """The gate of one server in this process."""
    return Gate(services)
