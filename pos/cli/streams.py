"""The streams of the command line."""

from __future__ import annotations

import io
import sys


def speak_utf8() -> None:
    """Let what is read and written be UTF-8, as JSON is, whatever this computer's own characters
    are. A stream that was closed before the program began is an empty one.

    What is read and is no UTF-8 becomes lone surrogates, which no text of a shop may hold: the line
    they stand in is refused, and those after it are still read.
    """
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    if sys.stdout is None:
        sys.stdout = io.TextIOWrapper(io.BytesIO())
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "replace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)
