"""Recovery codes for who has lost the phone: ten, shown once, each works once, only hashes kept."""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import delete, func, select

from server.accounts.written import read_written, written_code
from server.db.schema.directory import recovery_code
from server.db.transaction import Tx
from server.services import Services

HOW_MANY: Final = 10
FEW_LEFT: Final = 3
"""With so many or fewer left an account is told to make new ones."""

_BYTES: Final = 10
_LETTERS: Final = _BYTES * 8 // 5


def looks_like_one(text: str) -> bool:
    """Whether what was typed has the length of a recovery code, and not of six digits."""
    return len(read_written(text)) == _LETTERS


def renew_in(services: Services, tx: Tx, account_id: bytes) -> list[str]:
    """Ten new codes, as they are shown; those of before work no longer."""
    forget_in(tx, account_id)
    codes = [written_code(services.random(_BYTES)) for _ in range(HOW_MANY)]
    for one in codes:
        tx.insert(recovery_code, account_id=account_id, code_hash=_hash(account_id, one))
    return codes


def use_in(tx: Tx, account_id: bytes, text: str) -> bool:
    """Use a code up; False where it is none. One statement: two cannot win."""
    mine = recovery_code.c.account_id == account_id
    this = recovery_code.c.code_hash == _hash(account_id, text)
    return tx.run(delete(recovery_code).where(mine, this)) == 1


def forget_in(tx: Tx, account_id: bytes) -> None:
    """Remove all codes of an account."""
    tx.run(delete(recovery_code).where(recovery_code.c.account_id == account_id))


def codes_left(services: Services, account_id: bytes) -> int:
    """How many codes still work."""
    mine = recovery_code.c.account_id == account_id
    with services.store.reading_directory() as tx:
        return int(tx.scalar(select(func.count()).select_from(recovery_code).where(mine)))


def _hash(account_id: bytes, text: str) -> bytes:
    """A plain hash will do: 80 bits of chance are not tried through, as a password's would be."""
    return hashlib.sha256(b"huyula recovery code 1\n" + account_id + read_written(text)).digest()
