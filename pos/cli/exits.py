"""Exit codes of the command line."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
REFUSED: Final = 1
"""Refused by a rule."""

USAGE: Final = 2
"""Wrong usage or unreadable input."""

FOLDER: Final = 3
"""Data folder in use or damaged."""
