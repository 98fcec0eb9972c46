"""Sentences about imported files and their rows."""

from __future__ import annotations

IMPORTING: dict[str, tuple[str, str]] = {}
