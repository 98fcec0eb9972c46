"""What must hold when everything has come to rest: the simulator's invariants, on real processes'
files and on PostgreSQL, and the same as the command lines tell it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from pos.catalog.pictures import picture_hash
from pos.db.database import Database
from pos.opening import read_only
from pos.sync.memory import cursor
from pos.sync.picture_memory import picture_state
from server.db.store import Store
from server.services import Services
from server.sync.listing import sales_of
from tests.simulation.broken import insist
from tests.simulation.invariants import (
    all_hold_the_same,
    cursor_is_on_the_feed,
    each_sale_counts_once,
    nothing_differed,
    one_hash_a_place,
    overwritten_values_are_readable,
    quarantine_is_seen_on_both_sides,
    receipts_are_unique,
    shops_are_apart,
    shown_sales_are_kept,
    what_anybody_holds_is_back,
)
from tests.simulation.machine import Shown
from tests.simulation.proofs import chain_holds, everybody_proves_itself
from tests.soak.counter import Counter
from tests.soak.office import Office


class _Opened:
    """What the invariants call a counter's program: its database, for looking only."""

    def __init__(self, db: Database) -> None:
        self.db = db


class _Machine:
    """A counter as the invariants see it. Nothing here damages a disk or runs an old program."""

    was_damaged = was_old = was_revoked = False
    unknown = None

    def __init__(self, counter: Counter, db: Database) -> None:
        self.name, self.shop = counter.name, counter.shop
        self.counter = _Opened(db)
        self.last_error = ""
        self.shown = [
            Shown(_hash_of(self, one.receipt), one.receipt, one.total or 0) for one in counter.shown
        ]

    def hashes(self) -> set[bytes]:
        """The hashes of all that it holds."""
        rows = self.counter.db.raw.execute(
            "SELECT hash FROM journal UNION SELECT hash FROM carried"
        )
        return {bytes(row[0]) for row in rows}

    def here(self) -> contextlib.AbstractContextManager[None]:
        """Nothing follows from where this process is."""
        return contextlib.nullcontext()


def _hash_of(machine: _Machine, receipt: str) -> bytes:
    """The hash of the fact that carries a number; a number that is not there ends everything."""
    rows = machine.counter.db.rows(
        "SELECT j.hash FROM journal j JOIN (SELECT id AS pos, receipt FROM sale UNION ALL"
        " SELECT id, receipt FROM repayment) s ON s.pos=j.pos WHERE s.receipt=?",
        (receipt,),
    )
    insist(1, len(rows) == 1, f"{machine.name}: {receipt} is there {len(rows)} times")
    return bytes(rows[0][0])


class World:
    """Server and counters as the simulator's invariants look at them."""

    def __init__(self, office: Office, shops: list[bytes], machines: list[_Machine]) -> None:
        """All processes have ended, or only wait."""
        self.machines = machines
        self.server = self
        self.shops = shops
        self.rows, self.hashes = office.rows, office.stored
        self.services = Services(Store(office.addresses.app))
        self.restored = office.restored
        self.story = self
        self.conflicts = 0
        self.promises = {
            device: (seq, digest) for (device, seq), digest in sorted(office.promises.items())
        }
        self.expected = {
            one.hash: one for machine in machines for one in machine.shown if _is_sale(machine, one)
        }
        self.gone: set[bytes] = set()
        self.foreign: set[bytes] = set()
        self.excused: set[int] = set()
        self.twins: set[bytes] = set()
        self.homes: dict[bytes, int] = {}

    def living(self) -> list[Any]:
        """All of them."""
        return list(self.machines)

    def may_pull(self, machine: Any) -> bool:
        """Nobody was revoked."""
        return True

    def is_damaged(self, digest: bytes) -> bool:
        """Nothing was."""
        return False

    def count(self, name: str, number: int = 1) -> None:
        """What the invariants count: changes that were made at two places."""
        self.conflicts += number if name == "conflicts" else 0


def _is_sale(machine: _Machine, shown: Shown) -> bool:
    rows = machine.counter.db.rows("SELECT 1 FROM sale WHERE receipt=?", (shown.receipt,))
    return bool(rows)


@contextlib.contextmanager
def looking(office: Office, shops: list[bytes], counters: list[Counter]) -> Iterator[World]:
    """Everything opened for looking only."""
    opened = [read_only(counter.machine.data) for counter in counters]
    try:
        machines = [_Machine(*pair) for pair in zip(counters, opened, strict=True)]
        world = World(office, shops, machines)
        try:
            yield world
        finally:
            world.services.store.close()
    finally:
        for db in opened:
            db.close()


def check(office: Office, shops: list[bytes], counters: list[Counter]) -> dict[str, int]:
    """Every invariant of the simulator that has a meaning here; returns figures for the report.

    Raises:
        Broken: one does not hold.
        AssertionError: the command lines tell something else.
    """
    office.check_promises()
    with looking(office, shops, counters) as made:
        world: Any = made
        for machine in world.living():
            shown_sales_are_kept(machine)
            cursor_is_on_the_feed(world, machine)
            nothing_differed(machine)
            chain_holds(machine)
        what_anybody_holds_is_back(world)
        each_sale_counts_once(world)
        one_hash_a_place(world)
        for machine in world.living():
            one_hash_a_place_here(machine)
            epoch_is_of_the_restores(world, machine)
        receipts_are_unique(world)
        all_hold_the_same(world)
        quarantine_is_seen_on_both_sides(world)
        shops_are_apart(world)
        overwritten_values_are_readable(world)
        everybody_proves_itself(world)
        for counter, machine in zip(counters, world.living(), strict=True):
            _as_it_was_shown(counter, machine)
            _told_by_commands(office, shops, counter, world)
        figures = {
            "sales at the server": len(world.rows("SELECT 1 FROM sale")),
            "entries at the server": len(world.rows("SELECT 1 FROM entry")),
            "changes at two places": world.conflicts,
            "pictures everywhere": sum(map(pictures_are_whole, world.living())),
        }
    lost = office.lost - office.stored()
    insist(17, not lost, f"{len(lost)} entries never came back after a restore")
    proof = office.command("verify")
    insist(15, all(row["ok"] for row in proof), proof)
    return figures


