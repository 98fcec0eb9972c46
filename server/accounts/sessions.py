"""Who is signed in: a random token in a cookie, its hash in the database, revocable at once.

Who has given the password and owes the code has half a session: a token that opens no page.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final, NamedTuple

from sqlalchemy import delete, select, update

from core.errors import Refused
from server.db.schema.directory import half_session, session
from server.db.transaction import Tx
from server.rates import HOUR_MS, MINUTE_MS
from server.services import Services

IDLE_MS: Final = 7 * 24 * HOUR_MS
"""A session that nobody used for so long ends."""

LONGEST_MS: Final = 30 * 24 * HOUR_MS
"""So long after signing in a session ends in any case."""

HALF_MS: Final = 10 * MINUTE_MS
"""So long the code may come after the password."""

_SEEN_EVERY_MS: Final = MINUTE_MS
_TOKEN_BYTES: Final = 32


class WrongCsrf(Refused):
    """A form did not come from a page of ours in this session."""

    code = "wrong_csrf"


class Session(NamedTuple):
    """A session that holds: who, and what its forms must bring along."""

    account_id: bytes
    csrf: str
    expires_ms: int


def begin_session(
    services: Services, tx: Tx, account_id: bytes, *, proposed: str | None = None
) -> tuple[str, Session]:
    """A new session and its token: never one that was known before signing in. `proposed`: the
    secret for a new phone (`setting_up`)."""
    now_ms = services.now_ms()
    token, csrf = _text(services.random(_TOKEN_BYTES)), _text(services.random(_TOKEN_BYTES))
    expires_ms = now_ms + LONGEST_MS
    tx.insert(
        session,
        token_hash=hash_of(token),
        account_id=account_id,
        csrf=csrf,
        created_ms=now_ms,
        seen_ms=now_ms,
        expires_ms=expires_ms,
        totp_proposed=proposed,
        proposed_ms=None if proposed is None else now_ms,
    )
    return token, Session(account_id, csrf, expires_ms)


def begin_half(services: Services, tx: Tx, account_id: bytes) -> str:
    """The token of somebody whose password was right and who owes the code."""
    token, expires_ms = _text(services.random(_TOKEN_BYTES)), services.now_ms() + HALF_MS
    tx.insert(half_session, token_hash=hash_of(token), account_id=account_id, expires_ms=expires_ms)
    return token


def find_half(tx: Tx, token: str, now_ms: int) -> bytes | None:
    """Whose password was right, None where that was too long ago or does not count any more."""
    this = half_session.c.token_hash == hash_of(token)
    row = tx.one(select(half_session).where(this, half_session.c.expires_ms > now_ms))
    return None if row is None else bytes(row.account_id)


def end_half(tx: Tx, token: str) -> bool:
    """Use it up; False where somebody has. One statement: two cannot win."""
    return tx.run(delete(half_session).where(half_session.c.token_hash == hash_of(token))) == 1


def end_halves(tx: Tx, account_id: bytes) -> None:
    """Whoever owes an account's code begins again with the password."""
    tx.run(delete(half_session).where(half_session.c.account_id == account_id))


def find_session(services: Services, token: str) -> Session | None:
    """The session of a cookie's token, None where it has ended or never was."""
    if not token or len(token) > 100:
        return None
    now_ms, hashed = services.now_ms(), hash_of(token)
    with services.store.reading_directory() as tx:
        row = tx.one(select(session).where(session.c.token_hash == hashed))
    if row is None or now_ms >= min(row.expires_ms, row.seen_ms + IDLE_MS):
        return None
    if now_ms - row.seen_ms >= _SEEN_EVERY_MS:
        with services.store.directory() as tx:
            tx.run(update(session).where(session.c.token_hash == hashed).values(seen_ms=now_ms))
    return Session(row.account_id, row.csrf, row.expires_ms)


def end_session(services: Services, token: str) -> None:
    """Sign out."""
    with services.store.directory() as tx:
        tx.run(delete(session).where(session.c.token_hash == hash_of(token)))


def end_all_sessions(services: Services, account_id: bytes) -> int:
    """Sign out everywhere; returns how many sessions ended."""
    with services.store.directory() as tx:
        return tx.run(delete(session).where(session.c.account_id == account_id))


def check_csrf(known: Session, given: str) -> None:
    """Pass a form that brings the session's own secret.

    Raises:
        WrongCsrf: it does not.
    """
    if not hmac.compare_digest(known.csrf.encode(), given.encode()):
        raise WrongCsrf()


def sweep_sessions(tx: Tx, now_ms: int) -> int:
    """Remove sessions that have ended; returns how many."""
    ended = (session.c.expires_ms <= now_ms) | (session.c.seen_ms <= now_ms - IDLE_MS)
    halves = tx.run(delete(half_session).where(half_session.c.expires_ms <= now_ms))
    return halves + tx.run(delete(session).where(ended))


def _text(random: bytes) -> str:
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode("ascii")


def hash_of(token: str) -> bytes:
    """What is kept of a cookie's token."""
    return hashlib.sha256(token.encode()).digest()
