"""Changing a product on the web."""

from __future__ import annotations

from typing import Final

from core.text import clean_name
from server.catalog.reading import ProductFields
from server.services import Services
from server.shops.editing import BadField, change_document

MOST_LETTERS: Final = 120
MOST_RUPIAH: Final = 9_999_999_999
MOST_QUANTITY: Final = 999_999_999
"""Thousandths; the counter takes six digits before the mark."""


def change_product(
    services: Services,
    shop_id: bytes,
    product_id: bytes,
    seen: ProductFields,
    wanted: ProductFields,
    by: bytes,
) -> int:
    """Write what is wanted otherwise than it was seen; returns how many fields that were.

    Raises:
        BadField: a value cannot be taken.
    """
    cleaned = _checked(wanted)
    return change_document(
        services, shop_id, "product", product_id, seen._asdict(), cleaned._asdict(), by
    )


def _checked(wanted: ProductFields) -> ProductFields:
    texts = {
        name: clean_name(getattr(wanted, name)) for name in ("name", "code", "category", "brand")
    }
    if not texts["name"]:
        raise BadField("name", "empty")
    for name, text in texts.items():
        if len(text) > MOST_LETTERS:
            raise BadField(name, "long", most=MOST_LETTERS)
    for name, amount in (("price", wanted.price), ("cost", wanted.cost or 0)):
        if not 0 <= amount <= MOST_RUPIAH:
            raise BadField(name, "amount")
    if not 0 <= wanted.min_stock <= MOST_QUANTITY:
        raise BadField("min_stock", "quantity")
    name, code, category, brand = texts.values()
    return wanted._replace(name=name, code=code, category=category, brand=brand)
