"""The first tables of the counter."""

from __future__ import annotations

from alembic import op

from pos.db.schema import metadata
from pos.printing import tables as _tables  # noqa: F401  (registers its tables)

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    metadata.create_all(op.get_bind())
