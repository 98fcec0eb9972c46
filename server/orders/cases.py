"""What the office has to decide: found in the directory, and following what lies with the shops."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from sqlalchemy import bindparam, delete, select

from server.db.schema.directory import known_shop, office_case
from server.db.schema.orders import order_review, shop_order
from server.db.tied import tied
from server.db.transaction import Tx
from server.services import Services

Kind = Literal["complaint", "review"]
MOST: Final = 50
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
_OPEN = (
    select(office_case, known_shop.c.name)
    .join(known_shop, known_shop.c.shop == office_case.c.shop)
    .where(office_case.c.kind == bindparam("what"))
    .order_by(office_case.c.since_ms, office_case.c.order_id)
    .limit(MOST)
)


class Case(NamedTuple):
    """Where something is to be decided, since when (UTC ms)."""

    shop_id: bytes
    shop_name: str
    order_id: bytes
    since_ms: int


def open_cases(services: Services, kind: Kind) -> list[Case]:
    """The oldest first."""
    with services.store.reading_directory() as tx:
        rows = tx.rows(_OPEN, what=kind)
    return [Case(row.shop, row.name, row.order_id, row.since_ms) for row in rows]


def agree_cases(services: Services, shop_id: bytes) -> None:
    """Let the directory say what the shop says. Whoever calls has written there before; what a
    crash leaves undone, the sweeper does with its next look."""
    # The directory first: a case that is told meanwhile is in the shop before it is there.
    with services.store.reading_directory() as directory:
        known = {(row.kind, row.order_id) for row in directory.rows(_OF_SHOP, whose=shop_id)}
    with services.store.reading_shop(shop_id) as shop:
        wanted = {("complaint", row.order_id): row.since_ms for row in shop.rows(_COMPLAINTS)}
        wanted |= {("review", row.order_id): row.since_ms for row in shop.rows(_REPORTED)}
    if known == wanted.keys():
        return

    def write(tx: Tx) -> None:
        for kind, order_id in sorted(known - wanted.keys()):
            tx.run(_END, whose=shop_id, what=kind, order=order_id)
        for kind, order_id in sorted(wanted.keys() - known):
            tx.insert_new(
                office_case, shop=shop_id, kind=kind, order_id=order_id,
                since_ms=wanted[kind, order_id],
            )  # fmt: skip

    services.store.in_directory(write)
