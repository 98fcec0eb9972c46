"""What signing in asks for beside the password: six digits from a phone, or a recovery code.

Whoever works in the office must have it (`office.demand_office`), others may. Every session of an
account with codes was begun with one: putting codes in force ends all sessions but the one in which
it is done, and taking them away on the operator's word ends all.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from core.errors import Refused
from server.accounts.office import works_in_office
from server.accounts.recovery import forget_in, looks_like_one, renew_in, use_in
from server.accounts.sessions import end_halves, hash_of
from server.accounts.totp import step_of, use_step
from server.db.schema.directory import account, session
from server.db.transaction import AnyRow, Tx
from server.services import Services

_LOCKED: Final = (
    select(account)
    .where(account.c.account_id == bindparam("whose"))
    .with_for_update(key_share=True)
)


class CodeNeeded(Refused):
    """The password is right; a code is asked for as well. `half`: the token of who owes it, where
    that is so by signing in."""

    code = "code_needed"

    def __init__(self, half: str = "") -> None:
        """The token is no detail: details are said."""
        super().__init__()
        self.half = half


class WrongCode(Refused):
    """The six digits are wrong, too old, or were used before; or there is no such recovery code."""

    code = "wrong_code"


class NothingProposed(Refused):
    """There is no secret that waits for its first code: it was not asked for, or too long ago."""

    code = "nothing_proposed"


class OfficeKeepsCodes(Refused):
    """An account of the office cannot do without codes."""

    code = "office_keeps_codes"


class TakenAway(NamedTuple):
    """What an operator took away: whether there were codes, and how many sessions ended."""

    had_codes: bool
    sessions: int


def locked_account(tx: Tx, account_id: bytes) -> AnyRow | None:
    """An account as it stands now, which nobody else changes before the transaction ends."""
    return tx.one(_LOCKED, whose=account_id)


def check_code(tx: Tx, row: AnyRow, code: str, now_ms: int) -> bool:
    """Pass an account without a secret, or with the right code, which is then used up; whether it
    was a recovery code.

    Raises:
        CodeNeeded: none was given.
        WrongCode: it is wrong, or was used before.
    """
    if row.totp_secret is None:
        return False
    if not code.strip():
        raise CodeNeeded()
    if looks_like_one(code):
        if not use_in(tx, row.account_id, code):
            raise WrongCode(why="recovery")
        return True
    step = step_of(row.totp_secret, code, now_ms)
    if step is None or not use_step(tx, row.account_id, step):
        raise WrongCode()
    return False


def put_in_force(
    services: Services, tx: Tx, row: AnyRow, secret: str, code: str, *, token: str = ""
) -> list[str]:
    """Ask for codes of this secret from now on, shown by one that it made; its recovery codes.

    Every session of the account ends but that of `token`. The same sent twice shows codes twice:
    the answer that showed the first may never have arrived.

    Raises:
        WrongCode: the code does not fit.
    """
    step = step_of(secret, code, services.now_ms())
    is_again = row.totp_secret == secret
    if step is None or (is_again and row.totp_step != step):
        raise WrongCode()
    mine = account.c.account_id == row.account_id
    tx.run(update(account).where(mine).values(totp_secret=secret, totp_step=step))
    others = (session.c.account_id == row.account_id) & (session.c.token_hash != hash_of(token))
    tx.run(delete(session).where(others))
    return renew_in(services, tx, row.account_id)


def drop_codes(services: Services, account_id: bytes) -> None:
    """Ask for the password only from now on.

    Raises:
        OfficeKeepsCodes: the account is of the office.
    """
    with services.store.directory() as tx:
        locked_account(tx, account_id)
        if works_in_office(tx, account_id):
            raise OfficeKeepsCodes()
        _clear(tx, account_id)
        # What was proposed before would be the secret of before.
        mine = session.c.account_id == account_id
        tx.run(update(session).where(mine).values(totp_proposed=None, proposed_ms=None))


def reset_codes(services: Services, account_id: bytes) -> TakenAway:
    """The operator's way back in for who has neither phone nor recovery codes: the password alone
    opens the account, which is signed out everywhere."""
    with services.store.directory() as tx:
        row = locked_account(tx, account_id)
        _clear(tx, account_id)
        ended = tx.run(delete(session).where(session.c.account_id == account_id))
        end_halves(tx, account_id)
    return TakenAway(row is not None and row.totp_secret is not None, ended)


def renew_recovery(services: Services, account_id: bytes, code: str) -> list[str]:
    """Ten other recovery codes, against a code of either kind.

    Raises:
        CodeNeeded, WrongCode: no right code was given.
        NothingProposed: the account has no codes at all.
    """
    with services.store.directory() as tx:
        check_code(tx, _with_codes(tx, account_id), code, services.now_ms())
        return renew_in(services, tx, account_id)


def _with_codes(tx: Tx, account_id: bytes) -> AnyRow:
    row = locked_account(tx, account_id)
    if row is None or row.totp_secret is None:
        raise NothingProposed()
    return row


def _clear(tx: Tx, account_id: bytes) -> None:
    mine = account.c.account_id == account_id
    tx.run(update(account).where(mine).values(totp_secret=None, totp_step=None))
    forget_in(tx, account_id)
