"""Writing goods down and changing them; an archived product is never deleted."""

from __future__ import annotations

from typing import Any

import msgspec

from core.errors import Refused
from core.facts.base import FieldChange
from core.facts.catalog import (
    BarcodeRecord,
    OpeningStock,
    ProductAdded,
    ProductChanged,
    ProductRecord,
    TierRecord,
    UnitRecord,
)
from core.product import faults, in_order, tidy
from core.quantity import extend
from pos.catalog.indexing import refresh
from pos.catalog.pictures import drop_unused, keep_picture, picture_data, picture_hash
from pos.counter import Counter
from pos.db.database import Database
from pos.db.merged import meant
from pos.staff.people import require


class BadProduct(Refused):
    """The product cannot be written like this; `why` names the field's rule."""

    code = "bad_product"


class BarcodeTaken(Refused):
    """Another product carries this barcode already; `name` says which."""

    code = "barcode_taken"


class MergedAway(Refused):
    """The product was merged into another, `name`: that one is sold and changed."""

    code = "merged_away"


def check_not_merged(db: Database, product_id: bytes) -> None:
    """Insist that a product stands for itself.

    Raises:
        MergedAway.
    """
    into = meant(db, "product", product_id)
    if into != product_id:
        name = db.scalar("SELECT name FROM product WHERE id=?", (into,))
        raise MergedAway(name=name or "", product_id=into)


def product_record(db: Database, product_id: bytes) -> ProductRecord:
    """A product as it stands, in the form that facts use.

    Raises:
        BadProduct: it is not here.
    """
    row = db.one(
        "SELECT id, code, name, category, brand, unit, price, cost, tax_class, min_stock,"
        " favourite, fractional, picture, online, halal FROM product WHERE id=?",
        (product_id,),
    )
    if row is None:
        raise BadProduct(why="missing")
    units = db.rows(
        "SELECT unit, factor, price FROM product_unit WHERE product_id=? ORDER BY factor, unit",
        (product_id,),
    )
    codes = db.rows(
        "SELECT barcode, unit FROM product_barcode WHERE product_id=? ORDER BY barcode",
        (product_id,),
    )
    tiers = db.rows(
        "SELECT min_qty, price FROM product_tier WHERE product_id=? ORDER BY min_qty",
        (product_id,),
    )
    return ProductRecord(
        product_id,
        code=row[1],
        name=row[2],
        category=row[3],
        brand=row[4],
        unit=row[5],
        price=row[6],
        cost=row[7],
        tax_class=row[8],
        min_stock=row[9],
        favourite=bool(row[10]),
        fractional=bool(row[11]),
        units=tuple(UnitRecord(*unit) for unit in units),
        barcodes=tuple(BarcodeRecord(*code) for code in codes),
        tiers=tuple(TierRecord(*tier) for tier in tiers),
        picture=bytes(row[12]),
        online=bool(row[13]),
        halal=row[14],
    )


def cleaned(record: ProductRecord) -> ProductRecord:
    """The record with blanks, units and barcodes in their normal forms, and checked.

    Raises:
        BadProduct: `why` is the first rule of `core.product` that it breaks.
    """
    record = tidy(record)
    broken = faults(record)
    if broken:
        raise BadProduct(why=broken[0].why, name=record.name)
    return in_order(record)


def _check_barcodes_free(db: Database, record: ProductRecord) -> None:
    for code in record.barcodes:
        name = db.scalar(
            "SELECT p.name FROM product_barcode b JOIN product p ON p.id=b.product_id"
            " WHERE b.barcode=? AND b.product_id<>? AND p.active=1",
            (code.code, record.product_id),
        )
        if name is not None:
            raise BarcodeTaken(barcode=code.code, name=name)


def add_product(
    counter: Counter, record: ProductRecord, opening_qty: int = 0, *, picture: bytes = b""
) -> bytes:
    """Write a product down with what lies on the shelf (thousandths); returns its id.

    The opening stock is worth its cost, or nothing where no cost is known. `picture` is what
    `pictures.prepared` made; the record gets its name.

    Raises:
        NeedsManager, BadProduct, BarcodeTaken, BadPicture.
    """
    require(counter, "edit_goods")
    record = cleaned(
        msgspec.structs.replace(
            record, product_id=counter.new_id(), picture=_picture_name(record, picture)
        )
    )
    _check_barcodes_free(counter.db, record)
    opening = None
    if opening_qty:
        value = extend(record.cost or 0, opening_qty)
        opening = OpeningStock(record.product_id, opening_qty, value)
    with counter.transaction() as tx:
        if picture:
            keep_picture(tx.db, picture)
        tx.append(ProductAdded(record, opening))
        refresh(tx.db, record.product_id)
    return record.product_id


def _picture_name(record: ProductRecord, picture: bytes) -> bytes:
    return picture_hash(picture) if picture else record.picture


def change_product(counter: Counter, record: ProductRecord, *, picture: bytes = b"") -> bool:
    """Change a product to this record; only fields that differ are written.

    `picture` is a new picture as `pictures.prepared` made it. Without it the record's own name of
    a picture stands; an empty name takes the picture away.

    Raises:
        NeedsManager, BadProduct, BarcodeTaken, BadPicture.
    """
    require(counter, "edit_goods")
    check_not_merged(counter.db, record.product_id)
    old = product_record(counter.db, record.product_id)
    new = cleaned(msgspec.structs.replace(record, picture=_picture_name(record, picture)))
    _check_barcodes_free(counter.db, new)
    changes = field_changes(old, new)
    # A picture that is named and was lost comes back with the same file.
    lost = bool(picture) and picture_data(counter.db, new.picture) != picture
    if changes or lost:
        with counter.transaction() as tx:
            if picture:
                keep_picture(tx.db, picture)
            if changes:
                tx.append(ProductChanged(record.product_id, changes))
                refresh(tx.db, record.product_id)
            if old.picture != new.picture:
                drop_unused(tx.db, old.picture)
    return bool(changes) or lost


def field_changes(old: ProductRecord, new: ProductRecord) -> tuple[FieldChange, ...]:
    """The fields in which two records differ, each with both values."""
    return tuple(
        FieldChange(name, _json(getattr(old, name)), _json(getattr(new, name)))
        for name in ProductRecord.__struct_fields__
        if name != "product_id" and getattr(old, name) != getattr(new, name)
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def archive_product(counter: Counter, product_id: bytes, *, active: bool = False) -> None:
    """Take a product out of sale, or bring it back; its history stays.

    Raises:
        NeedsManager, BadProduct.
    """
    require(counter, "edit_goods")
    check_not_merged(counter.db, product_id)
    before = counter.db.scalar("SELECT active FROM product WHERE id=?", (product_id,))
    if before is None:
        raise BadProduct(why="missing")
    if bool(before) != active:
        change = FieldChange("active", _json(bool(before)), _json(active))
        _write(counter, product_id, (change,))


def _write(counter: Counter, product_id: bytes, changes: tuple[FieldChange, ...]) -> None:
    with counter.transaction() as tx:
        tx.append(ProductChanged(product_id, changes))
        refresh(tx.db, product_id)
