"""A gerai for tests and pictures: the sample shop's goods online, with hours, areas and a face."""

from __future__ import annotations

from typing import Any, Final

from server.catalog.changing import change_product
from server.catalog.reading import product_of
from server.services import Services
from server.shops.reading import shop_here
from server.storefront.addresses import claim
from server.storefront.face import Face
from server.storefront.hours import Week
from server.storefront.settings import Area, GeraiFields, change_gerai, gerai_fields
from tests.helpers.web_shop import Sample

NAME: Final = "warung-ibu-sri"
BY: Final = bytes(16)
DAY: Final = ((480, 1020),)
WEEK: Final[Week] = (DAY, DAY, DAY, DAY, DAY, ((1200, 1560),), ())
FIELDS: Final[dict[str, Any]] = {
    "gerai_open": True,
    "gerai_story": "Warung keluarga di tepi danau Limboto.\nBeras, ikan, dan kopi Pinogu.",
    "gerai_whatsapp": "0812-4400-1234",
    "gerai_map": "https://maps.app.goo.gl/abc123",
    "gerai_hours": WEEK,
    "gerai_areas": (Area("75.01.01", 5_000), Area("75.01.02", 0)),
    "gerai_face": Face("hijau"),
}


def put_online(services: Services, shop_id: bytes, product_id: bytes, **changes: Any) -> None:
    """Sell a product online; `changes` are other fields of it."""
    with services.store.reading_shop(shop_id) as tx:
        found = product_of(tx, product_id)
    assert found is not None
    wanted = found.fields._replace(**{"online": True, **changes})
    change_product(services, shop_id, product_id, found.fields, wanted, BY)


def fields_of(services: Services, shop_id: bytes) -> GeraiFields:
    """The gerai's settings as they stand."""
    with services.store.reading_shop(shop_id) as tx:
        here = shop_here(tx)
    assert here is not None
    return gerai_fields(here)


def open_gerai(services: Services, sample: Sample, name: str = NAME, **changes: Any) -> str:
    """Open the sample shop's gerai with all its goods; returns the path of its first page."""
    for product_id in sample.goods:
        put_online(services, sample.shop_id, product_id)
    set_gerai(services, sample.shop_id, **{**FIELDS, **changes})
    claim(services, sample.shop_id, name)
    return f"/toko/{name}"


def set_gerai(services: Services, shop_id: bytes, **changes: Any) -> None:
    """Change settings of the gerai."""
    seen = fields_of(services, shop_id)
    change_gerai(services, shop_id, seen, seen._replace(**changes), BY)
