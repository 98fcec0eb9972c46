"""Pictures of goods in a run: chosen at tills, sent in parts, copied by the server, fetched by the
others; cut, damaged and lost on their way. What must hold of them in the end (34), and the mutants
P1, a copy that nobody compares with its hash, and P2, one that is not asked for after a cut.

All of it from a stream of chance of its own; few runs have pictures, for they are dear."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch
from urllib.parse import parse_qs

import msgspec

import pos.sync.pictures as travelling
from core.errors import Refused
from core.sync.pictures import PicturePart, PictureSent, copy_bytes
from core.sync.wire import unpack
from pos.catalog.pictures import keep_copy, picture_hash, prepared
from pos.catalog.products import ProductRecord, change_product, product_record
from pos.counter import Counter
from pos.device.signed import is_signed
from pos.sync.memory import server as server_of
from pos.sync.once import pictures_of, pictures_once
from pos.sync.wire import NoAnswer, Received, Wire
from tests.helpers.picture_files import noise
from tests.simulation import events
from tests.simulation.broken import insist
from tests.simulation.nature import Killed
from tests.simulation.swarm import PICTURES, Swarm

if TYPE_CHECKING:
    from tests.simulation.machine import Machine
    from tests.simulation.world import World

SHARE: Final = 0.08
"""Of so many seeds goods have pictures."""

MADE: Final = 8
_WAITS_MS: Final = (0, 3_700_000, 700_000, 700_000, 700_000)
"""What passes before each of the last rounds: the server is asked again within an hour, and after a
step that did not end well within ten minutes."""

PART_PATH: Final = "/sync/picture"


def draw_pictures(seed: int, swarm: Swarm, only: str = "") -> Swarm:
    """The same run, in a few of the seeds with pictures, too; from a stream of their own."""
    stream = f"{PICTURES} {seed}"
    if only:
        has_some = PICTURES in only.split("+")
    else:
        is_whole = swarm.mode in ("faults", "endless")
        has_some = is_whole and random.Random(stream).random() < SHARE
    return replace(swarm, pictures=f"{stream}, what happens" if has_some else "")


@cache
def made(number: int) -> bytes:
    """A picture as a till keeps it: tiny, and of several of a run's parts."""
    return prepared(noise((24 + number, 22), number))


