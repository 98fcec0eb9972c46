"""One-time codes by which a counter joins a shop.

Eight letters, ten minutes, once. The first three say which code is meant, the other five (30 to
the power of 5: 24 million) are the secret, of which five wrong tries end the code.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final, NamedTuple

from sqlalchemy import delete, select, update

from core.errors import Refused
from core.sync.codes import pairing_code, read_code
from core.sync.limits import PAIRING_MS
from server.db.schema.directory import pairing
from server.db.transaction import ShopTx, Tx
from server.rates import HOUR_MS, count_try
from server.services import Services

MOST_TRIES: Final = 5
TRIES_AN_HOUR: Final = 10
"""From one address."""

_PLACE_LETTERS: Final = 3


class WrongPairingCode(Refused):
    """No such code, or it has ended, was used, or was guessed at too often."""

    code = "wrong_pairing_code"


class PairingCode(NamedTuple):
    """A code to be shown to the owner, and until when (UTC ms) it holds."""

    code: str
    expires_ms: int


def make_code(services: Services, shop_id: bytes) -> PairingCode:
    """A new code for a shop; earlier ones of the shop that were not used end."""
    now_ms = services.now_ms()
    expires_ms = now_ms + PAIRING_MS
    with services.store.directory() as tx:
        tx.run(delete(pairing).where(pairing.c.shop == shop_id, pairing.c.used_ms.is_(None)))
        tx.run(delete(pairing).where(pairing.c.expires_ms <= now_ms))
        while True:
            code = pairing_code(services.random(32))
            if tx.insert_new(
                pairing,
                place=code[:_PLACE_LETTERS],
                code_hash=_hash(code),
                shop=shop_id,
                created_ms=now_ms,
                expires_ms=expires_ms,
                tries=0,
            ):
                return PairingCode(code, expires_ms)


def count_pairing(tx: Tx, address: str, now_ms: int) -> None:
    """Count a try from an address; in a transaction of its own, so that it stays counted.

    Raises:
        TooManyTries: the address has tried ten times within the hour.
    """
    bucket = f"pairing from {address}"
    count_try(tx, bucket, most=TRIES_AN_HOUR, window_ms=HOUR_MS, now_ms=now_ms)


def shop_of_code(services: Services, text: str, *, address: str) -> bytes:
    """The shop that a code is for; whoever joins it uses the code up (`use_code`).

    Raises:
        WrongPairingCode: it is not a code that holds.
        TooManyTries: too many tries from this address.
    """
    now_ms = services.now_ms()
    with services.store.directory() as tx:
        count_pairing(tx, address, now_ms)
    code = read_code(text)
    if code is None:
        raise WrongPairingCode()
    with services.store.directory() as tx:
        shop_id = _shop_of(tx, code, now_ms)
    if shop_id is None:
        raise WrongPairingCode()
    return shop_id


def _shop_of(tx: Tx, code: str, now_ms: int) -> bytes | None:
    here = pairing.c.place == code[:_PLACE_LETTERS]
    row = tx.one(select(pairing).where(here).with_for_update())
    if row is None or row.used_ms is not None or now_ms >= row.expires_ms:
        return None
    if row.tries >= MOST_TRIES:
        return None
    if not hmac.compare_digest(row.code_hash, _hash(code)):
        tx.run(update(pairing).where(here).values(tries=row.tries + 1))
        return None
    shop_id: bytes = row.shop
    return shop_id


def use_code(tx: ShopTx, text: str, now_ms: int) -> None:
    """Use a code of this shop up, in the transaction of what it is used for: where that fails, the
    code holds still.

    Raises:
        WrongPairingCode: another has used it since it was looked at, or it has ended.
    """
    code = read_code(text) or ""
    used = (
        update(pairing)
        .where(
            pairing.c.place == code[:_PLACE_LETTERS],
            pairing.c.code_hash == _hash(code),
            pairing.c.shop == tx.shop_id,
            pairing.c.used_ms.is_(None),
            pairing.c.tries < MOST_TRIES,
            pairing.c.expires_ms > now_ms,
        )
        .values(used_ms=now_ms)
    )
    if tx.run(used) != 1:
        raise WrongPairingCode()


def sweep_codes(tx: Tx, now_ms: int) -> int:
    """Remove codes that have ended; returns how many."""
    return tx.run(delete(pairing).where(pairing.c.expires_ms <= now_ms))


def _hash(code: str) -> bytes:
    return hashlib.sha256(b"huyula pairing code 1\n" + code.encode("ascii")).digest()
