"""Records that counters merged: which one stands for another, and which ones it stands for."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Select, Table, and_, bindparam, select

from server.db.schema.catalog import alias, product
from server.db.schema.people import customer
from server.db.tied import meets, tied
from server.db.transaction import ShopTx

Kind = Literal["product", "customer"]
_TABLES: Final[dict[str, Table]] = {"product": product, "customer": customer}
_MOST_STEPS: Final = 16
_MOST_NAMES: Final = 50


class Named(NamedTuple):
    """A record by its id and name."""

    id: bytes
    name: str


class Merged(NamedTuple):
    """`into` is the record that stands for this one, None where it stands for itself; `former`
    are those that were merged into it."""

    into: Named | None
    former: list[Named]


def merged_of(tx: ShopTx, kind: Kind, document: bytes) -> Merged:
    """What was merged with a record."""
    names = _TABLES[kind]
    key = names.c[f"{kind}_id"]
    former = tx.rows(
        select(key, names.c.name)
        .select_from(alias)
        .join(names, meets(names, key == alias.c.source))
        .where(tied(alias), alias.c.table_name == kind, alias.c.target == bindparam("target"))
        .order_by(names.c.name, key)
        .limit(_MOST_NAMES),
        target=document,
    )
    return Merged(_into(tx, kind, document), [Named(*row) for row in former])


def _into(tx: ShopTx, kind: Kind, document: bytes) -> Named | None:
    found = document
    for _ in range(_MOST_STEPS):
        further = tx.scalar(
            select(alias.c.target).where(
                tied(alias), alias.c.table_name == kind, alias.c.source == bindparam("source")
            ),
            source=found,
        )
        if further is None:
            break
        found = further
    if found == document:
        return None
    names = _TABLES[kind]
    name = tx.scalar(
        select(names.c.name).where(tied(names), names.c[f"{kind}_id"] == bindparam("key")),
        key=found,
    )
    return Named(found, name or "")


def merged_away(tx: ShopTx, kind: Kind) -> set[bytes]:
    """The ids of records that another one stands for."""
    statement = select(alias.c.source).where(tied(alias), alias.c.table_name == kind)
    return {row.source for row in tx.rows(statement)}


def by_former_name(kind: Kind, words: list[str]) -> Select[Any]:
    """The ids of records into which one was merged whose name holds all these folded words."""
    names = _TABLES[kind].alias("former")
    return (
        select(alias.c.target)
        .select_from(alias)
        .join(names, meets(names, names.c[f"{kind}_id"] == alias.c.source))
        .where(
            tied(alias),
            alias.c.table_name == kind,
            and_(*(names.c.sort_name.contains(word) for word in words)),
        )
    )
