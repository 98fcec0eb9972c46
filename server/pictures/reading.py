"""Reading originals beside the server: one process a picture, few at a time, killed in time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import msgspec

import server
from server.pictures.child import Answer
from server.pictures.decoding import Decoded
from server.pictures.fronts import FRONT_BYTES, Fronted, Role
from server.pictures.refusals import BadPicture, DecodersBusy

AT_ONCE: Final = 2
"""Processes that read pictures: the rest of the server keeps its cores."""

WAIT_S: Final = 5.0
TIME_S: Final = 20.0
"""Wall time; what a picture may cost of the processor is bounded more tightly by its process."""

_MOST_ANSWER: Final = 1024 * 1024
_ROOT: Final = Path(server.__file__).resolve().parents[1]
# What Python needs to start; nothing of what the service was told.
_KEPT: Final = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP")
_room = threading.BoundedSemaphore(AT_ONCE)


def read_picture(original: bytes, *, time_s: float = TIME_S) -> Decoded:
    """The copy of an original, made in a process of its own.

    Raises:
        BadPicture: it cannot be read, or not within memory and time.
        DecodersBusy: others are being read, or this machine is too busy.
    """
    answer = _in_turn(original, time_s)
    if answer.decoded is None:
        raise BadPicture(why=answer.why or "unreadable")
    return answer.decoded


def read_front(original: bytes, role: Role) -> Fronted:
    """A gerai's logo or banner in its sizes and kinds, made in a process of its own.

    Raises:
        BadPicture: it cannot be read, or not within memory and time.
        DecodersBusy: others are being read, or this machine is too busy.
    """
    if not 0 < len(original) <= FRONT_BYTES:
        raise BadPicture(why="pixels" if original else "unreadable")
    answer = _in_turn(original, TIME_S, role)
    if answer.front is None:
        raise BadPicture(why=answer.why or "unreadable")
    return answer.front


def _in_turn(original: bytes, time_s: float, *role: str) -> Answer:
    if not _room.acquire(timeout=WAIT_S):
        raise DecodersBusy(retry_s=5)
    try:
        return _ask(original, time_s, *role)
    finally:
        _room.release()


def _ask(original: bytes, time_s: float, *role: str) -> Answer:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-m", "server.pictures.child", *role],
            input=original,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=time_s,
            env={**kept, "PYTHONPATH": str(_ROOT)},
            cwd=_ROOT,
        )
    except subprocess.TimeoutExpired:
        # Its own limit of the processor's time did not end it: the machine has other things to do.
        raise DecodersBusy(retry_s=30) from None
    if done.returncode != 0 or len(done.stdout) > _MOST_ANSWER:
        return Answer(why="unreadable")
    try:
        return msgspec.msgpack.decode(done.stdout, type=Answer)
    except msgspec.DecodeError:
        return Answer(why="unreadable")
