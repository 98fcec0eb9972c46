"""Orders as the counter shows them: how each stands, whose it is, and what is missing for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, Literal, NamedTuple

import msgspec

from core.errors import Refused
from core.facts.orders import OrderLine
from core.orders.clash import Clash
from core.orders.contacts import Contact
from core.orders.standing import Standing
from core.orders.story import base_qty, total_of
from pos.db.database import Database
from pos.db.merged import meant

Which = Literal["open", "all"]
ANSWER: Final = ("placed",)
"""States in which the shop is asked."""

_ALIVE: Final = ("placed", "proposed", "accepted", "preparing", "ready")
_RANK: Final = {"placed": 0, "complained": 1, "ready": 2, "preparing": 3, "accepted": 4}
_QUERY: Final = (
    "SELECT o.*, c.name, c.phone, c.address, c.note, (SELECT count(*) FROM order_message m"
    " WHERE m.order_id=o.id AND m.read=0) AS unread FROM online_order o"
    " LEFT JOIN order_contact c ON c.order_id=o.id"
)
_TAKEN_BACK_SHOWN_MS: Final = 30 * 86_400_000
"""Money that a bank took back of an order that is over needs doing, and no step ends that."""

_OPEN: Final = (
    " WHERE o.state IN ('placed','proposed','accepted','preparing','ready','complained','answered',"
    "'escalated')"
    " OR o.payment IN ('claimed','refund_due') OR unread>0"
    " OR (o.payment='charged_back' AND (o.state='fulfilled' OR (o.state='completed'"
    f" AND o.changed_ms>(SELECT max(changed_ms) FROM online_order)-{_TAKEN_BACK_SHOWN_MS})))"
    " OR o.clash<>''"
)
_lines = msgspec.msgpack.Decoder(tuple[OrderLine, ...]).decode


class UnknownOrder(Refused):
    """There is no such order here; `number` is what was asked for."""

    code = "unknown_order"


class Short(NamedTuple):
    """Goods of which the shelf has less than open orders need: `missing` thousandths of `unit`."""

    product_id: bytes
    name: str
    missing: int
    unit: str


class OrderView(NamedTuple):
    """One order; money in rupiah, instants in UTC ms. `contact` is None once it is erased; `unread`
    messages of the buyer were seen by nobody here.

    `dispute_by_ms` is until when whoever is asked about a complaint answers, 0 without one;
    `offer` the total with which the shop would settle it. `sale` and `clash_sale` name the sale
    (line, number in it) that counts and one that does not. `fee_open`: the shop has not said yet
    what the courier costs; `offered_fee` is what it says. `courier`, `waybill`: with whom it went.
    """

    id: bytes
    number: int
    at_ms: int
    changed_ms: int
    way: str
    area: str
    fee: int
    standing: Standing
    lines: tuple[OrderLine, ...]
    offered: tuple[OrderLine, ...]
    proof: bytes
    accept_by_ms: int
    collect_by_ms: int
    dispute_by_ms: int
    offer: int
    reason: str
    sale: tuple[bytes, int]
    clash: Clash
    clash_sale: tuple[bytes, int]
    contact: Contact | None
    short: tuple[Short, ...] = ()
    unread: int = 0
    fee_open: bool = False
    offered_fee: int = 0
    courier: str = ""
    waybill: str = ""

    @property
    def asked_total(self) -> int:
        """What the order costs (rupiah); while the buyer is asked, what the proposal does."""
        if self.standing.order == "proposed":
            return total_of(self.offered, self.offered_fee)
        return self.standing.total

    @property
    def needs_answer(self) -> bool:
        """Whether the buyer waits for the shop's answer."""
        return self.standing.order in ANSWER

    @property
    def is_open_clash(self) -> bool:
        """Whether goods went out that the order does not stand for."""
        return bool(self.clash)


def orders(db: Database, which: Which = "open") -> list[OrderView]:
    """Orders by what needs doing, the oldest first; `all` has those that have ended, too."""
    rows = db.rows(_QUERY + (_OPEN if which == "open" else ""))
    short = shortages(db)
    found = [_view(row, short.get(bytes(row.id), ())) for row in rows]
    return sorted(found, key=lambda one: (_urgency(one), one.at_ms, one.number))


