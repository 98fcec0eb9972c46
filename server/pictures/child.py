"""The process that reads one picture: original in, copy out, and nothing else within reach.

It knows no database, no key and no setting (its surroundings are emptied by whoever starts it), has
bounded memory and time, and ends with the picture: a decoder that was led astray takes nothing with
it into the next one.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Final

import msgspec

from core.sync.pictures import PICTURE_BYTES
from server.pictures.decoding import Decoded, Unreadable, decode, decode_front
from server.pictures.fronts import FRONT_BYTES, ROLES, Fronted

MEMORY_BYTES: Final = 1024 * 1024 * 1024
CPU_S: Final = 10


class Answer(msgspec.Struct, frozen=True):
    """What came of it: the copy, or (`why`) the reason that there is none."""

    why: str = ""
    decoded: Decoded | None = None
    front: Fronted | None = None


def main() -> None:
    """Read standard input to its end, write one message to standard output. The one argument, if
    there is any, is the role of a gerai's own picture."""
    _limit()
    role = next((one for one in ROLES if sys.argv[1:] == [one]), None)
    original = sys.stdin.buffer.read((FRONT_BYTES if role else PICTURE_BYTES) + 1)
    try:
        if role is None:
            answer = Answer(decoded=decode(original))
        else:
            answer = Answer(front=decode_front(original, role))
    except Unreadable as error:
        answer = Answer(why=error.why)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    sys.stdout.buffer.flush()


def _limit() -> None:
    """Bound memory and time, leave no core file, open no further file for writing."""
    try:
        import resource
    except ImportError:  # not on Windows: there the time limit of the caller is what holds
        return
    for name, most in (
        ("RLIMIT_AS", MEMORY_BYTES),
        ("RLIMIT_CPU", CPU_S),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
    ):
        # A limit that is narrower already may stay so.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most))


if __name__ == "__main__":
    main()
