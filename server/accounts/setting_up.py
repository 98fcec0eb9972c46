"""Setting codes up: a session proposes a secret, and a first code from the phone puts it in force.

The secret waits with the session, so that no page brings it back and a reload shows the same one.
Who signed in a moment ago is not asked for the password again; later it is asked for, and for
another phone in the place of one that is in force a code as well.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from sqlalchemy import bindparam, or_, select, update

from server.accounts.codes import NothingProposed, check_code, locked_account, put_in_force
from server.accounts.sessions import hash_of
from server.accounts.totp import address_of, new_secret
from server.db.schema.directory import account, session
from server.db.transaction import AnyRow, Tx
from server.rates import MINUTE_MS, count_try
from server.services import Services

PROPOSED_MS: Final = 30 * MINUTE_MS
"""So long a secret waits for its first code."""

YOUNG_MS: Final = 15 * MINUTE_MS
"""So long after signing in the password is not asked for again."""

_MOST_TRIES: Final = 20
_WINDOW_MS: Final = 15 * MINUTE_MS
_HERE: Final = (
    select(
        account.c.account_id, account.c.email, account.c.totp_secret, session.c.totp_proposed,
        session.c.proposed_ms, session.c.created_ms,
    )
    .join(account, account.c.account_id == session.c.account_id)
    .where(session.c.token_hash == bindparam("token"))
)  # fmt: skip

Stage = Literal["show", "begin", "ask", "done"]


class Proposal(NamedTuple):
    """A secret that waits for its first code: as text, and as the address that a phone scans.

    `replaces`: another phone's is in force until then.
    """

    secret: str
    uri: str
    replaces: bool


def stage_of(in_force: str | None, proposed: str | None, *, is_young: bool) -> Stage:
    """How far a session is: the proposed secret can be shown, or proposed without more ado; the
    password is to be asked for first; or all is done."""
    if proposed is not None and proposed != in_force:
        return "show"
    if in_force is not None:
        return "done"
    return "begin" if is_young else "ask"


def look(services: Services, token: str) -> Proposal | Literal["ask", "done"]:
    """What the page of a session shows.

    Raises:
        NothingProposed: the session has ended.
    """
    now_ms = services.now_ms()
    with services.store.reading_directory() as tx:
        row = _here(tx, token)
    stage = _stage(row, now_ms)
    if stage == "begin":
        with services.store.directory() as tx:
            # Only where none waits: of two pages that open together both show the same.
            stale = session.c.proposed_ms <= now_ms - PROPOSED_MS
            _put(services, tx, token, or_(session.c.totp_proposed.is_(None), stale))
            row = _here(tx, token)
        stage = _stage(row, now_ms)
    if stage == "show":
        secret = row.totp_proposed
        return Proposal(secret, address_of(secret, row.email), row.totp_secret is not None)
    return "done" if stage == "done" else "ask"


def propose(services: Services, token: str, account_id: bytes, code: str = "") -> None:
    """Propose a secret to who has given the password, and to whose account has codes already for
    a code of either kind.

    Raises:
        CodeNeeded, WrongCode: there are codes, and no right one was given.
    """
    now_ms = services.now_ms()
    with services.store.directory() as tx:
        row = locked_account(tx, account_id)
        if row is not None:
            check_code(tx, row, code, now_ms)
            _put(services, tx, token, session.c.account_id == account_id)


def confirm(services: Services, token: str, account_id: bytes, code: str) -> list[str]:
    """Put the session's secret in force with a code that it made; the recovery codes, to be shown
    once. Every other session of the account ends.

    Raises:
        WrongCode: the code does not fit.
        NothingProposed: no secret waits, or it waited too long.
        TooManyTries: guessed too often.
    """
    now_ms, bucket = services.now_ms(), f"set up codes {account_id.hex()}"
    with services.store.directory() as tx:
        count_try(tx, bucket, most=_MOST_TRIES, window_ms=_WINDOW_MS, now_ms=now_ms)
    with services.store.directory() as tx:
        row = locked_account(tx, account_id)
        # Read under the account's lock: who set codes up elsewhere meanwhile ended this session.
        here = tx.one(_HERE, token=hash_of(token))
        if row is None or here is None or not _waits(here, now_ms):
            raise NothingProposed()
        return put_in_force(services, tx, row, here.totp_proposed, code, token=token)


def _here(tx: Tx, token: str) -> AnyRow:
    row = tx.one(_HERE, token=hash_of(token))
    if row is None:
        raise NothingProposed()
    return row


def _waits(row: AnyRow, now_ms: int) -> bool:
    return row.totp_proposed is not None and now_ms < row.proposed_ms + PROPOSED_MS


def _stage(row: AnyRow, now_ms: int) -> Stage:
    proposed = row.totp_proposed if _waits(row, now_ms) else None
    return stage_of(row.totp_secret, proposed, is_young=now_ms < row.created_ms + YOUNG_MS)


def _put(services: Services, tx: Tx, token: str, only: object) -> None:
    statement = update(session).where(session.c.token_hash == hash_of(token), only)  # type: ignore[arg-type]
    tx.run(statement.values(totp_proposed=new_secret(services), proposed_ms=services.now_ms()))
