"""The shop's printers: added, listed, found by name."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from core.errors import Refused
from core.text import clean_name
from pos.db.database import Database
from pos.db.sealed import put_sealed
from pos.printing.profile import BadPrinter, Cutter, PrinterProfile, profile_for
from pos.printing.transports import PrinterTrouble, check_connection


class UnknownPrinter(Refused):
    """There is no printer of this name."""

    code = "unknown_printer"


class Printer(NamedTuple):
    """A printer as set up.

    `profile` is python-escpos's name for the model, or "". `level` is what it has proved: A names
    the printed job, B answers after printing, C answers questions, D says nothing, "" not known.
    """

    id: int
    name: str
    connection: str
    columns: int
    profile: str
    cutter: Cutter
    drawer: bool
    level: str
    is_default: bool
    active: bool

    def settings(self) -> PrinterProfile:
        """Its profile for rendering; the model's true dots where the model is known."""
        plain = profile_for(self.columns, self.cutter, drawer=self.drawer)
        if not self.profile:
            return plain
        from pos.printing.escpos_library import profile_named

        try:
            return msgspec.structs.replace(plain, dots=profile_named(self.profile).dots)
        except PrinterTrouble:
            return plain


_QUERY = (
    "SELECT id, name, connection, columns, profile, cutter, drawer, level, is_default, active"
    " FROM printer"
)
_CUTTERS: tuple[Cutter, ...] = ("none", "partial", "full")


def _printer(row: Any) -> Printer:
    return Printer(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4],
        _CUTTERS[row[5]],
        bool(row[6]),
        row[7],
        bool(row[8]),
        bool(row[9]),
    )


def printers(db: Database) -> list[Printer]:
    """All printers in use."""
    return [_printer(row) for row in db.rows(f"{_QUERY} WHERE active=1 ORDER BY id")]


def printer_by_id(db: Database, printer_id: int) -> Printer | None:
    """A printer by id."""
    row = db.one(f"{_QUERY} WHERE id=?", (printer_id,))
    return None if row is None else _printer(row)


def printer_named(db: Database, name: str) -> Printer:
    """A printer by name, whatever the case; "" is the default one.

    Raises:
        UnknownPrinter.
    """
    for item in printers(db):
        if item.name.casefold() == name.strip().casefold() or (not name and item.is_default):
            return item
    raise UnknownPrinter(name=name)


def save_printer(db: Database, item: Printer) -> None:
    """Write a printer's row with its seal; inside the caller's transaction."""
    put_sealed(
        db,
        "printer",
        {
            "id": item.id,
            "name": item.name,
            "connection": item.connection,
            "columns": item.columns,
            "profile": item.profile,
            "cutter": _CUTTERS.index(item.cutter),
            "drawer": int(item.drawer),
            "level": item.level,
            "is_default": int(item.is_default),
            "active": int(item.active),
        },
    )


def add_printer(
    db: Database,
    name: str,
    connection: str,
    *,
    columns: int = 32,
    cutter: Cutter = "none",
    drawer: bool = False,
    default: bool = True,
    profile: str = "",
) -> int:
    """Set a printer up, or change the one of that name; returns its id.

    What it can prove is measured anew by the next test page or receipt.

    Raises:
        BadPrinter, BadConnection.
    """
    clean = clean_name(name)
    if not clean:
        raise BadPrinter(why="name")
    profile_for(columns, cutter)
    if profile:
        from pos.printing.escpos_library import known_profiles

        if profile not in known_profiles():
            raise BadPrinter(why="profile")
    target = check_connection(connection)
    with db.transaction():
        known = {item.name.casefold(): item for item in printers(db)}
        old = known.get(clean.casefold())
        number = old.id if old else 1 + int(db.scalar("SELECT max(id) FROM printer") or 0)
        first = default or not known
        if first:
            for item in known.values():
                save_printer(db, item._replace(is_default=False))
        save_printer(
            db, Printer(number, clean, target, columns, profile, cutter, drawer, "", first, True)
        )
    return number


def remove_printer(db: Database, name: str) -> None:
    """Put a printer out of use; its jobs stay as they are.

    Raises:
        UnknownPrinter.
    """
    item = printer_named(db, name)
    with db.transaction():
        save_printer(db, item._replace(active=False, is_default=False))


def learn_level(db: Database, printer_id: int, level: str) -> None:
    """Keep what a printer has proved, without touching what a person set meanwhile."""
    with db.transaction():
        item = printer_by_id(db, printer_id)
        if item is not None:
            save_printer(db, item._replace(level=level))
