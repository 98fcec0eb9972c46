"""Hello: clocks compared, what was acknowledged, where the feed stands, which line is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update

from core.facts.sync import RegisterJoined
from core.ids import line_code
from core.sync.codes import free_register
from core.sync.feed import line_bytes
from core.sync.limits import OLDEST_PROTOCOL, PROTOCOL
from core.sync.messages import Ack, Hello, LineHead
from core.sync.wire import Malformed
from server.db.schema import SHOP, journal, shops
from server.db.transaction import ShopTx
from server.devices.joining import NewDevice, add_device, claim_key, key_of
from server.marks import mark_heard
from server.services import Services
from server.sync import speakers
from server.sync.enrolling import NO_KEY, check_line
from server.sync.feed import Step
from server.sync.keys import is_signed
from server.sync.lines import Heads
from server.sync.refusals import OldProtocol, UnknownLine
from server.sync.releasing import release_waiting
from server.sync.rows import put_rows
from server.sync.standing import FeedHead, check_cursor, head_and_unknown
from server.sync.upgrading import fold_what_is_known

MOST_UNCONFIRMED = 8
"""New lines of one parent that nobody vouched for: more are not written down."""

_device = shops.device
_SEEN = (
    update(_device)
    .where(_device.c.shop_id == SHOP, _device.c.device == bindparam("key"))
    .values(
        last_seen_ms=bindparam("ms"),
        clock_offset_ms=bindparam("offset"),
        waiting=bindparam("count"),
        version=bindparam("program"),
        backup_ms=bindparam("backup"),
    )
)
_CHILDREN = select(
    func.count().label("all"),
    func.count().filter(_device.c.state == "unconfirmed").label("unconfirmed"),
).where(_device.c.shop_id == SHOP, _device.c.parent_device == bindparam("parent"))
_KEY = (
    update(_device)
    .where(
        _device.c.shop_id == SHOP,
        _device.c.device == bindparam("key"),
        _device.c.public_key == NO_KEY,
    )
    .values(public_key=bindparam("public"))
)
_CODES = select(_device.c.device, _device.c.register).where(_device.c.shop_id == SHOP)


class Greeted(NamedTuple):
    """What the counter is told; and what is to be done for it first: `unknown` are kinds in the
    feed that a program has not known (`server.sync.grown`)."""

    protocol: int
    state: str
    register: str
    acks: tuple[Ack, ...]
    head: FeedHead
    release_due: bool = False
    unknown: str = ""


def protocol_in_common(offered: Sequence[int]) -> int:
    """The newest protocol that both speak.

    Raises:
        OldProtocol: none.
    """
    spoken = [one for one in offered if OLDEST_PROTOCOL <= one <= PROTOCOL]
    if not spoken:
        raise OldProtocol(oldest=OLDEST_PROTOCOL, newest=PROTOCOL)
    return max(spoken)


def check_hello(hello: Hello) -> None:
    """Pass a greeting whose parts can be stored.

    Raises:
        Malformed: they cannot.
    """
    check_line(hello.line)
    numbers = (
        hello.n, hello.epoch, hello.waiting, hello.wall_ms, hello.mono_ms, hello.backup_ms,
    )  # fmt: skip
    good = (
        len(hello.boot) <= 64
        and all(0 <= number < 1 << 53 for number in numbers)
        and hello.waiting < 1 << 31
        and len(hello.feed_hash) == 32
        and "\0" not in hello.program
    )
    if not good:
        raise Malformed(why="a number, hash or id")


def register_line(services: Services, hello: Hello) -> bytes:
    """Write a new line down in its parent's shop; returns the shop.

    Vouched for by its parent's key, and the only child: trusted. Otherwise unconfirmed: what it
    writes waits until the owner confirms it with a pairing code. A line that is here without a key,
    since a copy of its counter joined before it and goes on from it, brings its key now, if the key
    of the line that it follows here vouches for it.

    Raises:
        UnknownLine: its parent is unknown, too, or has too many such children, or is not the one to
            vouch for a line without a key.
        KeyTaken: the key is another's.
    """
    line = hello.line
    parent = key_of(services, line.parent_device) if line.parent_device else None
    if parent is None or len(hello.public_key) != 32:
        raise UnknownLine()
    shop_id, parent_key = parent
    vouch = line_bytes(
        line.parent_device, line.parent_seq, line.parent_hash, line.device, hello.public_key
    )
    vouched = is_signed(parent_key, hello.vouched, vouch)
    with services.store.reading_shop(shop_id) as tx:
        _check_keyless(tx, line, vouched)
        _check_few(tx, line.parent_device)
    new = NewDevice(line.device, hello.public_key, line.register, b"")
    services.store.in_directory(lambda tx: claim_key(services, tx, shop_id, new))
    services.store.in_shop(shop_id, lambda tx: _register(services, tx, hello, vouched))
    return shop_id


def _check_keyless(tx: ShopTx, line: LineHead, vouched: bool) -> None:
    """Pass a line that is here without a key only if it follows the one that vouches for it, whose
    counter is trusted as far as it is: else whoever is revoked would be let in by its name."""
    try:
        here = speakers.find(tx, line.device)
    except UnknownLine:
        return
    if here.public_key != NO_KEY:
        return
    parent = speakers.find(tx, line.parent_device)
    trusts = parent.state == speakers.TRUSTED or here.state != speakers.TRUSTED
    if not (vouched and trusts and here.parent == line.parent_device):
        raise UnknownLine()


def _check_few(tx: ShopTx, parent: bytes) -> None:
    row = tx.one(_CHILDREN, parent=parent)
    if row is not None and row.unconfirmed >= MOST_UNCONFIRMED:
        raise UnknownLine()


def _register(services: Services, tx: ShopTx, hello: Hello, vouched: bool) -> None:
    line = hello.line
    step = Step(tx, services.now_ms())
    parent = speakers.find(tx, line.parent_device, lock=True)
    _check_keyless(tx, line, vouched)
    children = tx.one(_CHILDREN, parent=line.parent_device)
    only = children is not None and children.all == 0
    trusted = vouched and only and parent.state == speakers.TRUSTED
    mine = {one.device for one in speakers.speaks_for(tx, parent)} | {line.device}
    codes = {row.device: row.register for row in tx.rows(_CODES)}
    taken = {code for device, code in codes.items() if device not in mine}
    own = {code for device, code in codes.items() if device in mine}
    code = free_register(line.register, taken, own)
    if code != line.register and step.epoch > 1:
        # One that a server before this one gave may be on the papers of a counter it has forgotten.
        code = free_register(line_code(code, line.device), taken, own)
    is_new = add_device(
        services,
        tx,
        NewDevice(
            line.device,
            hello.public_key,
            code,
            parent.entry_shop,
            speakers.TRUSTED if trusted else "unconfirmed",
            hello.program[:80],
            line.parent_device,
            line.parent_seq,
            line.parent_hash or None,
        ),
    )
    if not is_new:
        tx.run(_KEY, key=line.device, public=hello.public_key)
    if is_new and trusted:
        name = step.books.registers.get(line.parent_device).name
        step.say(RegisterJoined(line.device, code, name, line.parent_device, 0))
    step.close()


def greet(services: Services, shop_id: bytes, hello: Hello) -> Greeted:
    """Note a counter's clock and state, and tell it where it stands.

    Raises:
        OldProtocol: no protocol in common.
        EpochChanged: its cursor is not of this feed.
        UnknownLine: it is not written down, or without its key.
    """
    protocol = protocol_in_common(hello.protocols)
    told = services.store.in_shop(shop_id, lambda tx: _greet(services, tx, hello, protocol))
    if told.release_due:
        # Whoever confirmed the line, or let it join, died before the end of it.
        release_waiting(services, shop_id, hello.line.device)
    fold_what_is_known(services, shop_id, told.unknown)
    return told


def _greet(services: Services, tx: ShopTx, hello: Hello, protocol: int) -> Greeted:
    now_ms = services.now_ms()
    who = speakers.find(tx, hello.line.device, lock=True)
    if who.public_key == NO_KEY:
        raise UnknownLine()
    head, unknown = head_and_unknown(tx)
    if hello.epoch:
        check_cursor(tx, head, hello.epoch, hello.n, hello.feed_hash)
    put_rows(tx, journal.anchor, [(who.device, hello.boot, now_ms, hello.mono_ms)])
    mark_heard(tx, who.device, now_ms)
    heads = Heads(tx)
    lines = speakers.speaks_for(tx, who)
    heads.load([one.device for one in lines])
    tx.run(
        _SEEN,
        key=who.device,
        ms=now_ms,
        offset=hello.wall_ms - now_ms,
        count=min(hello.waiting, _unsent(lines, heads, hello.line.seq)),
        program=hello.program[:80],
        backup=hello.backup_ms or None,
    )
    acks = _acks(lines, heads)
    return Greeted(protocol, who.state, who.register, acks, head, who.release_due, unknown)


def _acks(lines: Sequence[speakers.Speaker], heads: Heads) -> tuple[Ack, ...]:
    """Where each line stands. Of those that are here up to the entry where the next one follows,
    and no further, only the newest is told: there is nothing to send, and a counter may have had a
    thousand."""
    found: list[Ack] = []
    end: tuple[int, bytes] | None = None
    is_told = False
    for one in lines:
        head = heads.get(one.device)
        is_whole = (head.seq, head.hash) == end
        if not (is_whole and is_told):
            found.append(Ack(one.device, head.seq, head.hash))
        is_told = is_told or is_whole
        end = (one.parent_seq, one.parent_hash)
    return tuple(found)


def _unsent(lines: Sequence[speakers.Speaker], heads: Heads, seq: int) -> int:
    """How many entries a counter has written, up to `seq` of its newest line, that are not here.

    What the counter itself says that it waits for is more: what it sent and the owner has still to
    decide about, or what it has not seen in the feed yet.
    """
    found = 0
    for one in lines:
        found += max(0, seq - heads.get(one.device).seq)
        seq = one.parent_seq
    return found
