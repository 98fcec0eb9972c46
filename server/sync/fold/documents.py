"""Documents whose fields change one by one: goods, customers, staff, settings.

A value is JSON text as it travels in field changes; two are compared in one form of it.
Columns of the tables follow from it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Row, Table

from core.facts.catalog import BarcodeRecord, ProductRecord, TierRecord, UnitRecord
from core.facts.customers import CustomerRecord
from core.sync.fields import Stamp
from core.text import fold as fold_text
from server.db.schema import catalog, people

_encode = msgspec.json.Encoder(order="sorted").encode


class Field(NamedTuple):
    """A field with a column: its type, how the column is read, and how it is written."""

    type: Any
    from_column: Callable[[Any], str]
    to_column: Callable[[Any], Any]


def text_of(value: Any) -> str:
    """A value as JSON text."""
    return _encode(value).decode()


def canonical(text: str) -> str:
    """JSON text in the form in which values are compared.

    Raises:
        msgspec.DecodeError: it is not JSON.
    """
    return text_of(msgspec.json.decode(text))


def _plain(kind: Any) -> Field:
    return Field(kind, text_of, lambda value: value)


def _listed(kind: Any) -> Field:
    return Field(list[kind], str, text_of)


_STR, _INT, _BOOL = _plain(str), _plain(int), _plain(bool)
_PICTURE = Field(
    str,
    lambda column: text_of(base64.b64encode(column).decode()),
    lambda value: base64.b64decode(value, validate=True),
)

FIELDS: Final[dict[str, dict[str, Field]]] = {
    "product": {
        "code": _STR,
        "name": _STR,
        "category": _STR,
        "brand": _STR,
        "unit": _STR,
        "price": _INT,
        "tax_class": _STR,
        "min_stock": _INT,
        "favourite": _BOOL,
        "fractional": _BOOL,
        "online": _BOOL,
        "units": _listed(UnitRecord),
        "barcodes": _listed(BarcodeRecord),
        "tiers": _listed(TierRecord),
        "picture": _PICTURE,
        "active": _BOOL,
        "halal": _STR,
    },
    "customer": {
        "name": _STR,
        "phone": _STR,
        "note": _STR,
        "credit_limit": _INT,
        "member_no": _STR,
        "balance_limit": _INT,
        "active": _BOOL,
    },
    "staff": {
        "name": _STR,
        "role": _STR,
        "active": _BOOL,
        "permissions": Field(msgspec.Raw, str, lambda value: bytes(value).decode()),
    },
    "setting": {},
}

TABLES: Final[dict[str, Table]] = {
    "product": catalog.product,
    "customer": people.customer,
    "staff": people.staff,
}
_BORN_ACTIVE: Final = {"active": "true"}
_BORN_STAFF: Final = {"active": "true", "permissions": "{}"}


class Document:
    """A document as the accepted state has it. `known` once its own fact has come."""

    __slots__ = ("changed", "fixed", "known", "stamps", "values")

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.known = False
        self.changed: set[str] = set()
        self.values: dict[str, str] = {}
        self.stamps: dict[str, Stamp] = {}
        self.fixed: bytes = b""

    def born(self, values: dict[str, str]) -> bool:
        """Take the values of its own fact, save where a change came first.

        False where it was born before: then it stays as it is.
        """
        if self.known:
            return False
        self.known = True
        for name, text in values.items():
            if name not in self.stamps:
                self.values[name] = text
        self.changed.update(values)
        return True

    def put(self, field: str, text: str, stamp: Stamp) -> None:
        """Set a field."""
        self.values[field] = text
        self.stamps[field] = stamp
        self.changed.add(field)

    def number(self, field: str) -> int:
        """A field that is a whole number, 0 where it is not known."""
        return int(self.values.get(field, "0"))


def check_value(table: str, field: str, text: str) -> None:
    """Pass a value that the field's column can hold, or any value of a field without one.

    Raises:
        msgspec.ValidationError: the value is of another kind.
        ValueError: it cannot be stored.
    """
    kind = FIELDS[table].get(field)
    if kind is None:
        canonical(text)
    else:
        kind.to_column(msgspec.json.decode(text, type=kind.type))
    if "\\u0000" in text:
        raise ValueError("a text with a NUL in it")


def birth_of_product(record: ProductRecord) -> dict[str, str]:
    """The values that a product is born with, as JSON text (its cost apart)."""
    values = {
        name: text_of(getattr(record, name))
        for name in ProductRecord.__struct_fields__
        if name not in ("product_id", "cost")
    }
    return values | _BORN_ACTIVE


def birth_of_customer(record: CustomerRecord) -> dict[str, str]:
    """The values that a customer is born with."""
    values = {
        name: text_of(getattr(record, name))
        for name in CustomerRecord.__struct_fields__
        if name != "customer_id"
    }
    return values | _BORN_ACTIVE


def birth_of_staff(name: str, role: str) -> dict[str, str]:
    """The values that a person starts with."""
    return {"name": text_of(name), "role": text_of(role)} | _BORN_STAFF


def read_row(table: str, row: Row[Any]) -> Document:
    """A document from its row."""
    document = Document()
    document.known = True
    columns = row._mapping
    document.values = {
        name: field.from_column(columns[name]) for name, field in FIELDS[table].items()
    }
    if table == "product":
        document.fixed = columns["import_id"]
    return document


def to_row(table: str, key: bytes, document: Document) -> tuple[Any, ...]:
    """A document's row, in the order of the table's columns (the shop left out)."""
    columns: dict[str, Any] = {f"{table}_id": key, "import_id": document.fixed}
    for name, field in FIELDS[table].items():
        text = document.values[name]
        columns[name] = field.to_column(msgspec.json.decode(text, type=field.type))
    columns["sort_name"] = fold_text(columns["name"])
    return tuple(columns[c.name] for c in TABLES[table].columns if c.name != "shop_id")
