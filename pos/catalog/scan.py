"""What a scanned code means: one door for every code that can pass the scanner."""

from __future__ import annotations

from typing import NamedTuple

from core.barcode import DEFAULT_LAYOUTS, PlainCode, ReceiptCode, read_code
from core.gs1 import Gs1Code
from core.instore import InStoreCode, InStoreLayout
from pos.catalog.goods import Found, by_barcode, by_code, resolve
from pos.counter import Counter


class ScannedProduct(NamedTuple):
    """A product was scanned; `qty` thousandths or `amount` rupiah where the label says so."""

    product_id: bytes
    unit: str
    qty: int | None = None
    amount: int | None = None


class ScannedReceipt(NamedTuple):
    """One of our own receipts was scanned."""

    number: str


def layouts(counter: Counter) -> tuple[InStoreLayout, ...]:
    """The in-store layouts that the shop has set, else the customary ones."""
    own = counter.settings.instore_layouts
    return tuple(InStoreLayout(**layout) for layout in own) if own else DEFAULT_LAYOUTS


def read_scan(counter: Counter, text: str) -> ScannedProduct | ScannedReceipt:
    """Find what a scan means: barcode, in-store label, GS1 element string, own code, receipt.

    Raises:
        UnknownProduct, ProductArchived, AmbiguousCode: by name what is wrong.
        BadCheckDigit: an in-store label was misread.
    """
    found = by_barcode(counter.db, text)
    if found:
        return _product(resolve(counter.db, found, text))
    for reading in read_code(text, layouts(counter)):
        match reading:
            case InStoreCode():
                item = by_code(counter.db, reading.item) or by_barcode(counter.db, reading.item)
                if item:
                    hit = resolve(counter.db, item, text)
                    return ScannedProduct(hit.product_id, hit.unit, reading.weight, reading.price)
            case Gs1Code():
                item = by_barcode(counter.db, reading.gtin)
                if item:
                    hit = resolve(counter.db, item, text)
                    return ScannedProduct(hit.product_id, hit.unit, reading.weight, None)
            case ReceiptCode():
                if not by_code(counter.db, text):
                    return ScannedReceipt(reading.number)
            case PlainCode():
                item = by_code(counter.db, reading.code)
                if item:
                    return _product(resolve(counter.db, item, text))
    return _product(resolve(counter.db, by_code(counter.db, text), text))


def _product(found: Found) -> ScannedProduct:
    return ScannedProduct(found.product_id, found.unit)
