"""A market of many gerai for benchmarks: shops, goods and the index of the search, copied in.

Names are of a good, a maker and a size, some goods far more frequent than others, so that a search
for the commonest word finds a share of all there is. What is copied into the index is what a
rebuild would make: the benchmark proves it for some shops.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg

from core.text import fold
from server.db.schema import shop_tables
from server.db.schema.directory import gerai_name, known_shop
from server.db.schema.search import search_gerai, search_product
from server.search.following import follow_all
from server.services import Services
from server.shops.adding import add_shop
from server.storefront.addresses import claim
from server.storefront.districts import districts
from tests.helpers.web_gerai import WEEK, set_gerai

_GOODS_TEXT: Final = (
    "Gula Pasir|Beras|Minyak Goreng|Mi Instan|Telur Ayam|Kopi Bubuk|Teh Celup|Sabun Mandi|"
    "Sampo|Tepung Terigu|Kecap Manis|Garam Halus|Sambal Roa|Ikan Cakalang|Abon Ikan|"
    "Kue Karawo|Air Mineral|Susu Kental|Biskuit|Keripik Pisang|Gula Aren|Jagung Pipil|"
    "Santan Kelapa|Bawang Merah|Cabai Rawit|Pasta Gigi|Sikat Gigi|Deterjen|Pewangi Pakaian|"
    "Popok Bayi|Buku Tulis|Pulpen|Pensil|Kain Batik|Kerudung|Kaus Anak|Sandal Jepit|"
    "Ember Plastik|Sapu Lidi|Lampu LED|Baterai|Kabel Data|Kerupuk Udang|Permen Jahe|"
    "Cokelat Batang|Madu Hutan|Minyak Kelapa|Obat Nyamuk|Tisu Wajah|Roti Tawar|Selai Kacang|"
    "Sirup Markisa|Kacang Tanah|Ubi Ungu|Pisang Goroho|Tahu Putih|Tempe|Bakso Sapi|"
    "Nugget Ayam|Es Krim"
)
GOODS: Final = _GOODS_TEXT.split("|")
_MAKERS_TEXT: Final = (
    "Danau|Limboto|Hulonthalo|Boliyohuto|Pinogu|Tilongkabila|Bone|Tomini|Maleo|Karawo|"
    "Otanaha|Dulamayo|Sumber Jaya|Berkah|Mekar|Sinar|Cahaya|Bahari|Melati|Kenanga|Anggrek|"
    "Rajawali|Cendrawasih|Merpati|Surya|Bintang|Mustika|Kencana|Permata|Nusantara|Lestari|"
    "Makmur|Sejahtera|Abadi|Rahmat|Fitri"
)
_MAKERS: Final = _MAKERS_TEXT.split("|")
_SIZES_TEXT: Final = "250 g|500 g|1 kg|2 kg|5 kg|100 ml|600 ml|1 L|isi 10|isi 25|kecil|besar"
_SIZES: Final = _SIZES_TEXT.split("|")
_CATEGORIES_TEXT: Final = "Sembako|Minuman|Kue|Rumah|Sekolah|Pakaian|Lauk|Sayur"
_CATEGORIES: Final = _CATEGORIES_TEXT.split("|")
PRODUCTS_A_SHOP: Final = 100


def fill(address: str, services: Services, shops: int) -> list[str]:
    """So many shops with a hundred goods each; returns the gerai's addresses. `address`: as a
    superuser, since COPY is refused to a role under row-level security."""
    first = add_shop(services, "Toko Contoh").id
    set_gerai(services, first, gerai_open=True, gerai_hours=WEEK, gerai_district="75.01.01")
    claim(services, first, "toko-contoh")
    follow_all(services)
    chance = random.Random(4)
    made = [(uuid.UUID(int=(number << 80) + 7), number) for number in range(1, shops)]
    with psycopg.connect(address) as connection:
        _copy_shops(connection, uuid.UUID(bytes=first), made)
        _copy_goods(connection, made, chance)
        connection.execute("INSERT INTO search_word VALUES " + _words() + " ON CONFLICT DO NOTHING")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return [_name(number) for _, number in made]


def _name(number: int) -> str:
    return f"toko-{number}-gorontalo"


def _words() -> str:
    found = {word for text in (*GOODS, *_MAKERS, *_CATEGORIES) for word in fold(text).split()}
    return ", ".join(f"('{word}')" for word in sorted(found) if len(word) > 2 and word.isalpha())


def _copy_shops(
    connection: psycopg.Connection[Any], first: uuid.UUID, made: Sequence[tuple[uuid.UUID, int]]
) -> None:
    """The first shop's rows under other ids, names and kecamatan."""
    codes = list(districts())
    for table in (*shop_tables(), known_shop, gerai_name, search_gerai):
        names = [column.name for column in table.columns]
        owner = next(name for name in names if name in ("shop_id", "shop", "owner"))
        columns = ", ".join(f'"{name}"' for name in names)
        found = connection.execute(
            f"SELECT {columns} FROM {table.name} WHERE {owner} = %s", [first]
        ).fetchall()
        rows = [dict(zip(names, row, strict=True)) for row in found]
        with connection.cursor().copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for shop, number in made if rows else ():
                for row in rows:
                    other = _other(row, number, codes[number % len(codes)])
                    copy.write_row([{**other, owner: shop}[name] for name in names])