class Pictures:
    """Those of a run; without any, nothing happens."""

    def __init__(self, world: World) -> None:
        """Nobody has chosen one yet."""
        self.world = world
        self.is_on = bool(world.swarm.pictures)
        self.has_faults = world.swarm.mode not in ("quiet", "shops")
        self.chance = random.Random(world.swarm.pictures)
        self._ways: dict[str, tuple[Counter, travelling.Pictures]] = {}
        self._spoiled: set[str] = set()
        self._asked: set[tuple[str, bytes]] = set()

    # -- a day

    def step(self) -> None:
        """What concerns pictures in one step of the safety phase."""
        if not self.is_on:
            return
        luck, world = self.chance.random(), self.world
        if luck < 0.2:
            machine = self.chance.choice(world.living())
            if machine.unknown is None:
                world.work(machine, self._choose)
        elif not self.has_faults:
            return
        elif luck < 0.25:
            self._lose()
        elif luck < 0.27:
            world.server.back_up()
        elif luck < 0.285:
            events.server_restore(world)

    def _choose(self, world: World, machine: Machine) -> str:
        """Goods get a picture, another one, or none any more."""
        counter = machine.counter
        assert counter is not None
        rows = counter.db.rows("SELECT id FROM product WHERE active=1 ORDER BY name, id")
        if not rows:
            return "picture: no goods"
        record = product_record(counter.db, bytes(self.chance.choice(rows)[0]))
        data = made(self.chance.randrange(MADE)) if self.chance.random() < 0.85 else b""
        try:
            change_product(counter, record if data else _bare(record), picture=data)
        except Refused as refusal:
            return f"picture: {refusal.code}"
        world.story.count("picture chosen", bool(data))
        return f"picture {picture_hash(data)[:4].hex() if data else 'taken away'}"

    def _lose(self) -> None:
        """The server has thrown one away too early."""
        server = self.world.server
        rows = server.rows("SELECT shop_id, hash FROM picture ORDER BY shop_id, hash")
        if rows:
            shop, name = self.chance.choice(rows)
            for table in ("picture_variant", "picture"):
                server.rows(f"DELETE FROM {table} WHERE shop_id=:s AND hash=:h", s=shop, h=name)
            self.world.tell(None, f"lost picture {bytes(name)[:4].hex()}")
            self.world.story.count("picture lost at the server")
            if self.chance.random() < 0.5:
                self._ways.clear()  # the next morning: whoever has it is asked, not who chose it

    # -- after a round

    def move(self, machine: Machine) -> None:
        """What a till does about pictures after a round.

        Raises:
            Killed: the till ended meanwhile.
        """
        counter = machine.counter
        found = server_of(counter.db) if self.is_on and counter is not None else None
        if counter is None or found is None:
            return
        self._asked.clear()
        with machine.here():
            moved = pictures_once(
                counter, found, partial(self._send, machine), self._way(machine, counter)
            )
        if moved.sent or moved.received:
            self.world.tell(machine, f"pictures {moved.sent}+{moved.received}")
        self.world.story.count("picture sent", moved.sent)
        self.world.story.count("picture fetched", moved.received)

    def _way(self, machine: Machine, counter: Counter) -> travelling.Pictures:
        """What the running program knows; another one begins anew."""
        known = self._ways.get(machine.name)
        if known is None or known[0] is not counter:
            known = self._ways[machine.name] = (counter, pictures_of(counter))
        return known[1]

    def _send(self, machine: Machine, wire: Wire) -> Received:
        if not wire.path.endswith(PART_PATH):
            return self.world.network.send(machine, wire)
        self._note(wire)
        luck = self.chance.random() if self.has_faults and not self.world.calm else 1.0
        if luck < 0.06:
            self._count(machine, "picture cut")
            raise NoAnswer(why="timeout")
        if luck < 0.09:
            self._count(machine, "picture cut by the till's end")
            machine.fuse.is_dead = True
            raise Killed
        if luck < 0.15:
            self._count(machine, "picture damaged on its way up", wire.method == "POST")
            wire = wire._replace(body=self._damaged(wire.body))
        answer = self.world.network.send(machine, wire)
        if luck < 0.18:
            self._count(machine, "picture's answer lost")
            raise NoAnswer(why="timeout")
        if luck < 0.32 and wire.method == "GET" and answer.status == 200:
            self._count(machine, "picture damaged on its way down")
            self._spoiled.add(machine.name)
            return answer._replace(body=self._damaged(answer.body))
        return answer

    def _count(self, machine: Machine, what: str, number: int = 1) -> None:
        if number:
            self.world.tell(machine, what)
            self.world.story.count(what, number)

    def _damaged(self, body: bytes) -> bytes:
        """One byte is another; mostly one of the picture's, which are most of it."""
        if not body:
            return body
        place = self.chance.randrange(len(body))
        return body[:place] + bytes([body[place] ^ 0x55]) + body[place + 1 :]

    def _note(self, wire: Wire) -> None:
        """Count what goes on from where it was cut off before."""
        if wire.method == "GET":
            query = parse_qs(wire.query)
            name, offset = bytes.fromhex(query["hash"][0]), int(query["offset"][0])
        else:
            sent = unpack(PictureSent, wire.body)
            name, offset = sent.hash, sent.offset
            self.world.story.count("picture sent as the server's copy", bool(sent.copy))
        if (wire.method, name) not in self._asked and offset:
            way = "fetched" if wire.method == "GET" else "sent"
            self.world.story.count(f"picture {way} on after a cut")
        self._asked.add((wire.method, name))

    # -- at the end

    def settle(self) -> None:
        """34: what any trusted till of a shop or the server has of the pictures that goods show,
        all of them have in the end, whole.

        Raises:
            Broken: it does not hold.
        """
        if not self.is_on:
            return
        world = self.world
        for name in self._spoiled:
            # What came out wrong too often is tried again when the program starts.
            self._ways.pop(name, None)
        held = {shop: self._held(shop) for shop in world.server.shops}
        for wait_ms in _WAITS_MS:
            world.truth.forward(wait_ms)
            for machine in world.living():
                world.sync(machine)
        for machine in self._trusted():
            self._has_all(machine, held[world.server.shops[machine.shop]])

    def _trusted(self) -> Iterator[Machine]:
        for machine in self.world.living():
            if machine.is_enrolled and self.world.state_of(machine) == "trusted":
                yield machine

    def _at_server(self, shop: bytes) -> dict[bytes, bytes]:
        """The copies that are kept, by their names."""
        rows = self.world.server.rows(
            "SELECT hash, copy, data FROM picture WHERE shop_id=:s AND refused=''", s=shop
        )
        for name, copy, data in rows:
            insist(34, picture_hash(data) == copy, f"the server's {name[:4].hex()} is not whole")
        return {bytes(name): bytes(data) for name, _, data in rows}

    def _held(self, shop: bytes) -> set[bytes]:
        """What somebody has who may give it."""
        found = set(self._at_server(shop))
        for machine in self._trusted():
            if self.world.server.shops[machine.shop] == shop:
                found |= {name for name, _, is_whole in _kept(machine) if is_whole}
        return found

    def _has_all(self, machine: Machine, held: set[bytes]) -> None:
        assert machine.counter is not None
        there = self._at_server(self.world.server.shops[machine.shop])
        here = {}
        for name, data, is_whole in _kept(machine):
            insist(34, is_whole, f"{machine.name}: {name[:4].hex()} is not what its name says")
            here[name] = data
        rows = machine.counter.db.rows("SELECT DISTINCT picture FROM product WHERE picture<>x''")
        for name in sorted(bytes(row[0]) for row in rows):
            short = name[:4].hex()
            if name not in held:
                self.world.story.count("picture in nobody's hands")
                continue
            insist(34, name in there, f"the server has not got {short} of {machine.name}")
            insist(34, name in here, f"{machine.name} has not got {short}")
            self.world.story.count("picture shown at the end")