def one_hash_a_place_here(machine: Any) -> None:
    """5 at a counter: nobody, the server neither, has written two histories under one name."""
    rows = machine.counter.db.rows(
        "SELECT device, seq FROM journal GROUP BY device, seq HAVING count(DISTINCT hash)>1"
    )
    found = [f"{row[0].hex()[:8]}:{row[1]}" for row in rows]
    insist(5, not found, f"{machine.name} holds two entries of one place: {found[:3]}")


def epoch_is_of_the_restores(world: Any, machine: Any) -> None:
    """4: each time that the server went back its feed began a new epoch, and counters follow."""
    shop = world.server.shops[machine.shop]
    epoch = world.server.rows("SELECT epoch FROM shop_feed WHERE shop_id=:shop", shop=shop)[0][0]
    at = cursor(machine.counter.db).epoch
    insist(
        4, at == epoch == 1 + world.server.restored,
        f"{machine.name} is at epoch {at} of {epoch} after {world.server.restored} restores",
    )  # fmt: skip


def pictures_wait(world: Any) -> list[str]:
    """14 for pictures: who still has some to send or to fetch."""
    states = [(one.name, picture_state(one.counter.db)) for one in world.living()]
    return [f"{name}: {state}" for name, state in states if state.waiting]


def what_waits(machine: Any) -> str:
    """The kinds of what waits at a counter, and whose they are."""
    rows = machine.counter.db.rows(
        "SELECT j.kind, j.device IN (SELECT device FROM own_line), count(*) FROM waiting w"
        " JOIN journal j ON j.pos=w.pos GROUP BY 1, 2"
    )
    told = ", ".join(f"{row[2]} {'own' if row[1] else 'foreign'} {row[0]}" for row in rows)
    return f"{machine.name}: {told or 'nothing'} waits"


def pictures_are_whole(machine: Any) -> int:
    """Each picture that one of the goods names is here, whole; how many there are."""
    db = machine.counter.db
    rows = db.rows(
        "SELECT DISTINCT q.picture, p.data, p.copy FROM product q LEFT JOIN picture p"
        " ON p.hash=q.picture WHERE q.picture<>x''"
    )
    for name, data, copy in rows:
        whole = data is not None and picture_hash(bytes(data)) == bytes(copy or name)
        insist(7, whole, f"{machine.name}: picture {name.hex()[:8]} is not here")
    return len(rows)


def _as_it_was_shown(counter: Counter, machine: Any) -> None:
    """1 and 2 by the eyes of the cashier: total and reference as asked for, and asked for once."""
    db = machine.counter.db
    for one in counter.shown:
        if one.ref:
            rows = db.rows("SELECT receipt, total FROM sale WHERE ref=?", (one.ref,))
            found = [tuple(row) for row in rows]
            insist(1, found == [(one.receipt, one.total)], f"{counter.name}: {one} is {found}")
    own = [one.receipt for one in counter.shown]
    insist(6, len(own) == len(set(own)), f"{counter.name}: a number was shown twice")
    lines = db.scalar("SELECT count(*) FROM own_line")
    most = 1 if counter.is_first else 2  # whoever joins later gets a new code once
    insist(6, lines <= most, f"{counter.name}: {lines} lines without a restore")
    numbers = sorted(
        int(row[0].rpartition("-")[2])
        for row in db.rows(
            "SELECT receipt FROM sale WHERE device=(SELECT device FROM own_line ORDER BY place DESC"
            " LIMIT 1) UNION SELECT r.receipt FROM repayment r JOIN journal j ON j.pos=r.id WHERE"
            " j.device=(SELECT device FROM own_line ORDER BY place DESC LIMIT 1)"
        )
    )
    insist(
        6, numbers == list(range(1, len(numbers) + 1)), f"{counter.name}: gaps in {numbers[-9:]}"
    )


def _told_by_commands(office: Office, shops: list[bytes], counter: Counter, world: World) -> None:
    """The same as counter and server say it on their command lines."""
    proof = counter.run("verify").data
    insist(15, proof["ok"] and "unchecked" not in proof, f"{counter.name}: {proof}")
    shop = shops[counter.shop]
    here = {row["receipt"]: row["total"] for row in counter.lines("receipts")
            if row["type"] != "repayment"}  # fmt: skip
    there = {row.receipt: row.total for row in sales_of(world.services, shop)}
    insist(7, here == there, f"{counter.name}: {set(here) ^ set(there)}")
    stock = {row["id"]: row["stock"] for row in counter.lines("products")}
    named = office.command("stock", shop.hex())
    theirs = {row["product"].replace("-", ""): row["stock"] for row in named}
    shown = {key: value for key, value in stock.items() if value != "0" or key in theirs}
    insist(7, shown == theirs, f"{counter.name}: {set(shown.items()) ^ set(theirs.items())}")
