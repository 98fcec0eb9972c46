"""The print queue's tables: local to this counter, each row with a seal."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from pos.db.schema import metadata

printer = Table(
    "printer",
    metadata,
    Column("id", Integer, primary_key=True, nullable=False),
    Column("name", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("columns", Integer, nullable=False),
    Column("profile", Text, nullable=False),
    Column("cutter", Integer, nullable=False),
    Column("drawer", Integer, nullable=False),
    Column("level", Text, nullable=False),
    Column("is_default", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)

print_job = Table(
    "print_job",
    metadata,
    Column("id", Integer, primary_key=True, nullable=False),
    Column("kind", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("payload", LargeBinary, nullable=True),
    Column("copy", Integer, nullable=False),
    Column("printer_id", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    Index("print_job_state", "state", "printer_id", "id"),
)
