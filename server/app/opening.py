"""Opening the database, if it may be served from."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from server.config import BadSetting, Config
from server.db.migrate import HEAD_REVISION, check_revision, migrate
from server.db.rls import check_role
from server.db.schema import metadata
from server.db.sharding import check_distribution
from server.db.store import Store
from server.db.url import parse_address
from server.failures import NewerDatabase, NotMigrated
from server.hosts import BadHosts, Hosts, read_hosts
from server.sealed import Vault, read_vault
from server.services import OrderRules, PictureRules, Services


def open_store(config: Config) -> Store:
    """The database of the settings. SQLite is brought up to date at once; PostgreSQL is not.

    Raises:
        NotMigrated, NewerDatabase, ForeignDatabase: the tables do not fit this program.
        UnsafeRole: row-level security does not bind the role in the address.
        NotDistributed: there is Citus, and a table of shops or the role is not set up for it.
        DatabaseUnreachable: it does not answer.
    """
    if parse_address(config.address).get_backend_name() == "sqlite":
        migrate(config.address)
    store = Store(config.address, connections=config.threads)
    try:
        with store.reading_directory() as tx:
            check_revision(tx.connection)
            check_role(tx.connection)
            spread = check_distribution(tx.connection, metadata)
        store.engine.update_execution_options(distributed=spread)
    except BaseException:
        store.close()
        raise
    return store


def open_services(config: Config, *, shared: Path | None = None) -> Services:
    """What commands work with, as the settings say.

    Raises:
        BadSealingKeys: the file of sealing keys cannot be used.
        BadSetting: the hosts cannot be used.
        Refused: the database cannot be, see `open_store`.
    """
    vault = read_vault(Path(config.sealing_keys)) if config.sealing_keys else Vault()
    return Services(
        open_store(config),
        picture_rules=PictureRules(config.picture_bytes, config.picture_days),
        order_rules=OrderRules(config.contact_days),
        hosts=hosts_of(config),
        shared=shared,
        vault=vault,
    )


def hosts_of(config: Config) -> Hosts:
    """The hosts that the settings name.

    Raises:
        BadSetting: they cannot be used.
    """
    try:
        return read_hosts(config.hosts, config.gerai_domain, config.gerai_hosts)
    except BadHosts as error:
        raise BadSetting(name="hosts", why=str(error)) from None


def check_ready(store: Store) -> str:
    """Pass while the database answers and fits this program; returns its revision.

    Raises:
        NotMigrated, NewerDatabase: it was changed since this program was started.
        DatabaseUnreachable: it does not answer.
    """
    with store.reading_directory() as tx:
        current = str(
            tx.connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        )
    if current < HEAD_REVISION:
        raise NotMigrated(revision=current, known=HEAD_REVISION)
    if current > HEAD_REVISION:
        raise NewerDatabase(revision=current, known=HEAD_REVISION)
    return current
