"""A shop of many products, made the way an import makes it, for all that measures."""

from __future__ import annotations

import lzma
import os
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from core import cart as carts
from core.facts.catalog import BarcodeRecord, CatalogImported, OpeningStock, ProductRecord
from core.gtin import check_digit, normal_form
from core.pricing import price
from core.tender import TenderKind
from pos.catalog.goods import one_goods
from pos.catalog.importing import PART
from pos.catalog.indexing import rebuild
from pos.counter import Counter
from pos.device.witness import Witness
from pos.selling.sales import Tendered, complete_sale
from pos.shifts.drawer import start_shift
from pos.shop.founding import found_shop

NAMES_FILE = "product_names.csv.xz"
_WORDS = [
    "Beras",
    "Gula",
    "Kopi",
    "Teh",
    "Susu",
    "Minyak",
    "Sabun",
    "Sampo",
    "Biskuit",
    "Kecap",
    "Tepung",
    "Mi",
    "Keripik",
    "Sirup",
    "Bumbu",
    "Rica",
    "Jagung",
    "Cokelat",
    "Wafer",
    "Permen",
    "Deterjen",
    "Tisu",
    "Popok",
    "Baterai",
    "Lampu",
    "Sapu",
    "Ember",
    "Piring",
]


def names(count: int) -> Iterator[str]:
    """Real product names where `HUYULA_DATA` has them, else made-up ones; cycled with sizes."""
    folder = os.environ.get("HUYULA_DATA")
    file = Path(folder) / NAMES_FILE if folder else None
    if file is None or not file.exists():
        chance = random.Random(7)
        for number in range(count):
            words = chance.sample(_WORDS, 3)
            yield f"{' '.join(words)} {number % 97 * 10 + 10} g"
        return
    done = 0
    for turn in range(20):
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            next(lines)
            for line in islice(lines, count - done):
                name = line.rstrip("\n").partition(",")[2].strip('"')
                yield name if turn == 0 else f"{name} {turn} L"
                done += 1
        if done >= count:
            return


def barcode(number: int) -> str:
    """The made-up EAN-13 of the n-th product (Indonesian prefix)."""
    digits = f"899{number:09d}"
    return digits + check_digit(digits)


def big_shop(folder: Path, count: int) -> Counter:
    """Found a shop with so many products; its owner acts."""
    counter = found_shop(folder, "Toko Ukur", "Pemilik", witness=Witness(folder / "state"))
    import_goods(counter, count)
    return counter


def import_goods(counter: Counter, count: int, first: int = 0) -> bytes:
    """So many goods more, from the so-manieth on; the id of the import."""
    import_id = counter.new_id()
    source = enumerate(names(count), first)
    counter.db.run("PRAGMA cache_size=-262144")
    with counter.transaction() as tx:
        for part in range(-(-count // PART)):
            products = [_record(counter, number, name) for number, name in islice(source, PART)]
            opening = tuple(OpeningStock(one.product_id, 100_000, 100_000) for one in products)
            tx.append(CatalogImported(import_id, part, "ukur", tuple(products), opening, ()))
        rebuild(tx.db)
    counter.db.run("PRAGMA cache_size=-2000")
    counter.db.run("PRAGMA shrink_memory")
    return import_id


def sell_many(counter: Counter, sales: int, lines: int = 8) -> None:
    """So many sales of so many lines, of 2,000 of the shop's goods; in a shift that it opens."""
    goods = [bytes(row[0]) for row in counter.db.rows("SELECT id FROM product LIMIT 2000")]
    counter.db.run("PRAGMA synchronous=OFF")
    start_shift(counter, 0)
    for number in range(sales):
        cart = carts.EMPTY
        for step in range(lines):
            one = one_goods(counter.db, goods[(number * 13 + step * 7) % len(goods)])
            cart, _ = carts.add(cart, one, one.base_unit, 1_000)
        total = price(cart, counter.settings.tax).total
        complete_sale(counter, cart, [Tendered(TenderKind.CASH, total)])


def _record(counter: Counter, number: int, name: str) -> ProductRecord:
    return ProductRecord(
        counter.new_id(),
        f"U{number:06d}",
        name[:120],
        f"Kategori {number % 40}",
        "",
        "pcs",
        1_000 + number % 500 * 100,
        900,
        barcodes=(BarcodeRecord(normal_form(barcode(number)), "pcs"),),
    )
