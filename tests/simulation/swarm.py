"""Which faults exist in a run and how often: each seed draws its own (swarm testing)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

Mode = Literal["quiet", "shops", "faults", "endless"]

NETWORK: Final = (
    "lost", "answer_lost", "doubled", "delayed", "cut", "portal", "portal_204", "proxy_error",
    "too_many", "unavailable", "slow", "server_killed", "killed_sending", "killed_hearing",
    "killed_applying", "server_busy",
)  # fmt: skip
"""What may befall one request."""

EVENTS: Final = (
    "power_cut", "kill_at_statement", "disk_full", "database_busy", "mark_torn", "mark_lags",
    "clock_wrong", "clock_right", "reboot", "back_up", "restore", "bring_back", "clone",
    "server_backup", "server_restore", "server_restart", "revoke", "poison", "damage",
    "owner_edit", "merge", "judge", "upgrade", "burst", "outage", "foreign_push", "newer_field",
)  # fmt: skip
"""What may happen between two steps of a shop's day."""

LATE: Final = ("join_late", "half_laid")
"""The same where tills join in mid-life, and begin with snapshots of short histories."""

ORDERS: Final = (
    "silent_before", "silent_after", "broken", "slow", "other_amount", "denied", "told_never",
    "told_twice", "told_late", "told_forged", "settled_late", "charged_back", "given_back_there",
    "server_dies", "server_locked", "long_wait", "two_hands", "old_orders",
)  # fmt: skip
"""What may befall orders and their money."""

HARD: Final = ("disk_fails", "sleep", "clock_jumps", "key_lost", "second_program", "aged")
"""The same of what befalls the machine of a till beside the network and sudden death."""

ON_THE_WAY: Final = ("asleep", "sold_meanwhile")
"""What may befall a till while a request of it is under way."""

HARD_SHARE: Final = 0.35
"""Of so many seeds machines have such troubles."""

LATE_SHARE: Final = 0.08
"""Of so many seeds tills join in mid-life."""

MARKET: Final = "market"
"""Names, among the faults that are asked for, that there are orders at all."""

COURIERS: Final = "couriers"
"""The same of orders that go by courier."""

PICTURES: Final = "pictures"
"""The same of pictures of goods."""


_NEEDS: Final = {
    "restore": "back_up", "bring_back": "back_up", "server_restore": "server_backup",
    "clock_wrong": "clock_right",
}  # fmt: skip


@dataclass(frozen=True)
class Swarm:
    """Chances from 0 to 1: of each fault for a request, of each event at a step; `orders`: those of
    orders, None where no shop sells online."""

    mode: Mode
    shops: int
    tills: int
    steps: int
    network: Mapping[str, float] = field(default_factory=dict)
    events: Mapping[str, float] = field(default_factory=dict)
    orders: Mapping[str, float] | None = None
    couriers: str = ""
    """What their chance follows from, empty where no shop sends by courier."""

    pictures: str = ""
    """The same of pictures of goods."""


def draw(chance: random.Random, mode: Mode | None = None, only: str = "") -> Swarm:
    """The faults of a run. `only` names those that exist (joined by `+`), at a good rate."""
    if mode is None:
        mode = "endless" if chance.random() < 0.1 else "faults"
    shops = 1 if mode == "quiet" else chance.choice((1, 1, 1, 2, 3))
    tills = 2 if mode == "quiet" else max(shops, chance.choice((1, 2, 2, 3, 3, 4, 5)))
    steps = chance.randint(30, 70)
    if mode in ("quiet", "shops"):
        return Swarm(mode, shops, tills, steps)
    network = {name: _rate(chance, 0.004, 0.12) for name in NETWORK if chance.random() < 0.4}
    events = {name: _rate(chance, 0.004, 0.05) for name in EVENTS if chance.random() < 0.45}
    if only:
        names = set(only.split("+"))
        names |= {_NEEDS[name] for name in names if name in _NEEDS}
        network = {name: 0.15 for name in NETWORK if name in names}
        events = {name: 0.08 for name in (*EVENTS, *LATE) if name in names}
    return Swarm(mode, shops, tills, steps, network, events)


def draw_orders(chance: random.Random, swarm: Swarm, only: str = "") -> Swarm:
    """The same run, in a third of the seeds with orders; from a stream of chance of their own, so
    that what else a seed means does not change."""
    names = set(only.split("+"))
    if not only:
        is_open = chance.random() < 1 / 3
        rates = {name: _rate(chance, 0.02, 0.3) for name in ORDERS if chance.random() < 0.4}
    else:
        is_open = not names.isdisjoint({MARKET, COURIERS, *ORDERS})
        rates = {name: 0.25 for name in ORDERS if name in names}
    if swarm.mode in ("quiet", "shops"):
        rates = {}
    return replace(swarm, orders=rates if is_open else None)


def draw_late(seed: int, swarm: Swarm, only: str = "") -> Swarm:
    """The same run, in a few of the seeds with late tills, too; from a stream of their own."""
    chance = random.Random(f"late {seed}")
    if only or swarm.mode in ("quiet", "shops") or chance.random() >= LATE_SHARE:
        return swarm
    late = {name: _rate(chance, 0.01, 0.05) for name in LATE}
    return replace(swarm, events={**swarm.events, **late})


def draw_hard(seed: int, swarm: Swarm, only: str = "") -> Swarm:
    """The same run, in some of the seeds with troubles of machines, too; from a stream of their
    own."""
    chance = random.Random(f"hard {seed}")
    if swarm.mode in ("quiet", "shops") or (not only and chance.random() >= HARD_SHARE):
        return swarm
    names = set(only.split("+"))

    def some(of_all: tuple[str, ...], low: float, high: float) -> dict[str, float]:
        if only:
            return {name: high for name in of_all if name in names}
        return {name: _rate(chance, low, high) for name in of_all if chance.random() < 0.4}

    return replace(
        swarm,
        network={**swarm.network, **some(ON_THE_WAY, 0.004, 0.12)},
        events={**swarm.events, **some(HARD, 0.004, 0.06)},
    )


def mix(seed: int) -> str:
    """Some faults that are forced together, at rates that no seed draws by itself: names for the
    `only` of a run. Most have tills that join in mid-life, where few seeds have any."""
    chance = random.Random(f"mix {seed}")
    names = chance.sample(NETWORK, chance.randint(0, 4)) + chance.sample(
        EVENTS, chance.randint(1, 7)
    )
    names += [name for name, share in ((LATE[0], 0.8), (LATE[1], 0.27)) if chance.random() < share]
    if chance.random() < 0.35:
        names += [MARKET, *chance.sample(ORDERS, chance.randint(0, 4))]
        names += [COURIERS] if chance.random() < 0.4 else []
    names += [PICTURES] if chance.random() < 0.3 else []
    if chance.random() < 0.5:
        names += chance.sample((*HARD, *ON_THE_WAY), chance.randint(1, 5))
    return "+".join(names)


def draw_couriers(seed: int, swarm: Swarm, only: str = "") -> Swarm:
    """The same run, in half of those with orders with couriers, too; from one more stream."""
    stream = f"{COURIERS} {seed}"
    has_some = COURIERS in only.split("+") if only else random.Random(stream).random() < 0.5
    return replace(swarm, couriers=stream if has_some and swarm.orders is not None else "")


def _rate(chance: random.Random, low: float, high: float) -> float:
    """Many rare ones, some frequent ones."""
    return float(low * (high / low) ** chance.random())
