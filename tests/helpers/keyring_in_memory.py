"""A keyring in memory that behaves as those of systems do on bad days."""

from __future__ import annotations

import threading

from pos.device.vault import Found


class Ring:
    """A keyring in memory that can be locked, hang, forget what it is given, or break."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.fault: Exception | None = None
        self.hangs: threading.Event | None = None
        self.asked = 0
        self.lies = False

    def get_password(self, service: str, username: str) -> str | None:
        self._before()
        return None if self.lies else self.kept.get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._before()
        self.kept[f"{service} {username}"] = password

    def _before(self) -> None:
        self.asked += 1
        if self.hangs is not None:
            self.hangs.wait(30)
        if self.fault is not None:
            raise self.fault

    def found(self) -> Found:
        return "Ring", self


class KeyringLocked(Exception):
    """As the library calls it."""
