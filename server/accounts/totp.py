"""Codes of six digits from a phone (TOTP, RFC 6238): SHA-1, 30 seconds, each code once."""

from __future__ import annotations

import base64
import hmac
from typing import Final

import pyotp
from sqlalchemy import or_, update

from server.db.schema.directory import account
from server.db.transaction import Tx
from server.services import Services

STEP_S: Final = 30
_SLACK_STEPS: Final = 1
_SECRET_BYTES: Final = 20


def new_secret(services: Services) -> str:
    """A secret that no phone has yet."""
    return base64.b32encode(services.random(_SECRET_BYTES)).decode("ascii")


def address_of(secret: str, email: str) -> str:
    """The address that a phone scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Huyula")


def step_of(secret: str, code: str, now_ms: int) -> int | None:
    """The step of time whose code this is, one step of slack on either side."""
    given = "".join(code.split())
    now = now_ms // 1000 // STEP_S
    maker = pyotp.TOTP(secret)
    for step in range(now - _SLACK_STEPS, now + _SLACK_STEPS + 1):
        if hmac.compare_digest(maker.generate_otp(step).encode(), given.encode()):
            return step
    return None


def use_step(tx: Tx, account_id: bytes, step: int) -> bool:
    """Mark a step as used; False where it or a later one was. One statement: two cannot win."""
    unused = or_(account.c.totp_step.is_(None), account.c.totp_step < step)
    statement = update(account).where(account.c.account_id == account_id, unused)
    return tx.run(statement.values(totp_step=step)) == 1
