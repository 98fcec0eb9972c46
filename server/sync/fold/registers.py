"""The lines of the shop as the feed knows them: codes, ancestry, receipt numbers."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table, Update, bindparam, func, update

from server.db.schema import SHOP, people, trade
from server.db.transaction import Ask, ShopTx
from server.sync.fold.at import At
from server.sync.fold.loading import whole
from server.sync.rows import put_rows

_NAMES: Final = tuple(c.name for c in people.register.columns if c.name != "shop_id")
_ALL: Final = whole(people.register, *_NAMES)
REGISTERS_ASK: Final = Ask(_ALL)
"""What `Registers.all` asks."""
NAMELESS: Final = "?"
"""The code of a line of which receipts are known and nothing else yet."""


def _naming(table: Table) -> Update:
    """Receipts of a line that are called by another code lie between `first` and `last`."""
    return (
        update(table)
        .where(
            table.c.shop_id == SHOP,
            table.c.device == bindparam("line"),
            table.c.receipt.between(bindparam("first"), bindparam("last")),
        )
        .values(receipt=bindparam("code").concat(func.substr(table.c.receipt, bindparam("start"))))
    )


_NAMING: Final = tuple(map(_naming, (trade.sale, trade.repayment)))


class Register:
    """One line. `printed` is the code on its receipts, `root` the first line of its counter;
    `called` are codes by which receipts are called that came before it was known, until they have
    it, too."""

    __slots__ = (*_NAMES, "called", "changed")
    device: bytes
    register: str
    printed: str
    name: str
    parent: bytes | None
    root: bytes
    before_seq: int
    last_number: int
    joined_n: int
    left_n: int

    def __init__(self, device: bytes) -> None:
        """A line of which nothing is known yet."""
        self.device = self.root = device
        self.register = self.printed = self.name = ""
        self.parent = None
        self.before_seq = self.last_number = self.joined_n = self.left_n = 0
        self.changed = False
        self.called: set[str] = set()

    @property
    def code(self) -> str:
        """The code under which its receipts were printed."""
        return self.printed or self.register or NAMELESS

    def name_receipts(self) -> None:
        """Its code is about to be known, or better known: after a server's way back receipts may
        come before it."""
        self.changed = True
        if self.last_number:
            self.called.add(self.code)

    def row(self) -> tuple[Any, ...]:
        """In the order of the table's columns."""
        return tuple(getattr(self, name) for name in _NAMES)


class Registers:
    """All lines of a shop: few, so they are read at once when one is needed."""

    def __init__(self, tx: ShopTx) -> None:
        """Nothing is loaded yet."""
        self._tx = tx
        self._all: dict[bytes, Register] | None = None

    def all(self) -> dict[bytes, Register]:
        """Every line, by device."""
        if self._all is None:
            self._all = {}
            for row in self._tx.rows(_ALL):
                found = Register(row.device)
                for name, value in zip(_NAMES, row, strict=True):
                    setattr(found, name, value)
                self._all[row.device] = found
        return self._all

    def get(self, device: bytes) -> Register:
        """A line, new where nothing is known of it."""
        lines = self.all()
        if device not in lines:
            lines[device] = Register(device)
        return lines[device]

    def root(self, device: bytes) -> bytes:
        """The first line of the counter that a line is of."""
        found = self.all().get(device)
        return found.root if found else device

    def ancestors(self, device: bytes) -> list[bytes]:
        """A line and those that it follows, newest first."""
        found: dict[bytes, None] = {}
        lines = self.all()
        one: bytes | None = device
        while one and one not in found:
            found[one] = None
            one = lines[one].parent if one in lines else None
        return list(found)

    def counters(self) -> list[bytes]:
        """The counters that belong to the shop now (the first line of each), in order."""
        return sorted({one.root for one in self.all().values() if one.joined_n and not one.left_n})

    def use_number(self, at: At, number: int) -> str:
        """Mark a receipt number of a line as used; returns the code on the receipt."""
        line = self.get(at.device)
        if number <= line.last_number:
            at.flags.add("number_again")
        else:
            line.last_number = number
            line.changed = True
        return line.code

    def write(self, tx: ShopTx) -> None:
        """Write what changed; sales and repayments of this step are written already."""
        lines = self._all or {}
        for one in lines.values():
            for called in sorted(one.called - {one.code}):
                ends = {"first": f"{called}-", "last": f"{called}."}
                for naming in _NAMING:
                    tx.run(naming, line=one.device, code=one.code, start=len(called) + 1, **ends)
            one.called.clear()
        put_rows(tx, people.register, [one.row() for one in lines.values() if one.changed])
        for one in lines.values():
            one.changed = False

    def adopt(self, before: Registers) -> None:
        """Go on with what an earlier step left."""
        self._all = before._all