def _other(row: dict[str, Any], number: int, code: str) -> dict[str, Any]:
    said = {
        "Toko Contoh": f"Toko {number} Gorontalo",
        fold("Toko Contoh"): fold(f"Toko {number} Gorontalo"),
        "toko-contoh": _name(number),
    }
    other = {name: said.get(value, value) for name, value in row.items()}
    for name, value in other.items():
        if isinstance(value, str) and name in ("value", "district", "reckoned"):
            other[name] = value.replace("75.01.01", code)
    return other


def _copy_goods(
    connection: psycopg.Connection[Any],
    made: Sequence[tuple[uuid.UUID, int]],
    chance: random.Random,
) -> None:
    (words,) = connection.execute(
        "SELECT pg_get_indexdef('ix_search_product_words'::regclass)"
    ).fetchone() or ("",)
    connection.execute("DROP INDEX ix_search_product_words")
    weights = [1 / (rank + 1) ** 0.5 for rank in range(len(GOODS))]
    _copy(connection, "product_stock", _stock_rows(made))
    connection.execute(
        "CREATE TEMP TABLE told (shop uuid, id uuid, name text, category text, price bigint)"
    )
    with connection.cursor().copy("COPY told FROM STDIN") as copy:
        for shop, number in made:
            picked = chance.choices(GOODS, weights, k=PRODUCTS_A_SHOP)
            for place, good in enumerate(picked):
                name = f"{good} {chance.choice(_MAKERS)} {chance.choice(_SIZES)}"
                category = _CATEGORIES[GOODS.index(good) % len(_CATEGORIES)]
                price = chance.randrange(10, 1_000) * 100
                copy.write_row((shop, _product_id(number, place), name, category, price))
    _fold_names(connection)
    connection.execute(_PRODUCTS)
    connection.execute(_INDEX)
    connection.execute(words)


def _product_id(number: int, place: int) -> uuid.UUID:
    return uuid.UUID(int=(number << 80) + (place << 8) + 9)


def _stock_rows(made: Sequence[tuple[uuid.UUID, int]]) -> Iterator[tuple[Any, ...]]:
    for shop, number in made:
        for place in range(PRODUCTS_A_SHOP):
            qty = 0 if place % 7 == 0 else 20_000
            yield shop, _product_id(number, place), qty, qty // 1000 * 8_000, 8_000, 0, 1


def _copy(connection: psycopg.Connection[Any], table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _fold_names(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TEMP TABLE folds (name text, folded text)")
    rows = connection.execute(
        "SELECT DISTINCT name FROM told UNION SELECT DISTINCT category FROM told"
    )
    names = [name for (name,) in rows]
    _copy(connection, "folds", ((name, fold(name)) for name in names))


_COLUMNS: Final = ", ".join(f'"{column.name}"' for column in search_product.columns)
_PRODUCTS: Final = (
    "INSERT INTO product (shop_id, product_id, code, name, sort_name, category, brand, unit, price,"
    " tax_class, min_stock, favourite, fractional, online, units, barcodes, tiers, picture, active,"
    " halal, import_id) SELECT t.shop, t.id, '', t.name, f.folded, t.category, '', 'pcs',"
    " t.price, '', 0, false, false, true, '[]', '[]', '[]', '', true, '', ''"
    " FROM told t JOIN folds f USING (name)"
)
_INDEX: Final = (
    f"INSERT INTO search_product ({_COLUMNS}) SELECT t.shop, t.id, t.name,"
    " ' ' || f.folded || ' ' || c.folded || ' ', length(f.folded) + length(c.folded) + 3,"
    " t.category, c.folded,"
    " g.district, 'pcs', t.price, false, '', 0, 0, s.qty, 0, 0,"
    " CASE WHEN s.qty > 0 THEN g.term_ms ELSE -1 END"
    " FROM told t JOIN folds f USING (name) JOIN folds c ON c.name = t.category"
    " JOIN search_gerai g ON g.owner = t.shop"
    " JOIN product_stock s ON s.shop_id = t.shop AND s.product_id = t.id"
)
