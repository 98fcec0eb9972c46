"""A sample shop to try the counter with: goods that a warung in Limboto might have."""

from __future__ import annotations

from core.facts.catalog import (
    BarcodeRecord,
    CatalogImported,
    OpeningStock,
    ProductRecord,
    TierRecord,
    UnitRecord,
)
from core.gtin import check_digit, normal_form
from core.quantity import extend
from core.units import is_measured
from pos.catalog.indexing import rebuild
from pos.counter import Counter

# name, category, brand, unit, price, cost, stock, larger unit with factor and price, tier
_GOODS: tuple[tuple[str, str, str, str, int, int, int], ...] = (
    ("Beras Ciherang", "Sembako", "", "kg", 14_500, 13_200, 240),
    ("Gula pasir", "Sembako", "", "kg", 17_500, 16_000, 85),
    ("Minyak goreng 1 L", "Sembako", "Tomini", "botol", 19_500, 17_800, 36),
    ("Tepung terigu 1 kg", "Sembako", "", "bungkus", 12_500, 11_200, 30),
    ("Telur ayam", "Sembako", "", "butir", 2_200, 1_900, 300),
    ("Garam halus 250 g", "Sembako", "", "bungkus", 3_000, 2_300, 40),
    ("Jagung pulut (binte)", "Sembako", "", "kg", 9_000, 7_000, 60),
    ("Mi goreng pedas 85 g", "Mi & bumbu", "Huyula", "bungkus", 3_500, 2_900, 200),
    ("Mi kuah ayam bawang 70 g", "Mi & bumbu", "Huyula", "bungkus", 3_200, 2_700, 160),
    ("Kecap manis 135 ml", "Mi & bumbu", "", "botol", 9_500, 8_100, 24),
    ("Rica bubuk 50 g", "Mi & bumbu", "Danau", "bungkus", 6_000, 4_500, 18),
    ("Penyedap rasa sachet", "Mi & bumbu", "", "sachet", 1_000, 750, 120),
    ("Kopi bubuk Pinogu 165 g", "Kopi & teh", "Pinogu", "bungkus", 24_000, 19_000, 22),
    ("Teh celup isi 25", "Kopi & teh", "", "kotak", 8_500, 7_000, 20),
    ("Gula merah (pahangga)", "Kopi & teh", "", "kg", 28_000, 23_000, 15),
    ("Air mineral 600 ml", "Minuman", "Botu", "botol", 4_000, 2_900, 144),
    ("Air mineral 1,5 L", "Minuman", "Botu", "botol", 7_000, 5_600, 48),
    ("Susu kental manis 370 g", "Minuman", "", "kaleng", 13_500, 12_000, 24),
    ("Teh kotak 200 ml", "Minuman", "", "kotak", 4_500, 3_600, 60),
    ("Sabun mandi 85 g", "Mandi & cuci", "Olele", "pcs", 4_800, 3_900, 50),
    ("Sampo sachet", "Mandi & cuci", "Olele", "sachet", 1_000, 800, 200),
    ("Pasta gigi 120 g", "Mandi & cuci", "", "pcs", 12_000, 10_200, 18),
    ("Detergen bubuk 800 g", "Mandi & cuci", "", "bungkus", 21_500, 18_900, 20),
    ("Biskuit kelapa 300 g", "Jajanan", "", "bungkus", 9_500, 7_900, 26),
    ("Keripik pisang goroho 100 g", "Jajanan", "UKM Telaga", "bungkus", 12_000, 9_000, 25),
    ("Kue karawo kaleng", "Jajanan", "UKM Limboto", "kaleng", 65_000, 52_000, 10),
    ("Kerupuk ikan 200 g", "Jajanan", "UKM Batudaa", "bungkus", 15_000, 11_500, 20),
    ("Cakalang fufu", "Ikan & beku", "", "ekor", 45_000, 36_000, 12),
    ("Bawang merah", "Sayur", "", "kg", 38_000, 31_000, 18),
    ("Cabai rawit", "Sayur", "", "kg", 60_000, 48_000, 9),
)
_FAVOURITES = frozenset({"Beras Ciherang", "Telur ayam", "Air mineral 600 ml", "Gula pasir"})
_PACKS: dict[str, tuple[str, int, int | None]] = {
    "Mi goreng pedas 85 g": ("dus", 40, 128_000),
    "Mi kuah ayam bawang 70 g": ("dus", 40, 118_000),
    "Air mineral 600 ml": ("dus", 24, 82_000),
    "Telur ayam": ("rak", 30, 62_000),
    "Sampo sachet": ("renteng", 12, 11_000),
}
_TIERS = {"Beras Ciherang": (25_000, 14_000), "Air mineral 600 ml": (12_000, 3_700)}


def add_sample_goods(counter: Counter) -> int:
    """Write the sample goods into a shop; returns how many."""
    products = [_record(counter, number, row) for number, row in enumerate(_GOODS, 1)]
    opening = [
        OpeningStock(record.product_id, row[6] * 1000, extend(record.cost or 0, row[6] * 1000))
        for record, row in zip(products, _GOODS, strict=True)
    ]
    with counter.transaction() as tx:
        tx.append(
            CatalogImported(counter.new_id(), 0, "contoh", tuple(products), tuple(opening), ())
        )
        rebuild(tx.db)
    return len(products)


def sample_barcode(number: int, *, pack: bool = False) -> str:
    """The made-up in-house EAN-13 of a sample product (prefix 29: never a real article)."""
    digits = f"29{9 if pack else 0}{number:09d}"
    return digits + check_digit(digits)


def _record(
    counter: Counter, number: int, row: tuple[str, str, str, str, int, int, int]
) -> ProductRecord:
    name, category, brand, unit, price, cost, _ = row
    barcodes = [BarcodeRecord(normal_form(sample_barcode(number)), unit)]
    units: tuple[UnitRecord, ...] = ()
    if name in _PACKS:
        pack, factor, pack_price = _PACKS[name]
        units = (UnitRecord(pack, factor, pack_price),)
        barcodes.append(BarcodeRecord(normal_form(sample_barcode(number, pack=True)), pack))
    tiers = (TierRecord(*_TIERS[name]),) if name in _TIERS else ()
    return ProductRecord(
        counter.new_id(),
        f"B{number:03d}",
        name,
        category,
        brand,
        unit,
        price,
        cost,
        favourite=name in _FAVOURITES,
        fractional=is_measured(unit),
        units=units,
        barcodes=tuple(barcodes),
        tiers=tiers,
        online=True,
    )
