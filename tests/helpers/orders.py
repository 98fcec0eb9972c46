"""A gerai without a counter, whose stock is therefore known, and buyers that order from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from core.facts.catalog import ProductRecord
from core.orders.standing import Actor
from core.orders.steps import StepName
from server.catalog.changing import add_product
from server.catalog.reading import ProductFields
from server.db.transaction import ShopTx
from server.orders.goods import Item
from server.orders.placing import Buyer, Placed, Wanted, place
from server.orders.reading import Order, read_order
from server.orders.terms import terms_of
from server.orders.writing import write_steps
from server.services import Services
from server.shops.adding import add_shop
from server.shops.editing import change_document
from server.shops.reading import shop_here
from server.storefront.addresses import claim
from server.storefront.settings import Area
from server.sync.feed import Step
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_gerai import set_gerai

BY: Final = bytes(16)
LIMBOTO: Final = "75.01.01"
BUYER: Final = Buyer("Ibu Hadija", "0812-4400-1234", "", "10.0.0.0/24")
_BLANK: Final = ProductRecord(b"", "", "", "Sembako", "", "pcs", 10_000, online=True)


def open_shop(services: Services, name: str = "Warung Uji", **settings: Any) -> bytes:
    """A shop with its gerai open; returns its id."""
    shop_id = add_shop(services, name).id
    wanted = {"gerai_open": True, "gerai_areas": (Area(LIMBOTO, 5_000),), **settings}
    own = {key: wanted.pop(key) for key in list(wanted) if key in _PLAIN}
    set_gerai(services, shop_id, **wanted)
    set_plain(services, shop_id, **own)
    claim(services, shop_id, f"{name.lower().replace(' ', '-')}-{shop_id.hex()[-6:]}")
    return shop_id


_PLAIN: Final = ("gerai_auto_accept", "transfer_accounts", "tax_basis_points", "tax_included")


def set_plain(services: Services, shop_id: bytes, **settings: Any) -> None:
    """Settings that no form of the gerai has."""
    change_document(services, shop_id, "setting", b"", dict.fromkeys(settings), settings, BY)


def stock_up(services: Services, shop_id: bytes, name: str, qty: int, **fields: Any) -> bytes:
    """A product that is sold online, with so many base units; returns its id."""
    values = {one: getattr(_BLANK, one, True) for one in ProductFields._fields}
    product_id = fresh_id()
    whole = ProductFields(**{**values, "name": name, "active": True, "cost": 1, **fields})
    add_product(services, shop_id, product_id, whole, qty * 1000, BY, form="")
    return product_id


def wanted(shop_id: bytes, items: Sequence[tuple[bytes, float] | Item], **changes: Any) -> Wanted:
    """An order to be collected, paid at the counter."""
    whole = tuple(
        one if isinstance(one, Item) else Item(one[0], "pcs", int(one[1] * 1000)) for one in items
    )
    return Wanted(shop_id, whole, "collect", "", "", "at_handover", 0)._replace(**changes)


def order(
    services: Services,
    shop_id: bytes,
    items: Sequence[tuple[bytes, float] | Item],
    *,
    token: bytes = b"",
    buyer: Buyer = BUYER,
    **changes: Any,
) -> Placed:
    """Place an order."""
    return place(services, token or fresh_id(), wanted(shop_id, items, **changes), buyer)


def read(services: Services, placed: Placed) -> Order:
    """The order as it stands."""
    with services.store.reading_shop(placed.shop_id) as tx:
        found = read_order(tx, placed.order_id)
    assert found is not None
    return found


def reserved(services: Services, shop_id: bytes) -> dict[bytes, int]:
    """What is set aside, by product."""
    from sqlalchemy import func, select

    from server.db.schema.orders import reservation
    from server.db.tied import tied

    query = select(reservation.c.product_id, func.sum(reservation.c.qty).label("qty"))
    with services.store.reading_shop(shop_id) as tx:
        rows = tx.rows(query.where(tied(reservation)).group_by(reservation.c.product_id))
    return {row.product_id: int(row.qty) for row in rows}


def walk(services: Services, placed: Placed, who: Actor, *names: StepName) -> None:
    """Steps of an order in one fact, paid at the counter where that is among them."""

    def work(tx: ShopTx) -> None:
        step, here = Step(tx, services.now_ms()), shop_here(tx)
        story = step.books.orders.get(placed.order_id).story()
        assert here is not None and story is not None
        owed = {"pay_at_handover": story.standing.owed}
        wanted = [(name, owed.get(name, 0)) for name in names]
        write_steps(step, placed.order_id, who, wanted, terms_of(here))
        step.close()

    services.store.in_shop(placed.shop_id, work)


def hand_over(services: Services, placed: Placed) -> None:
    """The goods are with the buyer, as a counter would have said it."""
    walk(services, placed, "shop", "accept", "make_ready", "pay_at_handover", "hand_over", "fulfil")