def order(db: Database, order_id: bytes) -> OrderView:
    """One order.

    Raises:
        UnknownOrder.
    """
    row = db.one(f"{_QUERY} WHERE o.id=?", (order_id,))
    if row is None:
        raise UnknownOrder(number="")
    return _view(row, shortages(db).get(order_id, ()))


def order_numbered(db: Database, number: int) -> OrderView:
    """The order that the shop and the buyer call by this number.

    Raises:
        UnknownOrder.
    """
    found = db.scalar("SELECT id FROM online_order WHERE number=? ORDER BY at_ms DESC", (number,))
    if found is None:
        raise UnknownOrder(number=number)
    return order(db, bytes(found))


def to_answer(db: Database) -> int:
    """How many orders wait for the shop's answer."""
    return int(db.scalar("SELECT count(*) FROM online_order WHERE state='placed'") or 0)


# Of an order that ended long ago a counter that began later knows nothing but its messages.
_UNREAD: Final = (
    "SELECT count(*) FROM order_message m JOIN online_order o ON o.id=m.order_id WHERE m.read=0"
)


def unread(db: Database) -> int:
    """How many messages of buyers nobody has seen at this counter."""
    return int(db.scalar(_UNREAD) or 0)


def shortages(db: Database) -> dict[bytes, tuple[Short, ...]]:
    """What the shelf lacks for open orders, the oldest served first.

    The counter's own shelf decides: what it sold since, without a network too, is gone.
    """
    left: dict[bytes, int] = {}
    found: dict[bytes, tuple[Short, ...]] = {}
    marks = ",".join("?" * len(_ALIVE))
    for row in db.rows(
        f"SELECT id, lines FROM online_order WHERE state IN ({marks}) AND handover<>'done'"
        " ORDER BY at_ms, number",
        _ALIVE,
    ):
        missing = tuple(_missing(db, _lines(row.lines), left))
        if missing:
            found[bytes(row.id)] = missing
    return found


def _missing(db: Database, lines: tuple[OrderLine, ...], left: dict[bytes, int]) -> Iterable[Short]:
    wanted: dict[bytes, int] = defaultdict(int)
    for line in lines:
        wanted[meant(db, "product", line.product_id)] += base_qty(line)
    for product_id, qty in wanted.items():
        row = db.tuple_of("SELECT stock, name, unit FROM product WHERE id=?", (product_id,))
        if row is None:
            continue  # its own fact is still to come
        free = max(0, left.get(product_id, row[0]))
        left[product_id] = free - min(free, qty)
        if qty > free:
            yield Short(product_id, row[1], qty - free, row[2])


def _urgency(view: OrderView) -> int:
    if view.clash:
        return -2
    if view.short:
        return -1
    if view.unread or view.standing.payment in ("claimed", "refund_due", "charged_back"):
        return 0
    return _RANK.get(view.standing.order, 9)


def _view(row: Any, short: tuple[Short, ...]) -> OrderView:
    contact = None
    if row.name is not None:
        contact = Contact(bytes(row.id), row.name, row.phone, row.address, row.note)
    return OrderView(
        bytes(row.id),
        row.number,
        row.at_ms,
        row.changed_ms,
        row.way,
        row.area,
        row.fee,
        Standing(
            row.state, row.payment, row.handover, row.pay_way, row.total, row.paid, row.refunded
        ),
        _lines(row.lines),
        _lines(row.offered),
        bytes(row.proof),
        row.accept_by or 0,
        row.collect_by or 0,
        _dispute_by(row),
        row.offer or 0,
        row.reason,
        (bytes(row.sale_device), row.sale_seq),
        row.clash,
        (bytes(row.clash_device), row.clash_seq),
        contact,
        short,
        row.unread,
        bool(row.fee_open),
        row.offered_fee,
        row.courier,
        row.waybill,
    )


def _dispute_by(row: Any) -> int:
    ends = {"complained": row.answer_by, "answered": row.settle_by, "escalated": row.office_by}
    return ends.get(row.state) or 0
