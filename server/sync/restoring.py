"""The server went back in time: its database was restored, or lost its last transactions."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, select, text, update

from core.errors import Refused
from core.facts.sync import EpochBegan
from server.db.schema import SHOP, journal, shops
from server.db.schema.directory import server_value
from server.db.transaction import ShopTx, Tx
from server.failures import DatabaseBusy
from server.services import Services
from server.sync.feed import Step

_NEW_LINE = (
    update(shops.shop).where(shops.shop.c.shop_id == SHOP).values(server_device=bindparam("line"))
)
_NAME: Final = "postgresql"
_SERVED_FROM = select(server_value.c.value).where(server_value.c.name == _NAME)
_FORGET = delete(server_value).where(server_value.c.name == _NAME)
# The timeline that is written now: the control file names the old one until a checkpoint has ended.
_IDENTITY = text(
    "SELECT system_identifier, CASE WHEN NOT pg_is_in_recovery() THEN"
    " ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END AS timeline_id,"
    " (SELECT oid FROM pg_database WHERE datname = current_database()) AS oid"
    " FROM pg_control_system()"
)


class RestoredFirst(Refused):
    """The database was restored, or another server was promoted: `restored` must be run first."""

    code = "restored_first"


def check_not_restored(services: Services) -> None:
    """Pass while the database is the one that was last served from (PostgreSQL says which).

    Raises:
        RestoredFirst: it is another cluster, timeline or database: transactions may be missing.
        DatabaseBusy: it is still playing its log back.
    """
    if not services.store.is_postgresql:
        return
    with services.store.directory() as tx:
        now = _identity(tx)
        before = tx.scalar(_SERVED_FROM)
        if before is None:
            tx.insert_new(server_value, name=_NAME, value=now)
        elif bytes(before) == _without_database(now):
            tx.run(_FORGET)
            tx.insert(server_value, name=_NAME, value=now)
        elif bytes(before) != now:
            raise RestoredFirst()


def _without_database(identity: bytes) -> bytes:
    """What was noted before the database itself was."""
    return identity.rpartition(b"/")[0]


def _identity(tx: Tx) -> bytes:
    row = tx.connection.execute(_IDENTITY).one()
    if row.timeline_id is None:
        raise DatabaseBusy()
    return f"{row.system_identifier}/{row.timeline_id}/{row.oid}".encode()


def begin_epochs(services: Services, reason: str) -> int:
    """Begin a new epoch in every shop, with a new line of the server; returns how many shops.

    Counters then go back to where both feeds are the same, send again what the server lacks, and
    offer what others wrote.
    """
    shop_ids = services.store.shop_ids()
    for shop_id in shop_ids:
        services.store.in_shop(shop_id, lambda tx: _begin(services, tx, reason))
    if services.store.is_postgresql:
        with services.store.directory() as tx:
            tx.run(_FORGET)
            tx.insert(server_value, name=_NAME, value=_identity(tx))
    return len(shop_ids)


def _begin(services: Services, tx: ShopTx, reason: str) -> None:
    step = Step(tx, services.now_ms())
    tx.insert(
        journal.feed_epoch,
        epoch=step.epoch + 1,
        n=step.n,
        feed_hash=step.hash,
        at_ms=step.now_ms,
    )
    # The old line may have gone on before the fall; nobody may write two histories under one name.
    tx.run(_NEW_LINE, line=services.new_id())
    step.begin_epoch(step.epoch + 1)
    step.say(EpochBegan(step.epoch, reason))
    step.close()
