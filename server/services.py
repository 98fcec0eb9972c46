"""What every command of the server works with: the database, the clock, chance."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.ids import uuid7
from server.db.store import Store
from server.hosts import NO_HOSTS, Hosts
from server.sealed import Vault


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class PasswordCost:
    """How dear a guess is: argon2id passes, memory in KiB, lanes.

    The defaults are argon2-cffi's, which follow RFC 9106's second recommendation: about a tenth
    of a second.
    """

    passes: int = 3
    memory_kib: int = 65_536
    lanes: int = 4


@dataclass(frozen=True)
class PictureRules:
    """How many bytes of pictures a shop may have, and how many days one stays that no goods name
    any more: long enough for whoever takes a change back."""

    quota_bytes: int = 512 * 1024 * 1024
    keep_days: int = 30


@dataclass(frozen=True)
class OrderRules:
    """How many days after the end of an order its buyer is deleted."""

    contact_days: int = 90


@dataclass(frozen=True)
class Services:
    """Handed to every command; tests and the simulator give their own clock and chance.

    `hosts` are those that the server answers for. `shared` is a folder that the processes of one
    server share, None where it is but one. `vault` seals what must not lie open in the database.
    """

    store: Store
    now_ms: Callable[[], int] = _wall_ms
    random: Callable[[int], bytes] = secrets.token_bytes
    password_cost: PasswordCost = field(default_factory=PasswordCost)
    picture_rules: PictureRules = field(default_factory=PictureRules)
    order_rules: OrderRules = field(default_factory=OrderRules)
    hosts: Hosts = NO_HOSTS
    shared: Path | None = None
    vault: Vault = field(default_factory=Vault)

    def new_id(self) -> bytes:
        """A fresh id of 16 bytes."""
        return uuid7(self.now_ms(), self.random(10))
