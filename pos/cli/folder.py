"""Where a shop's data lives."""

from __future__ import annotations

import os
from pathlib import Path


def default_folder() -> Path:
    """Where a shop's data lives when nothing else is said."""
    given = os.environ.get("HUYULA_DATA_DIR")
    if given:
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_data_dir("huyula", appauthor=False))
