"""Which goods and customers a fact brings into being: one answer for all who ask. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.facts.base import Fact
from core.facts.catalog import CatalogImported, ProductAdded
from core.facts.customers import CustomerAdded

BIRTHS: Final = (ProductAdded.KIND, CatalogImported.KIND, CustomerAdded.KIND)
"""The kinds of such facts."""


def born_goods(fact: Fact) -> Iterator[bytes]:
    """The ids of new goods."""
    match fact:
        case ProductAdded():
            yield fact.product.product_id
        case CatalogImported():
            yield from (record.product_id for record in fact.products)


def born_documents(fact: Fact) -> Iterator[bytes]:
    """The ids of new goods and of a new customer."""
    yield from born_goods(fact)
    if isinstance(fact, CustomerAdded):
        yield fact.customer.customer_id
