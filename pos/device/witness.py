"""What is kept outside the data folder, so that a copied or restored folder is noticed.

For each device (line of history) this machine's state folder holds its key, which folder it
lives in, and a high-water mark: the last seq, hash and receipt number that were written.

A key is born in the record's file, which nobody else may read. Sync moves it into the system's
keyring where there is one (`keep_safe`); the record then says where it lies and what its digest is.
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

from pos.device.vault import KeyAway, Vault


class Mark(NamedTuple):
    """How far a line had come: seq, hash of its last entry, last receipt number."""

    seq: int
    hash: bytes
    receipt: int


class Record(NamedTuple):
    """What this machine knows of a device.

    `key` is empty where the keyring `place` keeps it; `digest` is its SHA-256.
    """

    key: bytes
    folder: str
    folder_id: str
    digest: bytes
    place: str = ""


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

    def __init__(self, place: Path | None = None, vault: Vault | None = None) -> None:
        """Use the state folder, made if needed; without a vault keys stay in its files."""
        self.place = place or state_folder()
        self.vault = vault
        self._keys: dict[bytes, bytes] = {}
        self._marks: dict[bytes, int] = {}

    def record(self, device: bytes) -> Record | None:
        """What is known of a device, or None."""
        try:
            found = json.loads(self._path(device, "json").read_text(encoding="utf-8"))
            key, place = bytes.fromhex(found.get("key", "")), str(found.get("keyring", ""))
            digest = hashlib.sha256(key).digest() if key else bytes.fromhex(found["digest"])
            return Record(key, found["folder"], found["folder_id"], digest, place)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def key(self, device: bytes) -> bytes | None:
        """A device's key, None where it is lost: then its record goes, and the next start, or
        whoever asks, opens a new line. May take seconds: not for the window's thread.

        Raises:
            KeyAway: the keyring has it and does not hand it out now.
        """
        record = self.record(device)
        if record is None:
            return None
        if record.key:
            return record.key
        known = self._keys.get(device)
        if known is None:
            if self.vault is None:
                raise KeyAway(why="absent")
            known = self.vault.get(device, record.place)
            if known is None or hashlib.sha256(known).digest() != record.digest:
                self.forget(device)
                return None
            self._keys[device] = known
        return known

    def keep_safe(self, device: bytes) -> bool:
        """Move a device's key from its file into the keyring, where there is one; whether it did.

        The file lets go of it only after the keyring has given it back. Takes seconds at most.
        """
        record = self.record(device)
        if record is None or not record.key or self.vault is None:
            return False
        try:
            name = self.vault.put(device, record.key)
        except KeyAway:
            return False
        if name:
            self._keys[device] = record.key
            text = {"digest": record.digest.hex(), "keyring": name}
            self._write(device, text | {"folder": record.folder, "folder_id": record.folder_id})
        return bool(name)

    def forget(self, device: bytes) -> None:
        """A key is lost or given up: this machine does not know the device any more."""
        self._keys.pop(device, None)
        self._path(device, "json").unlink(missing_ok=True)

    def remember(self, device: bytes, key: bytes, folder: Path) -> None:
        """Write down a device's key and the folder that it lives in."""
        self._write(
            device, {"key": key.hex(), "folder": str(folder), "folder_id": folder_id(folder)}
        )

    def _write(self, device: bytes, record: dict[str, str]) -> None:
        self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(device, "json")
        part = path.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(json.dumps(record))
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
