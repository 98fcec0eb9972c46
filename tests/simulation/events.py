"""Disasters and other things that happen beside a shop's day; each is drawn by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from core.contract import encode_body
from core.errors import Refused
from core.facts.base import Fact
from core.facts.shifts import DrawerOpened
from core.journal import Entry, is_whole, link
from core.sync.feed import head_bytes
from core.sync.messages import Push, Pushed, PushedEntry
from pos.counter import read_head
from pos.db.fold import fold
from pos.db.fold.folding import Folding
from pos.shifts.drawer import open_drawer
from pos.sync.enrolment import speaker
from pos.sync.memory import cursor
from pos.sync.wire import NoAnswer, Said
from tests.simulation.hard import EVENTS as HARD
from tests.simulation.late import EVENTS as LATE
from tests.simulation.machine import Machine
from tests.simulation.nature import YEAR_MS, FusedConnection

if TYPE_CHECKING:
    from tests.simulation.world import World

MOST_TILLS = 5


def _any(world: World) -> Machine:
    return world.chance.choice(world.living())


def power_cut(world: World) -> None:
    """The machine is switched off, at any moment between statements."""
    machine = _any(world)
    machine.clock.reboot()
    world.crash(machine, "power cut")


def kill_at_statement(world: World) -> None:
    """The program will die at one of its next statements."""
    machine = _any(world)
    machine.fuse.light(world.chance.randint(0, 120))


def disk_full(world: World) -> None:
    """The disk is full for a while."""
    machine = _any(world)
    if machine.fuse.left is None:
        machine.fill_disk(not machine.is_full)
        world.tell(machine, "disk full" if machine.is_full else "disk freed")


def database_busy(world: World) -> None:
    """Another program holds the file's writer, for some attempts."""
    machine = _any(world)
    assert machine.counter is not None
    raw = machine.counter.db.raw
    if machine.is_sound and isinstance(raw, FusedConnection):
        raw.busy = world.chance.randint(1, 4)
        world.tell(machine, f"busy {raw.busy}")
        world.story.count("database busy")


def _spoil(how: str) -> Callable[[World], None]:
    def spoil(world: World) -> None:
        machine = _any(world)
        machine.stop()
        world.twins.add(machine.spoil_mark(how))
        world.tell(machine, f"mark {how}")
        world.story.count(f"mark {how}")
        machine.start()

    return spoil


def maybe_spoil_mark(world: World, machine: Machine) -> None:
    """A crash may leave the mark torn, where such things exist in this run."""
    if "mark_torn" in world.swarm.events and world.chance.random() < 0.3:
        world.twins.add(machine.spoil_mark("torn"))


def clock_wrong(world: World) -> None:
    """The wall clock jumps, by minutes or by years."""
    machine = _any(world)
    far = world.chance.choice((-YEAR_MS, -90_000, 60_000, 7_200_000, 3 * YEAR_MS))
    machine.clock.wrong_ms = far
    world.tell(machine, f"clock {far:+d}")
    world.story.count("clock wrong")


def clock_right(world: World) -> None:
    """Somebody sets it right."""
    machine = _any(world)
    machine.clock.set_right()
    world.tell(machine, "clock right")


def reboot(world: World) -> None:
    """Shut down in order, and started."""
    machine = _any(world)
    machine.stop()
    machine.clock.reboot()
    machine.start()
    world.tell(machine, "reboot")


def back_up(world: World) -> None:
    """A backup of a till."""
    machine = _any(world)
    if machine.is_sound:
        machine.back_up()
        world.tell(machine, "backup")


def _restore(by_command: bool) -> Callable[[World], None]:
    def restore(world: World) -> None:
        machines = [one for one in world.living() if one.kept]
        if not machines:
            return
        machine = world.chance.choice(machines)
        spoilt = machine.mark_is_spoilt and not by_command
        machine.restore(world.chance.choice(machine.kept), by_command=by_command)
        if spoilt:
            world.note_twin(machine)  # nothing on that machine can show it
        machine.is_full = False
        here = machine.hashes()
        machine.shown = [one for one in machine.shown if one.hash in here]
        if world.market is not None:
            world.market.talk.went_back(machine)
        world.mourn()
        world.tell(machine, "restored" if by_command else "brought back")
        world.story.count("till restored")

    return restore


def clone(world: World) -> None:
    """A till's disk is copied, into another machine or with the whole machine."""
    if len(world.machines) >= MOST_TILLS:
        return
    machine = _any(world)
    if not machine.is_sound:
        return
    name = f"till{len(world.machines) + 1}"
    same = world.chance.random() < 0.5
    other = machine.clone(world.place / name, name, same_machine=same)
    other.shown = list(machine.shown)
    if same:
        world.note_twin(machine)  # both print the same numbers until the server tells them
    other.due = world.truth.now
    world.machines.append(other)
    world.tell(other, f"clone of {machine.name}")
    world.story.count("clone of the whole machine" if same else "clone of the disk")


