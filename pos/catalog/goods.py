"""Finding goods: by scan, by text, by id, as the cart and the screens need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from core.cart import Goods, PricedUnit, Tier
from core.errors import Refused
from core.gtin import normal_form
from pos.db.database import Database
from pos.db.merged import meant
from pos.search.lookup import find


class UnknownProduct(Refused):
    """No product answers to this code."""

    code = "unknown_product"


class ProductArchived(Refused):
    """The product exists, but it was archived and is not sold any more."""

    code = "product_archived"


class AmbiguousCode(Refused):
    """More than one product carries this code; `names` lists them."""

    code = "ambiguous_code"


class Found(NamedTuple):
    """A product found by a code, and the unit that the code stands on."""

    product_id: bytes
    unit: str
    active: bool


_GOODS = (
    "SELECT id, code, name, unit, price, tax_class, fractional, active FROM product WHERE id IN "
)


def goods(db: Database, product_ids: Sequence[bytes]) -> dict[bytes, Goods]:
    """What the cart must know of products, by id."""
    if not product_ids:
        return {}
    marks = "(" + ",".join("?" * len(product_ids)) + ")"
    units: dict[bytes, list[PricedUnit]] = {}
    for row in db.rows(
        f"SELECT product_id, unit, factor, price FROM product_unit WHERE product_id IN {marks}"
        " ORDER BY factor, unit",
        product_ids,
    ):
        units.setdefault(row[0], []).append(PricedUnit(row[1], row[2], row[3]))
    tiers: dict[bytes, list[Tier]] = {}
    for row in db.rows(
        f"SELECT product_id, min_qty, price FROM product_tier WHERE product_id IN {marks}"
        " ORDER BY min_qty",
        product_ids,
    ):
        tiers.setdefault(row[0], []).append(Tier(row[1], row[2]))
    return {
        row[0]: _goods(row, units.get(row[0], []), tiers.get(row[0], []))
        for row in db.rows(_GOODS + marks, product_ids)
    }


def _goods(row: Any, units: list[PricedUnit], tiers: list[Tier]) -> Goods:
    return Goods(
        product_id=bytes(row[0]),
        code=row[1],
        name=row[2],
        base_unit=row[3],
        price=row[4],
        tax_class=row[5],
        units=tuple(units),
        tiers=tuple(tiers),
        fractional=bool(row[6]),
    )


def one_goods(db: Database, product_id: bytes) -> Goods:
    """What the cart must know of one product.

    Raises:
        UnknownProduct: it is not here.
    """
    found = goods(db, [product_id]).get(product_id)
    if found is None:
        raise UnknownProduct(text="")
    return found


def stock_of(db: Database, product_id: bytes) -> int:
    """A product's stock in thousandths of its base unit."""
    return int(db.scalar("SELECT stock FROM product WHERE id=?", (product_id,)) or 0)


def by_barcode(db: Database, code: str) -> list[Found]:
    """All products that carry this barcode, on themselves or on a unit; active ones first."""
    rows = db.rows(
        "SELECT b.product_id, b.unit, p.active FROM product_barcode b"
        " JOIN product p ON p.id=b.product_id WHERE b.barcode=? ORDER BY p.active DESC, p.id",
        (normal_form(code),),
    )
    return [Found(bytes(row[0]), row[1], bool(row[2])) for row in rows]


def by_code(db: Database, code: str) -> list[Found]:
    """All products with exactly this internal code, whatever the case."""
    wanted = code.strip()
    if not wanted:
        return []
    variants = list(dict.fromkeys((wanted, wanted.upper(), wanted.lower())))
    marks = ",".join("?" * len(variants))
    rows = db.rows(
        f"SELECT id, unit, active FROM product WHERE code IN ({marks}) ORDER BY active DESC, id",
        variants,
    )
    return [Found(bytes(row[0]), row[1], bool(row[2])) for row in rows]


def resolve(db: Database, found: Sequence[Found], text: str) -> Found:
    """The one product meant.

    Raises:
        UnknownProduct, ProductArchived, AmbiguousCode.
    """
    active = [item for item in found if item.active]
    if len(active) == 1:
        return active[0]
    if not active:
        merged = _merged(db, found)
        if merged is not None:
            return merged
        if found:
            name = db.scalar("SELECT name FROM product WHERE id=?", (found[0].product_id,))
            raise ProductArchived(text=text, name=name, product_id=found[0].product_id)
        raise UnknownProduct(text=text)
    names = [
        str(db.scalar("SELECT name FROM product WHERE id=?", (item.product_id,))) for item in active
    ]
    raise AmbiguousCode(
        text=text, names=", ".join(names), product_ids=tuple(item.product_id for item in active)
    )


def _merged(db: Database, found: Sequence[Found]) -> Found | None:
    """The one product that all of these were merged into; its base unit is theirs."""
    into = {meant(db, "product", item.product_id) for item in found}
    if len(into) != 1:
        return None
    product_id = into.pop()
    active = db.scalar("SELECT active FROM product WHERE id=?", (product_id,))
    return Found(product_id, found[0].unit, True) if active else None


class Tile(NamedTuple):
    """A product as lists and tiles show it. Price in rupiah, stock in thousandths."""

    id: bytes
    code: str
    name: str
    category: str
    unit: str
    price: int
    stock: int
    favourite: bool
    active: bool
    min_stock: int
    picture: bytes


_TILE = (
    "SELECT id, code, name, category, unit, price, stock, favourite, active, min_stock, picture"
    " FROM product"
)


def _tile(row: Any) -> Tile:
    return Tile(
        bytes(row[0]),
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        row[6],
        bool(row[7]),
        bool(row[8]),
        row[9],
        bytes(row[10]),
    )


def search(db: Database, text: str, limit: int = 20) -> list[Tile]:
    """Active products that a typed text means, best first."""
    return tiles(db, find(db.raw, text, limit))


def tiles(db: Database, product_ids: Sequence[bytes]) -> list[Tile]:
    """Those of these products that are active, in this order."""
    if not product_ids:
        return []
    marks = ",".join("?" * len(product_ids))
    rows = db.rows(f"{_TILE} WHERE active=1 AND id IN ({marks})", product_ids)
    found = {bytes(row[0]): _tile(row) for row in rows}
    return [found[one] for one in product_ids if one in found]


def favourites(db: Database, limit: int = 60) -> list[Tile]:
    """Products marked by hand; where there are none, the most sold."""
    rows = db.rows(
        f"{_TILE} WHERE active=1 AND favourite=1 ORDER BY sold DESC, sort_name LIMIT ?", (limit,)
    )
    if not rows:
        rows = db.rows(f"{_TILE} WHERE active=1 AND sold>0 ORDER BY sold DESC LIMIT ?", (limit,))
    return [_tile(row) for row in rows]


def categories(db: Database) -> list[tuple[str, int]]:
    """Categories with their number of active products, by name."""
    return [
        (row[0], row[1])
        for row in db.rows(
            "SELECT category, count(*) FROM product WHERE active=1 AND category<>''"
            " GROUP BY category ORDER BY category"
        )
    ]


def in_category(db: Database, category: str, limit: int = 200) -> list[Tile]:
    """The active products of a category, most sold first."""
    rows = db.rows(
        f"{_TILE} WHERE active=1 AND category=? ORDER BY sold DESC, sort_name LIMIT ?",
        (category, limit),
    )
    return [_tile(row) for row in rows]
