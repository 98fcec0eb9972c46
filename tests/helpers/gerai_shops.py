"""Several small gerai with goods of a test's choice, without counters."""

from __future__ import annotations

from typing import Any

from core.facts.base import FieldChange
from core.facts.catalog import ProductRecord
from core.facts.shop import SettingsChanged
from core.facts.stock import StockAdjusted, StockLine
from server.catalog.changing import add_product
from server.catalog.reading import ProductFields
from server.services import Services
from server.shops.adding import add_shop
from server.shops.editing import json_of, write_once
from server.storefront.addresses import claim
from server.storefront.names import propose
from tests.helpers.sync_client import fresh_id
from tests.helpers.web_gerai import BY, set_gerai


def gerai(services: Services, title: str, *, address: str = "", **fields: Any) -> bytes:
    """A shop with an open gerai; returns its id."""
    shop_id = add_shop(services, title).id
    if address:
        changed = SettingsChanged((FieldChange("address", "null", json_of(address)),))
        write_once(services, shop_id, changed, BY)
    set_gerai(services, shop_id, gerai_open=True, **fields)
    claim(services, shop_id, propose(title))
    return shop_id


def goods(
    services: Services, shop_id: bytes, name: str, price: int, stock: int = 10, **fields: Any
) -> bytes:
    """Goods that are sold online, with some on the shelf; returns their id."""
    key = fresh_id()
    given = {"category": "Sembako", "unit": "pcs", "online": True, **fields}
    blank = ProductRecord(b"", "", name, "", "", "", price)
    values = {one: getattr(blank, one, True) for one in ProductFields._fields}
    wanted = ProductFields(**{**values, **given, "active": True})
    add_product(services, shop_id, key, wanted, 0, BY, form="")
    if stock:
        set_stock(services, shop_id, key, stock)
    return key


def set_stock(services: Services, shop_id: bytes, product_id: bytes, more: int) -> None:
    """So many pieces more on the shelf."""
    fact = StockAdjusted((StockLine(product_id, more * 1000),), "found", "")
    write_once(services, shop_id, fact, BY)