def server_backup(world: World) -> None:
    """A backup of the server."""
    world.server.back_up()
    world.tell(None, "backup")


def server_restore(world: World) -> None:
    """The server's database is brought back, of any age."""
    backup = world.chance.choice(world.server.backups)
    if world.chance.random() < 0.15:
        backup = world.server.empty  # from before any till had joined
    world.server.restore(backup)
    world.promises.clear()
    world.mourn()
    world.tell(None, f"restored, {world.truth.now - backup.at} ms old")
    world.story.count("server restored")


def server_restart(world: World) -> None:
    """Another process takes over."""
    world.server.start()
    world.check_server_start()
    world.tell(None, "restart")


def revoke(world: World) -> None:
    """The owner revokes a counter."""
    shop = world.chance.choice(world.server.shops)
    device = world.server.revoke_one(shop)
    if device is not None:
        world.tell(None, f"revoked {device[-2:].hex()}")
        world.story.count("revoked")


def _append_raw(machine: Machine, kind: str, body: bytes, fact: Fact | None = None) -> Entry:
    """An entry that no command writes, folded as `fact`, and a sound one after it."""
    assert machine.counter is not None
    with machine.here(), machine.counter.transaction() as tx:
        head = tx.head
        entry = link(head.shop, head.device, head.seq + 1, kind, 1, head.hash, body)
        tx.db.run(
            "INSERT INTO journal (pos, shop, device, seq, kind, version, body, prev_hash, hash)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (head.pos + 1, *entry),
        )
        tx.db.run("INSERT INTO waiting (pos) VALUES (?)", (head.pos + 1,))
        if fact is not None:
            header = machine.counter.header()
            at = Folding(tx.db, head.pos + 1, head.device, entry.seq, header, entry.hash, "waiting")
            fold(at, fact)
        tx.head = head._replace(pos=head.pos + 1, seq=entry.seq, hash=entry.hash)
        tx.kinds.add(kind)
    with machine.here():
        open_drawer(machine.counter, "uji")
    return entry


def poison(world: World) -> None:
    """A faulty program wrote an entry that nobody can read."""
    machine = _any(world)
    if not machine.is_sound:
        return
    try:
        _append_raw(machine, world.chance.choice(("sale_completed", "stock_adjusted")), b"\x93\xff")
    except Refused:
        return
    world.tell(machine, "poisoned")
    world.story.count("poisoned")


def newer_field(world: World) -> None:
    """A newer program writes a fact with a field more than anybody here knows."""
    machine = _any(world)
    if not machine.is_sound:
        return
    assert machine.counter is not None
    try:
        fact = DrawerOpened(b"", "uji")
        fields = msgspec.msgpack.decode(encode_body(machine.counter.header(), fact))
        fields[1].append("baru")
        _append_raw(machine, DrawerOpened.KIND, msgspec.msgpack.encode(fields), fact)
    except Refused:
        return
    world.tell(machine, "newer field")
    world.story.count("newer field")


def damage(world: World) -> None:
    """The disk changes a byte of an entry that was not sent yet."""
    machine = _any(world)
    assert machine.counter is not None
    if machine.fuse.left is not None:
        return
    rows = machine.counter.db.rows(
        "SELECT j.pos, j.shop, j.device, j.seq, j.kind, j.version, j.body, j.prev_hash, j.hash"
        " FROM waiting w JOIN journal j ON j.pos=w.pos WHERE j.pos<"
        "(SELECT max(pos) FROM journal) AND j.kind<>'line_opened' ORDER BY j.pos"
    )
    if not rows:
        return
    pos, *row = world.chance.choice(rows)
    entry, body = Entry(*row), row[5]
    place = world.chance.randrange(len(body))
    if not is_whole(entry):
        return  # the same byte again would mend it, which no disk does
    spoiled = bytes(body[:place]) + bytes([body[place] ^ 0xFF]) + bytes(body[place + 1 :])
    machine.counter.db.run("UPDATE journal SET body=? WHERE pos=?", (spoiled, pos))
    world.mourn()
    world.tell(machine, f"damaged {pos}")
    world.story.count("damaged")


def owner_edit(world: World) -> None:
    """The owner changes a price on the web."""
    shop = world.chance.choice(world.server.shops)
    rows = world.server.rows(
        "SELECT product_id FROM product WHERE shop_id=:shop ORDER BY product_id", shop=shop
    )
    if rows:
        price = world.chance.randint(1, 9) * 1_111
        world.server.edit(shop, bytes(world.chance.choice(rows)[0]), price)
        world.tell(None, f"price {price}")
        world.story.count("owner's edits")


