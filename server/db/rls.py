"""Row-level security: the rules of the tables, and who may serve behind them.

The rules' wording and the missing FORCE on a distributed engine come from trials of one (its
planner refuses a condition of type uuid, and moving a shard never ends under FORCE).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, text

from server.db.schema import may_change, may_remove, shop_tables
from server.failures import NoRole, UnsafeRole

DEFAULT_ROLE = "huyula_app"
_OWN_ROWS = "shop_id::text = current_setting('app.shop', true)"


def secure(connection: Connection, tables: Iterable[str]) -> None:
    """Guard shops' tables: called by each migration that makes some. Nothing on SQLite.

    FORCE binds the owner as well: a later migration that changes rows lifts it while it does.
    """
    if connection.dialect.name != "postgresql":
        return
    force = not is_distributed(connection)
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        if force:
            connection.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        connection.exec_driver_sql(
            f"CREATE POLICY own_rows ON {table} USING ({_OWN_ROWS}) WITH CHECK ({_OWN_ROWS})"
        )


def secure_public(connection: Connection, tables: Iterable[str]) -> None:
    """Let everybody read tables; a row is written by the shop that it names. Nothing on SQLite.

    Not by FORCE: they hold nothing that cannot be made again, and their owner does not serve.
    """
    if connection.dialect.name != "postgresql":
        return
    own = _OWN_ROWS.replace("shop_id", "owner")
    for table in tables:
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY everybody_reads ON {table} FOR SELECT USING (true)",
            f"CREATE POLICY own_new ON {table} FOR INSERT WITH CHECK ({own})",
            f"CREATE POLICY own_changed ON {table} FOR UPDATE USING ({own}) WITH CHECK ({own})",
            f"CREATE POLICY own_gone ON {table} FOR DELETE USING ({own})",
        ):
            connection.exec_driver_sql(statement)


def is_distributed(connection: Connection) -> bool:
    """Whether tables are spread over machines here (Citus)."""
    found = connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'citus'"))
    return found.first() is not None


def grant(connection: Connection, role: str) -> None:
    """Let the service's role read and write rows, and no more. What is only ever added to (the
    ledger) it may not change or remove, whatever its program tries.

    Raises:
        NoRole: there is no such role.
    """
    if not _role_exists(connection, role):
        raise NoRole(role=role)
    name = connection.dialect.identifier_preparer.quote_identifier(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
        *(f"REVOKE {rights} ON {table} FROM {name}" for table, rights in _withheld()),
    ):
        connection.exec_driver_sql(statement)


def _withheld() -> Iterator[tuple[str, str]]:
    for table in shop_tables():
        if not may_change(table):
            yield str(table.name), "UPDATE, DELETE"
        elif not may_remove(table):
            yield str(table.name), "DELETE"


def _role_exists(connection: Connection, role: str) -> bool:
    query = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    return connection.execute(query, {"role": role}).first() is not None


def check_role(connection: Connection) -> None:
    """Refuse to serve as a role that row-level security does not bind. Nothing on SQLite.

    Raises:
        UnsafeRole: superuser, BYPASSRLS, owner of a table (also through membership), or a
            shop's table without its rule.
    """
    if connection.dialect.name != "postgresql":
        return
    row = connection.execute(_ROLE).one()
    if row.rolsuper or row.rolbypassrls:
        raise UnsafeRole(role=row.role, why="superuser" if row.rolsuper else "BYPASSRLS")
    owned = connection.execute(_OWNED).scalar()
    if owned:
        raise UnsafeRole(role=row.role, why=f"owner of {owned}")
    bare = connection.execute(_BARE).scalar()
    if bare:
        raise UnsafeRole(role=row.role, why=f"no row-level security on {bare}")


_ROLE = text(
    "SELECT current_user::text AS role, bool_or(rolsuper) AS rolsuper,"
    " bool_or(rolbypassrls) AS rolbypassrls"
    " FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER')"
)
_OWNED = text(
    "SELECT min(relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
    " AND pg_has_role(current_user, c.relowner, 'MEMBER')"
)
_BARE = text(
    "SELECT min(relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity"
)
