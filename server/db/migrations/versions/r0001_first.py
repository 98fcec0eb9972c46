"""The first tables.

Not yet released: its modules may still grow. Once released it is never edited again.
"""

from __future__ import annotations

from alembic import op

from server.db.migrations.first import (
    buyers,
    catalog,
    directory,
    journal,
    ledger,
    orders,
    payments,
    people,
    pictures,
    search,
    shops,
    trade,
)
from server.db.rls import secure, secure_public

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables; those of a shop are guarded at once."""
    directory.create()
    buyers.create()
    for part in (shops, journal, trade, catalog, people, pictures, ledger, orders, payments):
        part.create()
        secure(op.get_bind(), part.TABLES)
    search.create()
    secure_public(op.get_bind(), search.TABLES)
