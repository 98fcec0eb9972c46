"""Bringing the tables to this program's form, on both engines.

PostgreSQL: run by `huyula-server migrate` with the owner's address. SQLite: by whatever opens
the file, after a copy of it was made. Alembic is imported only when there is something to do.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, inspect, text

from server.db.engine import make_engine
from server.db.errors import as_refusal
from server.db.rls import DEFAULT_ROLE, grant
from server.db.url import file_of, parse_address
from server.failures import DatabaseUnreachable, ForeignDatabase, NewerDatabase, NotMigrated

HEAD_REVISION: Final = "0001"
_MIGRATIONS = Path(__file__).parent / "migrations"
# Two operators at once: any number will do, as long as it is always the same.
_LOCK_TEXT = "SELECT pg_advisory_xact_lock(7285418350)"


def revision(connection: Connection) -> str:
    """The revision of the tables: empty where there are none.

    Raises:
        ForeignDatabase: there are tables, but not of this program.
    """
    names = set(inspect(connection).get_table_names())
    if "alembic_version" not in names:
        if names:
            raise ForeignDatabase()
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found or "")


def check_revision(connection: Connection) -> None:
    """Pass where the tables are of this program's form.

    Raises:
        NotMigrated: they are older, or there are none.
        NewerDatabase: they are newer.
    """
    current = revision(connection)
    if current > HEAD_REVISION:
        raise NewerDatabase(revision=current, known=HEAD_REVISION)
    if current < HEAD_REVISION:
        raise NotMigrated(revision=current, known=HEAD_REVISION)


def migrate(address: str, *, role: str = DEFAULT_ROLE) -> str:
    """Upgrade to `HEAD_REVISION` as the owner of the tables; returns the revision before.

    On PostgreSQL the service's `role` is granted what it needs, each time anew.

    Raises:
        NewerDatabase: the tables are newer than this program.
        ForeignDatabase: they are not of this program.
        NoRole: PostgreSQL has no such role.
        DatabaseUnreachable: no connection.
    """
    url = parse_address(address)
    try:
        return _migrate(url, role)
    except Exception as error:
        refusal = as_refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _migrate(url: URL, role: str) -> str:
    file = file_of(url)
    if file is not None:
        _make_room(file)
    with _transaction(url) as connection:
        current = revision(connection)
        if current > HEAD_REVISION:
            raise NewerDatabase(revision=current, known=HEAD_REVISION)
        if current < HEAD_REVISION:
            if file is not None and current:
                _copy(file, current)
            upgrade(connection)
        if connection.dialect.name == "postgresql":
            grant(connection, role)
    return current


def _make_room(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # It will hold hashes of passwords: nobody else on this machine reads it.
        file.touch(mode=0o600)
    except OSError as error:
        raise DatabaseUnreachable(why="file") from error


@contextmanager
def _transaction(url: URL) -> Iterator[Connection]:
    """One transaction over the whole upgrade: both engines undo changes of tables, too."""
    engine = make_engine(url, 1)
    is_postgresql = engine.dialect.name == "postgresql"
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN" if is_postgresql else "BEGIN IMMEDIATE")
            try:
                if is_postgresql:
                    connection.exec_driver_sql(_LOCK_TEXT)
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
    finally:
        engine.dispose()


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _copy(file: Path, current: str) -> None:
    name = f"{file.stem}-before-{HEAD_REVISION}-from-{current}-{time.strftime('%Y%m%d-%H%M%S')}.db"
    source = sqlite3.connect(f"file:{file.as_posix()}?mode=ro", uri=True)
    copy = sqlite3.connect(file.with_name(name))
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