def _bare(record: ProductRecord) -> ProductRecord:
    return msgspec.structs.replace(record, picture=b"")


def _kept(machine: Machine) -> Iterator[tuple[bytes, bytes, bool]]:
    """A till's pictures: the name, the bytes, and whether they are what they are called: the bytes
    of that hash, or a copy of which the server says so."""
    assert machine.counter is not None
    db = machine.counter.db
    found = server_of(db)
    assert found is not None
    for row in db.rows("SELECT hash, data, copy, signature FROM picture ORDER BY hash"):
        name, data, copy, signature = map(bytes, row)
        signed = copy_bytes(found.shop, name, copy)
        by_word = bool(copy) and is_signed(found.key, signature, signed)
        is_whole = picture_hash(data) == (copy or name) and (by_word or not copy)
        yield name, data, is_whole


# -- mutants


def copy_unchecked() -> AbstractContextManager[Any]:
    """P1: what has come is kept, whatever its hash is."""

    def whole(self: Any, name: bytes, answer: PicturePart, data: bytes) -> bool:
        with self._db.transaction():
            keep_copy(self._db, name, data, answer.signature)
        self._parts.drop(name)
        self.moved = True
        return True

    return patch.object(travelling._Step, "_whole", whole)


def cut_is_the_end() -> AbstractContextManager[Any]:
    """P2: after a step that did not end well there is no other."""

    def failed(self: Any, db: Any, at_least_s: float = 0.0) -> None:
        self.due_s = lambda db: 1.0

    return patch.object(travelling.Pictures, "failed", failed)
