"""A counter joins a shop with a one-time code, with its whole history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select, update

from core.facts.sync import RegisterJoined
from core.ids import line_base, line_code
from core.sync.codes import check_digits, free_register, read_code
from core.sync.messages import Enrol, LineHead
from core.sync.wire import Malformed
from server.db.schema import SHOP, people, shops
from server.db.transaction import ShopTx
from server.devices.joining import NewDevice, add_device, add_devices, claim_key, key_of
from server.devices.pairing import WrongPairingCode, shop_of_code, use_code
from server.services import Services
from server.sync.allotments import deal_rest, deal_to_all
from server.sync.feed import Step
from server.sync.refusals import BadCode, OldProtocol, OtherShop
from server.sync.releasing import release_waiting
from server.sync.speakers import TRUSTED

NO_KEY: Final = bytes(32)
"""Stands where a line's key is not known here: an older line that a newer one speaks for."""

MOST_LINES: Final = 1_000
"""Lines that a counter may bring: written in one transaction, which holds the shop's feed for a
quarter of a second then. One that is set back each day has one a day."""

_MOST_LETTERS: Final = 64
"""Of a register code: a program that let them grow gave its thousandth line one of 44."""

_device = shops.device
_CODES = select(_device.c.device, _device.c.register, _device.c.parent_device).where(
    _device.c.shop_id == SHOP
)
_TRUST = (
    update(_device)
    .where(_device.c.shop_id == SHOP, _device.c.device == bindparam("key"))
    .values(
        state=TRUSTED,
        release_due=True,
        public_key=bindparam("public"),
        version=bindparam("program"),
    )
)
_STATE = select(_device.c.state).where(
    _device.c.shop_id == SHOP, _device.c.device == bindparam("key")
)
_SETTINGS = select(people.setting.c.name, people.setting.c.value).where(
    people.setting.c.shop_id == SHOP
)
_SHOP_NAME = select(shops.shop.c.name).where(shops.shop.c.shop_id == SHOP)


class Joined(NamedTuple):
    """A counter that belongs to a shop now."""

    shop: bytes
    shop_name: str
    register: str
    first: bool
    check: str
    settings: dict[str, str]
    epoch: int


def enrol(services: Services, server_key: bytes, request: Enrol, *, address: str) -> Joined:
    """Let a counter join; asked again by the same key without an answer, it is told again.

    Raises:
        Malformed: the request cannot be what a counter sent.
        BadCode: the code does not hold.
        KeyTaken: key or device are another's.
        TooManyTries: too many tries from this address.
        OldProtocol: no protocol in common.
        OtherShop: it belonged to another shop before a restored server forgot it.
    """
    _check(request)
    code = read_code(request.code) or ""
    shop_id = _already(services, request)
    is_asked_again = shop_id is not None
    if shop_id is None:
        try:
            shop_id = shop_of_code(services, request.code, address=address)
        except WrongPairingCode as error:
            raise BadCode() from error
    if request.server_shop not in (b"", shop_id):
        raise OtherShop()
    line = request.lines[-1]
    new = NewDevice(line.device, request.public_key, line.register, request.shop)
    services.store.in_directory(lambda tx: claim_key(services, tx, shop_id, new))
    joined = services.store.in_shop(
        shop_id, lambda tx: _join(services, tx, request, is_asked_again)
    )
    release_waiting(services, shop_id, line.device)
    deal_rest(services, shop_id)
    return joined._replace(shop=shop_id, check=check_digits(server_key, request.public_key, code))


def _check(request: Enrol) -> None:
    if request.protocol < 1:
        raise OldProtocol(protocol=request.protocol)
    if not 0 < len(request.lines) <= MOST_LINES:
        raise Malformed(why="lines")
    ids = (len(request.shop), len(request.server_shop))
    if len(request.public_key) != 32 or ids not in ((16, 0), (16, 16)):
        raise Malformed(why="a key or id of a wrong length")
    if "\0" in request.program + request.name:
        raise Malformed(why="a text with a NUL in it")
    for line in request.lines:
        check_line(line)
    if len({line.device for line in request.lines}) != len(request.lines):
        raise Malformed(why="a line twice")


def check_line(line: LineHead) -> None:
    """Pass a line whose ids, hashes and texts can be stored.

    Raises:
        Malformed: they cannot.
    """
    good = (
        len(line.device) == 16
        and len(line.hash) == 32
        and len(line.parent_device) in (0, 16)
        and len(line.parent_hash) in (0, 32)
        and 0 <= line.seq < 1 << 53
        and 0 <= line.parent_seq < 1 << 53
        and 0 < len(line.register) <= _MOST_LETTERS
        and line.register.isalnum()
        and line.register.isascii()
    )
    if not good:
        raise Malformed(why="a line's head")


