"""When a shop was last backed up.

It is kept in a small file beside the database and not inside: a restored database would claim the
backup of a time that it has lost.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

NAME: Final = "backed-up"


def note_backup(folder: Path, now_ms: int) -> None:
    """A whole backup was written now (UTC ms); it counts even where this cannot be kept."""
    file = folder / NAME
    part = file.with_name(f"{NAME}.part")
    with contextlib.suppress(OSError):
        part.write_text(f"{now_ms}\n", encoding="ascii")
        os.replace(part, file)


def last_backup_ms(folder: Path) -> int:
    """When the last backup was written (UTC ms), 0 where none is known of."""
    try:
        return max(0, int((folder / NAME).read_text(encoding="ascii")))
    except (OSError, ValueError):
        return 0
