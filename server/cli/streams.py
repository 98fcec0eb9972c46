"""The streams of the command line."""

from __future__ import annotations

import io
import sys


def speak_utf8() -> None:
    """Let the answers be UTF-8, as JSON is, whatever this computer's own characters are. A stream
    that was closed before the program began swallows them."""
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BytesIO())
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
