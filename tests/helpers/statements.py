"""Statements that must not be written: one on a shop's table that does not name the shop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from server.db.schema import shop_tables

_NAMES = {table.name for table in shop_tables()}
_TABLES = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+\"?(\w+)\"?", re.IGNORECASE)
_SETS_BY_FUNCTION = re.compile(r"set_config\s*\(\s*'app\.shop'", re.IGNORECASE)
_MAKES_TABLES = re.compile(r"\s*(CREATE|ALTER|DROP|GRANT|REVOKE|PRAGMA|COMMENT)\b", re.IGNORECASE)


def fault_of(sql: str) -> str | None:
    """What is wrong with a statement as it goes to the database, or None."""
    if _SETS_BY_FUNCTION.search(sql):
        return "app.shop is set by a function, which a distributed engine does not carry"
    if _MAKES_TABLES.match(sql):
        return None
    named = [name for name in _TABLES.findall(sql) if name in _NAMES]
    if not named:
        return None
    if re.match(r"\s*INSERT", sql, re.IGNORECASE):
        into = sql.partition("(")[2].partition(")")[0]
        return None if "shop_id" in into else "an insert does not give shop_id"
    if len(re.findall(r"shop_id\W{1,3}=", sql)) < len(named):
        return "a table of a shop is not tied to it by shop_id ="
    return None


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What the engine is given while the block runs, beside what begins and ends transactions."""
    told: list[str] = []

    def note(_c: Any, _cursor: Any, sql: str, _params: Any, _context: Any, _many: Any) -> None:
        told.append(sql)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def watched(engine: Engine) -> Iterator[None]:
    """Fail on each faulty statement that the engine is given."""

    def judge(_c: Any, _cursor: Any, sql: str, _params: Any, _context: Any, _many: Any) -> None:
        fault = fault_of(sql)
        assert fault is None, f"{fault}: {sql}"

    event.listen(engine, "before_cursor_execute", judge)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", judge)
