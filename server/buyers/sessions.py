"""Which buyer asks: a random token in a cookie of its own, which also opens the account's key."""

from __future__ import annotations

import base64
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from server.buyers.refusals import SignedOut
from server.buyers.sealing import derived, seal, unseal
from server.db.schema.buyers import buyer, buyer_session
from server.db.transaction import Tx
from server.rates import HOUR_MS
from server.services import Services

IDLE_MS: Final = 30 * 24 * HOUR_MS
"""A session that nobody used for so long ends."""

LONGEST_MS: Final = 90 * 24 * HOUR_MS
"""So long after signing in a session ends in any case."""

_TOKEN_BYTES: Final = 32
_HELD = (
    select(buyer.c.buyer_id)
    .where(buyer.c.buyer_id == bindparam("whose"))
    .with_for_update(read=True, key_share=True)
)
_HELD_ALONE = (
    select(buyer.c.buyer_id)
    .where(buyer.c.buyer_id == bindparam("whose"))
    .with_for_update(key_share=True)
)
_SESSION = select(buyer_session).where(buyer_session.c.token_hash == bindparam("token"))
_SEEN = (
    update(buyer_session)
    .where(buyer_session.c.token_hash == bindparam("token"))
    .values(seen_ms=bindparam("now"))
)
_BUYER_SEEN = (
    update(buyer).where(buyer.c.buyer_id == bindparam("whose")).values(seen_ms=bindparam("now"))
)
_END = delete(buyer_session).where(buyer_session.c.token_hash == bindparam("token"))
_END_ALL = delete(buyer_session).where(buyer_session.c.buyer_id == bindparam("whose"))


class Known(NamedTuple):
    """A buyer who is signed in: the account's key, and what forms must bring along."""

    buyer_id: bytes
    key: bytes
    csrf: str

    def place(self, what: bytes) -> bytes:
        """Where something of this account is sealed."""
        return what + b" " + self.buyer_id


class Entered(NamedTuple):
    """A session that begins: the cookie's token, and a recovery code to be shown once, if one was
    made."""

    token: str
    known: Known
    code: str = ""


def begin(services: Services, tx: Tx, buyer_id: bytes, key: bytes) -> Entered:
    """A new session: its token is never one that was known before."""
    now_ms = services.now_ms()
    token, csrf = _text(services.random(_TOKEN_BYTES)), _text(services.random(_TOKEN_BYTES))
    known = Known(buyer_id, key, csrf)
    tx.insert(
        buyer_session, token_hash=_hash(token), buyer_id=buyer_id, csrf=csrf,
        key_by_token=seal(services, _key(token), key, known.place(b"session")),
        created_ms=now_ms, seen_ms=now_ms, expires_ms=now_ms + LONGEST_MS,
    )  # fmt: skip
    tx.run(_BUYER_SEEN, whose=buyer_id, now=now_ms)
    return Entered(token, known)


def find(services: Services, token: str) -> Known | None:
    """The buyer of a cookie's token, None where the session has ended or never was."""
    if not token or len(token) > 100:
        return None
    now_ms, hashed = services.now_ms(), _hash(token)
    with services.store.reading_directory() as tx:
        row = tx.one(_SESSION, token=hashed)
    if row is None or now_ms >= min(row.expires_ms, row.seen_ms + IDLE_MS):
        return None
    if now_ms - row.seen_ms >= HOUR_MS:
        with services.store.directory() as tx:
            tx.run(_SEEN, token=hashed, now=now_ms)
            tx.run(_BUYER_SEEN, whose=row.buyer_id, now=now_ms)
    known = Known(row.buyer_id, b"", row.csrf)
    return known._replace(key=unseal(_key(token), row.key_by_token, known.place(b"session")))


def end(services: Services, token: str) -> None:
    """Sign out."""
    services.store.in_directory(lambda tx: tx.run(_END, token=_hash(token)))


def end_all(services: Services, buyer_id: bytes) -> int:
    """Sign out everywhere; returns how many sessions ended."""
    return services.store.in_directory(lambda tx: end_all_in(tx, buyer_id))


def end_all_in(tx: Tx, buyer_id: bytes) -> int:
    """The same in a transaction that does more."""
    return tx.run(_END_ALL, whose=buyer_id)


def hold(tx: Tx, buyer_id: bytes, *, alone: bool = False) -> None:
    """Keep an account from being deleted until the transaction ends; `alone`: who holds it so waits
    for each other, to count what is there.

    Raises:
        SignedOut: it is gone.
    """
    if tx.one(_HELD_ALONE if alone else _HELD, whose=buyer_id) is None:
        raise SignedOut()


def _text(random: bytes) -> str:
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode("ascii")


def _hash(token: str) -> bytes:
    return derived(b"token", token.encode())


def _key(token: str) -> bytes:
    return derived(b"session key", token.encode())
