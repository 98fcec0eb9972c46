"""Codes of six digits from a phone (TOTP, RFC 6238): SHA-1, 30 seconds, each code once."""

from __future__ import annotations

import base64
import hmac
from typing import Final, NamedTuple

import pyotp
from sqlalchemy import or_, select, update

from core.errors import Refused
from server.db.schema.directory import account
from server.db.transaction import AnyRow, Tx
from server.services import Services

STEP_S: Final = 30
_SLACK_STEPS: Final = 1
_SECRET_BYTES: Final = 20


class CodeNeeded(Refused):
    """The password is right; the six digits are asked for as well."""

    code = "code_needed"


class WrongCode(Refused):
    """The six digits are wrong, too old, or were used before."""

    code = "wrong_code"


class NewSecret(NamedTuple):
    """A secret to be shown once: as text, and as the address that a phone scans."""

    secret: str
    uri: str


def propose_totp(services: Services, account_id: bytes) -> NewSecret:
    """A new secret, not yet in force: its owner must show that the phone has it."""
    with services.store.reading_directory() as tx:
        email = tx.scalar(select(account.c.email).where(account.c.account_id == account_id))
    secret = base64.b32encode(services.random(_SECRET_BYTES)).decode("ascii")
    uri = pyotp.TOTP(secret).provisioning_uri(name=str(email), issuer_name="Huyula")
    return NewSecret(secret, uri)


def confirm_totp(services: Services, account_id: bytes, secret: str, code: str) -> None:
    """Put a proposed secret in force with a code that it made.

    Raises:
        WrongCode: the code does not fit.
    """
    step = _step_of(secret, code, services.now_ms())
    if step is None:
        raise WrongCode()
    with services.store.directory() as tx:
        mine = account.c.account_id == account_id
        tx.run(update(account).where(mine).values(totp_secret=secret, totp_step=step))


def drop_totp(services: Services, account_id: bytes) -> None:
    """Ask for the password only from now on."""
    with services.store.directory() as tx:
        mine = account.c.account_id == account_id
        tx.run(update(account).where(mine).values(totp_secret=None, totp_step=None))


def check_code(tx: Tx, row: AnyRow, code: str, now_ms: int) -> None:
    """Pass an account without a secret, or with the right code, which is then used up.

    Raises:
        CodeNeeded: none was given.
        WrongCode: it is wrong, or was used before.
    """
    if row.totp_secret is None:
        return
    if not code.strip():
        raise CodeNeeded()
    step = _step_of(row.totp_secret, code, now_ms)
    if step is None or not _use(tx, row.account_id, step):
        raise WrongCode()


def _use(tx: Tx, account_id: bytes, step: int) -> bool:
    """Mark a step as used; False where it or a later one was. One statement: two cannot win."""
    unused = or_(account.c.totp_step.is_(None), account.c.totp_step < step)
    statement = update(account).where(account.c.account_id == account_id, unused)
    return tx.run(statement.values(totp_step=step)) == 1


def _step_of(secret: str, code: str, now_ms: int) -> int | None:
    """The step of time whose code this is, one step of slack on either side."""
    given = "".join(code.split())
    now = now_ms // 1000 // STEP_S
    maker = pyotp.TOTP(secret)
    for step in range(now - _SLACK_STEPS, now + _SLACK_STEPS + 1):
        if hmac.compare_digest(maker.generate_otp(step).encode(), given.encode()):
            return step
    return None
