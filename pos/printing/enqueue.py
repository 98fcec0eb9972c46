"""Putting jobs on the print queue, inside the transaction of what they print.

Without a default printer nothing is queued: a shop that prints nothing waits for nothing.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Any, NamedTuple

import msgspec

_INSERT = (
    "INSERT INTO print_job (id, kind, ref, payload, copy, printer_id, state, cause, bytes,"
    " created_ms, updated_ms, seal) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
)


class JobRow(NamedTuple):
    """A job as stored, without its seal."""

    id: int
    kind: str
    ref: str
    payload: bytes | None
    copy: int
    printer_id: int
    state: str
    cause: str
    bytes: int
    created_ms: int
    updated_ms: int


def job_seal(row: JobRow) -> bytes:
    """The digest by which a changed job is noticed."""
    return hashlib.sha256(b"print_job\n" + msgspec.msgpack.encode(tuple(row))).digest()


def default_printer(conn: sqlite3.Connection) -> tuple[int, bool] | None:
    """The default printer's id and whether a drawer hangs on it, or None."""
    row = conn.execute(
        "SELECT id, drawer FROM printer WHERE active=1 AND is_default=1 LIMIT 1"
    ).fetchone()
    return None if row is None else (int(row[0]), bool(row[1]))


def add_job(
    conn: sqlite3.Connection,
    kind: str,
    ref: str,
    printer_id: int,
    now_ms: int,
    *,
    payload: bytes | None = None,
    copy: int = 0,
) -> int:
    """Queue a job for a printer; returns its id. Uses the caller's transaction."""
    number = int(conn.execute("SELECT coalesce(max(id), 0) + 1 FROM print_job").fetchone()[0])
    row = JobRow(number, kind, ref, payload, copy, printer_id, "queued", "", 0, now_ms, now_ms)
    conn.execute(_INSERT, (*row, job_seal(row)))
    return number


def queue_receipt(
    conn: sqlite3.Connection, receipt: str, *, kick_drawer: bool, now_ms: int, copy: int = 0
) -> None:
    """Queue a receipt; before it, alone, the drawer's pulse where cash was taken."""
    found = default_printer(conn)
    if found is None:
        return
    printer_id, has_drawer = found
    if kick_drawer and has_drawer:
        add_job(conn, "pulse", receipt, printer_id, now_ms)
    add_job(conn, "receipt", receipt, printer_id, now_ms, copy=copy)


def queue_pulse(conn: sqlite3.Connection, *, now_ms: int) -> None:
    """Queue the drawer's pulse alone."""
    found = default_printer(conn)
    if found is not None and found[1]:
        add_job(conn, "pulse", "", found[0], now_ms)


def queue_document(
    conn: sqlite3.Connection,
    kind: str,
    ref: str,
    now_ms: int,
    payload: Any = None,
) -> None:
    """Queue a report or slip on the default printer."""
    found = default_printer(conn)
    if found is not None:
        packed = None if payload is None else msgspec.msgpack.encode(payload)
        add_job(conn, kind, ref, found[0], now_ms, payload=packed)