def merge(world: World) -> None:
    """The owner finds that two records are one thing."""
    table = world.chance.choice(("product", "customer"))
    if world.server.merge(world.chance.choice(world.server.shops), table):
        world.tell(None, f"merged {table}")
        world.story.count("merged")


def judge(world: World) -> None:
    """The owner decides on some of what waits, and confirms who waits to be."""
    for shop in world.server.shops:
        if world.server.judge_all(shop, some=True):
            world.story.count("judged")
        if world.chance.random() < 0.3:
            world.server.confirm_all(shop)
    world.tell(None, "judged")


_LATER = (("documents_merged", 1), ("kasbon_allotted", 1), ("cart_parked", 1), ("entry_judged", 1))


def old_program(world: World) -> None:
    """Some tills have run, from the beginning, a program that does not know some kind yet."""
    for machine in world.machines:
        if world.chance.random() < 0.6:
            machine.unknown = world.chance.choice(_LATER)
            machine.was_old = True
            world.tell(machine, f"does not know {machine.unknown[0]}")
            world.story.count("old program")


def upgrade(world: World) -> None:
    """It is upgraded, whatever waits."""
    for machine in world.living():
        if machine.unknown is not None:
            machine.unknown = None
            world.tell(machine, "upgraded")
            world.story.count("upgraded")


def burst(world: World) -> None:
    """Many things in one millisecond."""
    machine = _any(world)
    for _ in range(world.chance.randint(5, 15)):
        world.work(machine)
    world.story.count("burst")


def outage(world: World) -> None:
    """The network goes, or comes back."""
    world.network.is_down = not world.network.is_down
    world.tell(None, "away" if world.network.is_down else "back")


def foreign_push(world: World) -> None:
    """A till sends an entry under the name of another shop's line: it must be refused."""
    machine = _any(world)
    assert machine.counter is not None
    others = [device for device, home in world.homes.items() if home != machine.shop]
    head = read_head(machine.counter.db)
    if not others or head is None:
        return
    device = world.chance.choice(others)
    rows = world.server.rows("SELECT seq, hash, hash FROM line_head WHERE device=:d", d=device)
    seq, before = (rows[0][0], bytes(rows[0][1])) if rows else (0, bytes(32))
    shops = world.server.rows("SELECT entry_shop FROM device WHERE device=:d", d=device)
    if not shops:
        return
    shop = bytes(shops[0][0])
    entry = link(shop, device, seq + 1, "drawer_opened", 1, before, b"\x93")
    try:
        who = speaker(machine.counter, lambda wire: world.network._deliver(wire))
        sign = who.key.sign(head_bytes(shop, device, seq + 1, entry.hash))
        push = Push(
            cursor(machine.counter.db).epoch, device, seq + 1, before, entry.hash, sign,
            (PushedEntry(entry.kind, 1, entry.body),),
        )  # fmt: skip
        who.ask(Pushed, "POST", "/sync/journal", push)
    except (Said, NoAnswer, Refused):
        world.story.count("foreign push refused")
        return
    world.foreign.add(entry.hash)


def heal(world: World, machine: Machine) -> None:
    """The faults of a machine end: its disk has room, its program is whole and new."""
    if machine.fuse.is_dead or machine.fuse.left is not None:
        machine.stop()
        machine.start()
    if machine.is_full:
        machine.fill_disk(False)
    if machine.counter is not None and isinstance(machine.counter.db.raw, FusedConnection):
        machine.counter.db.raw.busy = 0
        machine.counter.db.raw.fails = ()
    machine.unknown = None
    machine.is_aged = False
    machine.clock.set_right()


EVENTS: dict[str, Callable[[World], None]] = {
    "power_cut": power_cut, "kill_at_statement": kill_at_statement, "disk_full": disk_full,
    "database_busy": database_busy,
    "mark_torn": _spoil("torn"), "mark_lags": _spoil("lags"), "clock_wrong": clock_wrong,
    "clock_right": clock_right, "reboot": reboot, "back_up": back_up,
    "restore": _restore(True), "bring_back": _restore(False), "clone": clone,
    "server_backup": server_backup, "server_restore": server_restore,
    "server_restart": server_restart, "revoke": revoke, "poison": poison, "damage": damage,
    "owner_edit": owner_edit, "merge": merge, "judge": judge, "upgrade": upgrade,
    "burst": burst, "outage": outage, "foreign_push": foreign_push, "newer_field": newer_field,
    **LATE, **HARD,
}  # fmt: skip
