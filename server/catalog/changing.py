"""Writing products down and changing them on the web, by the counter's own rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from core.errors import Refused
from core.facts.catalog import BarcodeRecord, OpeningStock, ProductAdded, ProductRecord
from core.gtin import display_form
from core.product import Fault, faults, in_order, tidy
from core.quantity import extend
from server.catalog.reading import ProductFields
from server.db.schema.catalog import product, product_barcode
from server.db.tied import meets, tied
from server.db.transaction import ShopTx
from server.services import Services
from server.shops.editing import change_document, write_once

_CARRIER = (
    select(product_barcode.c.code, product.c.name)
    .select_from(product_barcode)
    .join(product, meets(product, product.c.product_id == product_barcode.c.product_id))
    .where(
        tied(product_barcode),
        product_barcode.c.code.in_(bindparam("codes", expanding=True)),
        product_barcode.c.product_id != bindparam("key"),
        product.c.active,
    )
)
_IS_HERE = select(product.c.name).where(tied(product), product.c.product_id == bindparam("key"))


class FieldFault(NamedTuple):
    """A field that cannot be kept: `name` as forms name it ("units-0-factor"), the rule."""

    name: str
    why: str
    details: dict[str, Any]


class BadProduct(Refused):
    """The product cannot be written like this; `faults` say where and why."""

    code = "bad_product"

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        """Every field that is wrong."""
        super().__init__(why=faults[0].why)
        self.faults = tuple(faults)


class AddedBefore(Refused):
    """This form wrote a product down already, with something else in it; `name` says which."""

    code = "added_before"


def change_product(
    services: Services,
    shop_id: bytes,
    product_id: bytes,
    seen: ProductFields,
    wanted: ProductFields,
    by: bytes,
    *,
    form: str = "",
) -> int:
    """Write what is wanted otherwise than it was seen; returns how many fields that were.

    `form` names the form and what was typed in it (`write_once`).

    Raises:
        BadProduct: a value cannot be taken.
    """
    record = _checked(product_id, wanted)
    cleaned = _fields(record, wanted.active)

    def check(tx: ShopTx) -> None:
        if cleaned.barcodes != seen.barcodes:
            _refuse_taken(tx, record)

    return change_document(
        services,
        shop_id,
        "product",
        product_id,
        seen._asdict(),
        cleaned._asdict(),
        by,
        form=form,
        check=check,
    )


def add_product(
    services: Services,
    shop_id: bytes,
    product_id: bytes,
    wanted: ProductFields,
    opening_qty: int,
    by: bytes,
    *,
    form: str,
) -> None:
    """Write a product down with what lies on the shelf (thousandths), once.

    The opening stock is worth its cost, or nothing where no cost is known. The same form sent again
    does nothing.

    Raises:
        BadProduct: a value cannot be taken.
        AddedBefore: a product of that id is here, written by a form in which stood something else.
    """
    record = _checked(product_id, wanted)
    opening = None
    if opening_qty:
        opening = OpeningStock(product_id, opening_qty, extend(record.cost or 0, opening_qty))

    def check(tx: ShopTx) -> None:
        name = tx.scalar(_IS_HERE, key=product_id)
        if name is not None:
            raise AddedBefore(name=name)
        _refuse_taken(tx, record)

    fact = ProductAdded(record, opening)
    write_once(services, shop_id, fact, by, form=form, check=check)


def archive_product(
    services: Services, shop_id: bytes, product_id: bytes, by: bytes, *, was: bool, active: bool
) -> None:
    """Take a product out of sale, or bring it back; its history stays. `was`: what was seen."""
    change_document(
        services, shop_id, "product", product_id, {"active": was}, {"active": active}, by
    )


def _checked(product_id: bytes, wanted: ProductFields) -> ProductRecord:
    """The record that is wanted, tidy and in order.

    Raises:
        BadProduct: it breaks rules of `core.product`.
    """
    given = wanted._asdict()
    del given["active"]
    record = tidy(ProductRecord(product_id, **given))
    broken = faults(record)
    if broken:
        raise BadProduct([FieldFault(_name_of(record, one), one.why, {}) for one in broken])
    return in_order(record)


def _fields(record: ProductRecord, active: bool) -> ProductFields:
    values = {name: getattr(record, name) for name in ProductFields._fields if name != "active"}
    return ProductFields(**values, active=active)


def _refuse_taken(tx: ShopTx, record: ProductRecord) -> None:
    codes = {one.code: one for one in record.barcodes}
    if not codes:
        return
    found = tx.rows(_CARRIER, codes=sorted(codes), key=record.product_id)
    if found:
        raise BadProduct(
            [
                FieldFault(
                    _place_of(record, codes[row.code]),
                    "barcode_taken",
                    {"barcode": display_form(row.code), "name": row.name},
                )
                for row in found
            ]
        )


def _name_of(record: ProductRecord, fault: Fault) -> str:
    if fault.field == "barcodes":
        return _place_of(record, record.barcodes[fault.at])
    return fault.field if fault.at < 0 else f"{fault.field}-{fault.at}-{fault.part}"


def _place_of(record: ProductRecord, code: BarcodeRecord) -> str:
    """The field in which forms hold a barcode: beside the unit on which it stands."""
    units = [unit.unit for unit in record.units]
    return f"units-{units.index(code.unit)}-barcodes" if code.unit in units else "barcodes"
