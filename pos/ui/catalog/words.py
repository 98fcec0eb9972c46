"""Words for codes about goods: reasons, kinds of movement, tax classes, fields of a file."""

from __future__ import annotations

from collections.abc import Callable

from core.halal import BY_CATEGORY, IN_SHOPS, NOT_HALAL, OWN_NUMBER, UNSAID
from pos.ui.foundation.tokens import Tone
from pos.ui.i18n import _

_REASONS: dict[str, Callable[[], str]] = {
    "broken": lambda: _("Rusak"),
    "expired": lambda: _("Kedaluwarsa"),
    "lost": lambda: _("Hilang"),
    "own_use": lambda: _("Dipakai sendiri"),
    "gift": lambda: _("Diberikan"),
    "found": lambda: _("Ditemukan"),
    "count": lambda: _("Hitung stok"),
    "waste": lambda: _("Dibuang"),
}
_MOVEMENTS: dict[str, Callable[[], str]] = {
    "opening": lambda: _("Stok awal"),
    "received": lambda: _("Diterima"),
    "sale": lambda: _("Penjualan"),
    "refund": lambda: _("Pengembalian"),
    "import_taken_back": lambda: _("Impor dibatalkan"),
    "before": lambda: _("Jumlah sebelumnya"),
}
LEVEL_TONES: dict[str, Tone] = {"negative": "bad", "out": "warn", "low": "warn"}
"""The colours of stock levels that ask for something."""
TAX_WORDS: dict[str, Callable[[], str]] = {
    "kena": lambda: _("Kena pajak"),
    "bebas": lambda: _("Bebas pajak"),
    "tidak_dipungut": lambda: _("Pajak tidak dipungut"),
    "bukan_objek": lambda: _("Bukan objek pajak"),
    "mewah": lambda: _("Barang mewah"),
}
HALAL_WORDS: dict[str, Callable[[], str]] = {
    BY_CATEGORY: lambda: _("Seperti kategorinya"),
    IN_SHOPS: lambda: _("Tercantum di sertifikat halal toko"),
    OWN_NUMBER: lambda: _("Sertifikat halal pembuatnya"),
    NOT_HALAL: lambda: _("Tidak halal"),
    UNSAID: lambda: _("Tidak disebut"),
}
FIELD_WORDS: dict[str, Callable[[], str]] = {
    "name": lambda: _("Nama barang"),
    "code": lambda: _("Kode"),
    "barcode": lambda: _("Kode batang"),
    "category": lambda: _("Kategori"),
    "brand": lambda: _("Merek"),
    "unit": lambda: _("Satuan"),
    "price": lambda: _("Harga jual"),
    "cost": lambda: _("Harga beli"),
    "stock": lambda: _("Stok"),
    "min_stock": lambda: _("Stok minimum"),
    "wholesale_price": lambda: _("Harga grosir"),
    "wholesale_quantity": lambda: _("Jumlah minimum grosir"),
    "unit2": lambda: _("Satuan 2"),
    "factor2": lambda: _("Isi satuan 2"),
    "price2": lambda: _("Harga satuan 2"),
    "barcode2": lambda: _("Kode batang satuan 2"),
    "unit3": lambda: _("Satuan 3"),
    "factor3": lambda: _("Isi satuan 3"),
    "price3": lambda: _("Harga satuan 3"),
    "barcode3": lambda: _("Kode batang satuan 3"),
}
VERDICT_WORDS: dict[str, Callable[[], str]] = {
    "new": lambda: _("Baru"),
    "changed": lambda: _("Berubah"),
    "unchanged": lambda: _("Tetap"),
    "warned": lambda: _("Perlu dilihat"),
    "refused": lambda: _("Ditolak"),
}


def reason_word(reason: str) -> str:
    """A reason for setting stock right, in the language in force."""
    return _REASONS[reason]()


def movement_word(kind: str) -> str:
    """A movement's kind: "sale", "received", "adjusted:lost"."""
    head, _colon, reason = kind.partition(":")
    if head == "adjusted" and reason in _REASONS:
        return _REASONS[reason]()
    return _MOVEMENTS[kind]() if kind in _MOVEMENTS else kind
