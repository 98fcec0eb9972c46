"""What the office has to decide: found in the directory, and following what lies with the shops."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import bindparam, delete, select

from server.db.schema.directory import known_shop, office_case
from server.db.schema.orders import order_review, shop_order
from server.db.tied import tied
from server.db.transaction import ShopTx, Tx
from server.orders.reading import read_order
from server.services import Services

Kind = Literal["complaint", "review"]
MOST: Final = 50
"""So many are listed; whatever comes later waits for those to be decided."""

_COMPLAINTS = select(shop_order.c.order_id, shop_order.c.changed_ms.label("since_ms")).where(
    tied(shop_order), shop_order.c.state == "escalated"
)
_REPORTED = select(order_review.c.order_id, order_review.c.changed_ms.label("since_ms")).where(
    tied(order_review), order_review.c.report != ""
)
_OF_SHOP = select(office_case.c.kind, office_case.c.order_id).where(
    office_case.c.shop == bindparam("whose")
)
_END = delete(office_case).where(
    office_case.c.shop == bindparam("whose"),
    office_case.c.kind == bindparam("what"),
    office_case.c.order_id == bindparam("order"),
)
_CASES = select(office_case, known_shop.c.name).join(
    known_shop, known_shop.c.shop == office_case.c.shop
)
_OPEN = (
    _CASES.where(office_case.c.kind == bindparam("what"))
    .order_by(office_case.c.since_ms, office_case.c.order_id)
    .limit(MOST + 1)
)
_CASE = _CASES.where(
    office_case.c.shop == bindparam("whose"),
    office_case.c.kind == bindparam("what"),
    office_case.c.order_id == bindparam("order"),
)


class Case(NamedTuple):
    """Where something is to be decided, since when (UTC ms), on which order. Of a complaint: what
    the order costs (rupiah), and until when the office decides (UTC ms, 0 for no term)."""

    shop_id: bytes
    shop_name: str
    order_id: bytes
    since_ms: int
    number: int
    amount: int
    until_ms: int


def open_cases(services: Services, kind: Kind) -> list[Case]:
    """The oldest first: at most one more than are listed."""
    with services.store.reading_directory() as tx:
        return [_case(row) for row in tx.rows(_OPEN, what=kind)]


def find_case(services: Services, kind: Kind, shop_id: bytes, order_id: bytes) -> Case | None:
    """One that is open."""
    with services.store.reading_directory() as tx:
        row = tx.one(_CASE, what=kind, whose=shop_id, order=order_id)
    return None if row is None else _case(row)


def agree_cases(services: Services, shop_id: bytes) -> None:
    """Let the directory say what the shop says. Whoever calls has written there before; what a
    crash leaves undone, the sweeper does with its next look."""
    # The directory first: a case that is told meanwhile is in the shop before it is there.
    with services.store.reading_directory() as directory:
        known = {(row.kind, row.order_id) for row in directory.rows(_OF_SHOP, whose=shop_id)}
    with services.store.reading_shop(shop_id) as shop:
        wanted = {("complaint", row.order_id): row.since_ms for row in shop.rows(_COMPLAINTS)}
        wanted |= {("review", row.order_id): row.since_ms for row in shop.rows(_REPORTED)}
        # An order that waits for the office does not change: what is listed of it stays right.
        fresh = {one: _listed(shop, *one) for one in sorted(wanted.keys() - known)}
    if known == wanted.keys():
        return

    def write(tx: Tx) -> None:
        for kind, order_id in sorted(known - wanted.keys()):
            tx.run(_END, whose=shop_id, what=kind, order=order_id)
        for (kind, order_id), listed in fresh.items():
            tx.insert_new(
                office_case, shop=shop_id, kind=kind, order_id=order_id,
                since_ms=wanted[kind, order_id], **listed,
            )  # fmt: skip

    services.store.in_directory(write)


def _listed(tx: ShopTx, kind: str, order_id: bytes) -> dict[str, int]:
    order = read_order(tx, order_id)
    number = order.placed.number if order else 0
    if order is None or kind != "complaint":
        return {"number": number, "amount": 0, "until_ms": 0}
    until_ms = order.story.terms.get("office_by", 0)
    return {"number": number, "amount": order.story.standing.total, "until_ms": until_ms}


def _case(row: Any) -> Case:
    return Case(
        row.shop, row.name, row.order_id, row.since_ms, row.number, row.amount, row.until_ms
    )