def _already(services: Services, request: Enrol) -> bytes | None:
    """The shop where this very counter joined before and is trusted: its answer was lost."""
    known = key_of(services, request.lines[-1].device)
    if known is None or known[1] != request.public_key:
        return None
    with services.store.reading_shop(known[0]) as tx:
        return known[0] if _state_of(tx, request) == TRUSTED else None


def _state_of(tx: ShopTx, request: Enrol) -> str | None:
    """What the line in use is here, None where it is not."""
    state: str | None = tx.scalar(_STATE, key=request.lines[-1].device)
    return state


def _join(services: Services, tx: ShopTx, request: Enrol, is_asked_again: bool) -> Joined:
    step = Step(tx, services.now_ms())
    if not is_asked_again:
        _use_code(services, tx, request.code)
    elif _state_of(tx, request) != TRUSTED:
        raise BadCode()  # revoked since it was looked at: who has no code is not let in
    registers = step.books.registers
    mine = {line.device for line in request.lines}
    first = all(one.device in mine or not one.joined_n for one in registers.all().values())
    last = request.lines[-1]
    register = _code(step, request, mine)
    before = registers.counters()
    parent: bytes | None = None
    lines: list[NewDevice] = []
    for line in request.lines:
        code = register if line.device == last.device else line.register
        key = request.public_key if line.device == last.device else NO_KEY
        lines.append(_line(request, line, code, key, parent))
        known = registers.get(line.device)
        if not known.joined_n or known.left_n:
            seq = 0 if first else line.seq
            name = request.name[:80]
            step.say(RegisterJoined(line.device, code, name, parent or b"", seq))
        parent = line.device
    _write_lines(services, tx, lines[:-1], lines[-1])
    if len(registers.counters()) > max(1, len(before)):
        deal_to_all(step)
    step.close()
    settings = {row.name: row.value for row in tx.rows(_SETTINGS)}
    name = tx.scalar(_SHOP_NAME)
    return Joined(b"", name, register, first, "", {} if first else settings, step.epoch)


def _use_code(services: Services, tx: ShopTx, code: str) -> None:
    try:
        use_code(tx, code, services.now_ms())
    except WrongPairingCode as error:
        raise BadCode() from error


def _code(step: Step, request: Enrol, mine: set[bytes]) -> str:
    """The code that a counter prints from here on."""
    last = request.lines[-1]
    lines = {row.device: (row.register, row.parent_device) for row in step.tx.rows(_CODES)}
    registers = step.books.registers.all().values()
    # All that others have or, as the feed tells, had.
    lines |= {one.device: (one.register, one.parent) for one in registers if one.register}
    others = {device: code for device, (code, _) in lines.items() if device not in mine}
    given = lines.get(last.device, ("", b""))[0]
    own = {line.register for line in request.lines}
    code = free_register(given or last.register, set(others.values()), own)
    if code == given:
        return str(given)
    if request.server_shop:
        past = _past(lines)
        claimed = {code for device, code in others.items() if device not in past}
        if free_register(last.register, claimed) == last.register:
            return last.register
    if step.epoch == 1:
        return code
    # A server that went back has forgotten to whom it gave a code since: those print it already.
    return free_register(line_code(code, last.device), set(others.values()), own)


def _past(lines: dict[bytes, tuple[str, bytes]]) -> set[bytes]:
    """Lines whose code is no claim: their counter was given another one, which it prints now.

    So a counter that joins again keeps the code that it was given, unless another's lines have it
    or go on from it.
    """
    return {
        parent
        for code, parent in lines.values()
        if parent in lines and line_base(lines[parent][0]) != line_base(code)
    }


def _line(request: Enrol, line: LineHead, code: str, key: bytes, parent: bytes | None) -> NewDevice:
    return NewDevice(
        line.device,
        key,
        code,
        request.shop,
        TRUSTED,
        request.program[:80],
        parent,
        line.parent_seq if parent else None,
        line.parent_hash if parent and line.parent_hash else None,
    )


def _write_lines(
    services: Services, tx: ShopTx, older: Sequence[NewDevice], last: NewDevice
) -> None:
    add_devices(services, tx, older)
    if not add_device(services, tx, last):
        tx.run(_TRUST, key=last.device, public=last.public_key, program=last.version)
