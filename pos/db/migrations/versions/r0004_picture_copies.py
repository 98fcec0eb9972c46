"""Pictures that came from the server: whose copy the bytes are, and the server's word for it.

Written once and never edited: later changes are revisions of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Two columns, empty for the pictures that are here; an index on who names a picture."""
    op.create_table(
        "picture_copies",
        sa.Column("hash", sa.LargeBinary(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("copy", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.execute(
        "INSERT INTO picture_copies (hash, data, copy, signature)"
        " SELECT hash, data, x'', x'' FROM picture ORDER BY rowid"
    )
    op.drop_table("picture")
    op.rename_table("picture_copies", "picture")
    op.create_index("product_picture", "product", ["picture"], sqlite_where=sa.text("picture<>x''"))
