"""What is kept outside the data folder, so that a copied or restored folder is noticed.

For each device (line of history) this machine's state folder holds its key, which folder it
lives in, and a high-water mark: the last seq, hash and receipt number that were written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import uuid
from pathlib import Path
from typing import NamedTuple

import platformdirs


class Mark(NamedTuple):
    """How far a line had come: seq, hash of its last entry, last receipt number."""

    seq: int
    hash: bytes
    receipt: int


class Record(NamedTuple):
    """What this machine knows of a device."""

    key: bytes
    folder: str
    folder_id: str


def state_folder() -> Path:
    """Where this machine keeps its witness records (`HUYULA_STATE` overrides)."""
    given = os.environ.get("HUYULA_STATE")
    return Path(given) if given else Path(platformdirs.user_state_dir("huyula", appauthor=False))


def machine_digest() -> bytes:
    """SHA-256 of what names this machine."""
    return hashlib.sha256(b"huyula machine\n" + _machine_id().encode()).digest()


def _machine_id() -> str:
    given = os.environ.get("HUYULA_MACHINE")
    if given:
        return given
    if sys.platform == "win32":
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        with contextlib.suppress(OSError):
            text = Path(path).read_text(encoding="ascii").strip()
            if text:
                return text
    return f"{uuid.getnode():012x}"


def folder_id(folder: Path) -> str:
    """What tells a folder from its copy: the file system's own number for it."""
    status = folder.stat()
    return f"{status.st_dev}:{status.st_ino}"


class Witness:
    """This machine's records, one pair of small files a device."""

    def __init__(self, place: Path | None = None) -> None:
        """Use the state folder, made if needed."""
        self.place = place or state_folder()
        self._marks: dict[bytes, int] = {}

    def record(self, device: bytes) -> Record | None:
        """What is known of a device, or None."""
        try:
            found = json.loads(self._path(device, "json").read_text(encoding="utf-8"))
            return Record(bytes.fromhex(found["key"]), found["folder"], found["folder_id"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember(self, device: bytes, key: bytes, folder: Path) -> None:
        """Write down a device's key and the folder that it lives in."""
        self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(device, "json")
        part = path.with_suffix(".part")
        text = json.dumps({"key": key.hex(), "folder": str(folder), "folder_id": folder_id(folder)})
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(part, path)

    def mark(self, device: bytes) -> Mark | None:
        """The high-water mark of a device, or None."""
        try:
            seq, digest, receipt = self._path(device, "mark").read_text("ascii").split()
            return Mark(int(seq), bytes.fromhex(digest), int(receipt))
        except (OSError, ValueError):
            return None

    def set_mark(self, device: bytes, mark: Mark) -> None:
        """Move the mark on. Not forced to disk: a mark that lags is harmless, one ahead is not."""
        text = f"{mark.seq:020d} {mark.hash.hex()} {mark.receipt:012d}\n".encode("ascii")
        descriptor = self._marks.get(device)
        with contextlib.suppress(OSError):
            if descriptor is None:
                self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
                path = self._path(device, "mark")
                flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
                descriptor = self._marks[device] = os.open(path, flags, 0o600)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, text)

    def close(self) -> None:
        """Close the mark files."""
        for descriptor in self._marks.values():
            os.close(descriptor)
        self._marks.clear()

    def _path(self, device: bytes, suffix: str) -> Path:
        return self.place / f"{device.hex()}.{suffix}"
