"""What would be left behind: entries that only this data folder has."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from core.errors import Refused
from pos.db.database import open_database
from pos.opening import database_file
from pos.sync.memory import server, waiting_count


class UnsentReplaced(Refused):
    """Data with entries that the server does not have is replaced: said, not refused."""

    code = "unsent_replaced"


def unsent(folder: Path) -> int:
    """How many entries of a folder's shop its server lacks; 0 without a server or a readable shop.

    The file is looked at only: it may be of an older version, or damaged, which is why somebody
    restores a backup.
    """
    file = database_file(folder)
    if not file.exists():
        return 0
    try:
        db = open_database(file, read_only=True)
    except (OSError, sqlite3.Error):
        return 0
    try:
        return waiting_count(db) if server(db) is not None else 0
    except (sqlite3.Error, ValueError):
        return 0
    finally:
        db.close()
