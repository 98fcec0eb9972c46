"""The operating system's keyring: Windows' Credential Locker, the Secret Service, macOS' Keychain.

A keyring may ask for a password, wait for ever, or be gone in the next session. So every question
has a time limit and a thread of its own, is asked from sync's thread only, and an answer that has
not come is no answer: nothing is concluded from it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Final, Protocol

from core.errors import Refused

LIMIT_S: Final = 8.0
"""So long one waits for a keyring; somebody who is asked for a password types on, and the answer
is there the next time."""

_SERVICE: Final = "huyula"
_TRUSTED: Final = frozenset(
    f"keyring.backends.{name}" for name in ("Windows", "SecretService", "macOS", "kwallet")
)
"""Those of the systems themselves; others that are installed may write plain files."""


class KeyAway(Refused):
    """The keyring holds this line's key and does not hand it out now; `why` is locked, silent,
    absent or failed. Nothing is lost: it is asked again."""

    code = "key_away"


class Keyring(Protocol):
    """What is used of a backend of the library `keyring`."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, None where there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""


Found = tuple[str, Keyring] | None


def system_keyring() -> Found:
    """The system's keyring and its name, None where there is none; takes a moment.

    `HUYULA_KEYRING=off` says that there is none.
    """
    if os.environ.get("HUYULA_KEYRING") == "off":
        return None
    from keyring import backend

    there = [one for one in backend.get_all_keyring() if type(one).__module__ in _TRUSTED]
    if not there:
        return None
    best = max(there, key=lambda one: float(one.priority))
    return type(best).__module__.rpartition(".")[2], best


class _Question(threading.Thread):
    """One question in a thread that ends with the program, whatever the keyring does."""

    def __init__(self, about: tuple[str, bytes], work: Callable[[], str]) -> None:
        super().__init__(name="keyring", daemon=True)
        self.about = about
        self._work = work
        self.answer = ""
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.answer = self._work()
        except Exception as error:
            self.error = error


class Vault:
    """Keys in the system's keyring, by device id: a folder copied elsewhere brings none."""

    def __init__(
        self, find: Callable[[], Found] = system_keyring, *, limit_s: float = LIMIT_S
    ) -> None:
        """Nothing is looked for before the first question."""
        self._find = find
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._open: _Question | None = None

    def put(self, device: bytes, key: bytes) -> str:
        """Keep a key and read it back; returns the keyring's name, "" where there is none.

        Raises:
            KeyAway: it is not kept, or nobody knows.
        """

        def work() -> str:
            found = self._find()
            if found is None:
                return ""
            name, ring = found
            ring.set_password(_SERVICE, device.hex(), key.hex())
            if ring.get_password(_SERVICE, device.hex()) != key.hex():
                raise KeyAway(why="failed")
            return name

        return self._ask(("put", device), work)

    def get(self, device: bytes, name: str) -> bytes | None:
        """The key that the keyring of that name keeps, None where it says that it has none.

        Raises:
            KeyAway: it does not say.
        """

        def work() -> str:
            found = self._find()
            if found is None or found[0] != name:
                raise KeyAway(why="absent")
            return found[1].get_password(_SERVICE, device.hex()) or ""

        text = self._ask(("get", device), work)
        try:
            return bytes.fromhex(text) or None
        except ValueError:
            return None

    def _ask(self, about: tuple[str, bytes], work: Callable[[], str]) -> str:
        with self._lock:
            question = self._open
            if question is None or (not question.is_alive() and question.about != about):
                question = self._open = _Question(about, work)
                question.start()
            # Else: an older question is still open. One more thread would only wait, too.
            question.join(self._limit_s)
            if question.is_alive() or question.about != about:
                raise KeyAway(why="silent")
            self._open = None
        if question.error is not None:
            raise _away(question.error) from question.error
        return question.answer


def _away(error: Exception) -> KeyAway:
    if isinstance(error, KeyAway):
        return error
    return KeyAway(why="locked" if type(error).__name__ == "KeyringLocked" else "failed")
