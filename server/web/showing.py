"""Figures, dates and codes as people read them, in one language and one shop's zone."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from core.dates import (
    business_date,
    format_clock,
    format_day,
    format_short_day,
    format_weekday,
)
from core.gtin import display_form
from core.halal import BY_CATEGORY, IN_SHOPS, NOT_HALAL, OWN_NUMBER, UNSAID
from core.money import format_rupiah
from core.quantity import format_quantity, show_quantity
from core.sync.codes import show_digits
from server.web.language import N_, Words

TENDERS: Final = {
    "cash": N_("Tunai"),
    "qris": N_("QRIS"),
    "card": N_("Kartu"),
    "ewallet": N_("Dompet digital"),
    "transfer": N_("Transfer"),
    "credit": N_("Kasbon"),
    "balance": N_("Potong gaji"),
    "online": N_("Dibayar online"),
}
TYPES: Final = {
    "sale": N_("Penjualan"),
    "refund": N_("Pengembalian"),
    "exchange": N_("Penukaran"),
}
_MOVES: Final = {
    "opening": N_("Stok awal"),
    "received": N_("Barang masuk"),
    "sale": N_("Penjualan"),
    "refund": N_("Pengembalian"),
    "import_taken_back": N_("Impor dibatalkan"),
    "merged": N_("Disatukan"),
    "broken": N_("Rusak"),
    "expired": N_("Kedaluwarsa"),
    "lost": N_("Hilang"),
    "own_use": N_("Dipakai sendiri"),
    "gift": N_("Diberikan"),
    "found": N_("Ditemukan"),
    "count": N_("Hitung stok"),
    "waste": N_("Dibuang"),
}
FIELDS: Final = {
    "name": N_("Nama"),
    "code": N_("Kode"),
    "category": N_("Kategori"),
    "brand": N_("Merek"),
    "unit": N_("Satuan"),
    "units": N_("Satuan lain"),
    "barcodes": N_("Kode batang"),
    "tiers": N_("Harga bertingkat"),
    "price": N_("Harga jual"),
    "cost": N_("Harga beli"),
    "tax_class": N_("Golongan pajak"),
    "min_stock": N_("Stok minimum"),
    "favourite": N_("Favorit"),
    "fractional": N_("Dijual pecahan"),
    "online": N_("Dijual online"),
    "picture": N_("Gambar"),
    "halal": N_("Halal"),
    "active": N_("Dipakai"),
    "phone": N_("Telepon"),
    "note": N_("Catatan"),
    "credit_limit": N_("Batas kasbon"),
    "balance_limit": N_("Batas potong gaji sebulan"),
    "member_no": N_("Nomor anggota"),
    "role": N_("Peran"),
    "permissions": N_("Izin"),
    "shop_name": N_("Nama toko"),
    "address": N_("Alamat"),
    "receipt_footer": N_("Kaki struk"),
    "zone": N_("Zona waktu"),
    "day_close_minutes": N_("Hari ditutup pukul"),
    "default_credit_limit": N_("Batas kasbon pelanggan baru"),
    "cash_step": N_("Pembulatan tunai"),
    "gerai_open": N_("Gerai dibuka"),
    "gerai_story": N_("Cerita toko"),
    "gerai_whatsapp": N_("Nomor WhatsApp"),
    "gerai_map": N_("Tautan peta"),
    "gerai_hours": N_("Jam buka"),
    "gerai_holidays": N_("Libur"),
    "gerai_collect": N_("Ambil di toko"),
    "gerai_areas": N_("Ongkos antar"),
    "gerai_courier": N_("Kurir"),
    "gerai_logo": N_("Logo"),
    "gerai_banner": N_("Spanduk"),
    "gerai_travel_hours": N_("Jam kurir di jalan"),
    "gerai_face": N_("Wajah gerai"),
    "gerai_term_hours": N_("Jam sampai perlu dikonfirmasi"),
    "gerai_auto_accept": N_("Pesanan diterima langsung"),
    "gerai_pay_here": N_("Pesanan dibayar saat diterima"),
    "gerai_pay_ahead": N_("Pesanan dibayar dulu ke toko"),
    "gerai_accept_minutes": N_("Menit toko menjawab pesanan"),
    "gerai_agree_minutes": N_("Menit pembeli menjawab tawaran"),
    "gerai_pay_minutes": N_("Menit pembeli membayar di muka"),
    "gerai_collect_hours": N_("Jam pembeli mengambil"),
    "gerai_inspect_hours": N_("Jam pembeli boleh mengeluh"),
    "gerai_answer_hours": N_("Jam toko menjawab keluhan"),
    "gerai_settle_hours": N_("Jam pembeli menyetujui jawaban"),
    "gerai_district": N_("Kecamatan"),
    "seller_owner": N_("Penanggung jawab"),
    "seller_email": N_("Surel"),
    "seller_nib": N_("NIB"),
    "seller_permits": N_("Izin P-IRT dan BPOM"),
    "seller_halal": N_("Halal"),
    "seller_halal_number": N_("Nomor sertifikat halal"),
    "seller_halal_until": N_("Sertifikat halal berlaku sampai"),
    "seller_halal_goods": N_("Halal tiap kategori"),
    "seller_returns": N_("Tukar dan pengembalian"),
    "tax_basis_points": N_("Tarif pajak"),
}
_MONEY: Final = frozenset(
    {"price", "cost", "credit_limit", "balance_limit", "default_credit_limit", "cash_step"}
)
_UNREADABLE_VALUE: Final = frozenset(
    {
        "picture",
        "permissions",
        "gerai_hours",
        "gerai_holidays",
        "gerai_areas",
        "gerai_face",
        "gerai_courier",
        "gerai_logo",
        "gerai_banner",
        "seller_halal",
        "seller_halal_goods",
    }
)
HALAL: Final = {
    BY_CATEGORY: N_("Seperti kategorinya"),
    IN_SHOPS: N_("Tercantum di sertifikat halal toko"),
    OWN_NUMBER: N_("Sertifikat halal pembuatnya"),
    NOT_HALAL: N_("Tidak halal"),
    UNSAID: N_("Tidak disebut"),
}
TAX_CLASSES: Final = {
    "kena": N_("Kena pajak"),
    "bebas": N_("Bebas pajak"),
    "tidak_dipungut": N_("Pajak tidak dipungut"),
    "bukan_objek": N_("Bukan objek pajak"),
    "mewah": N_("Barang mewah"),
}
CODES: Final = {
    "over_refund": N_("Dikembalikan lebih banyak daripada yang dibeli."),
    "over_limit": N_("Kasbon melewati batas pelanggan."),
    "unknown_reference": N_("Merujuk pada sesuatu yang belum sampai di sini."),
    "order_step_void": N_(
        "Langkah pesanan ini tidak mungkin lagi ketika sampai, jadi tidak berlaku."
    ),
    "number_again": N_("Nomor struk ini sudah pernah dipakai di kasir yang sama."),
    "unknown_kind": N_("Catatan dari Huyula yang lebih baru; dihitung setelah server diperbarui."),
    "unreadable": N_("Isinya tidak dapat dibaca. Catatan lain dari kasir ini tidak terganggu."),
    "damaged": N_("Isinya rusak di kasir (tidak cocok dengan segelnya)."),
    "revoked": N_("Datang dari kasir yang sudah dicabut."),
    "unconfirmed": N_("Datang dari kasir yang belum Anda pastikan."),
    "server_only": N_("Catatan seperti ini hanya boleh ditulis server."),
}
KINDS: Final = {
    "sale_completed": N_("Penjualan"),
    "debt_repaid": N_("Bayar kasbon"),
    "product_added": N_("Barang baru"),
    "product_changed": N_("Barang diubah"),
    "catalog_imported": N_("Impor barang"),
    "import_taken_back": N_("Impor dibatalkan"),
    "customer_added": N_("Pelanggan baru"),
    "customer_changed": N_("Pelanggan diubah"),
    "stock_received": N_("Barang masuk"),
    "stock_adjusted": N_("Stok diperbaiki"),
    "shift_opened": N_("Shift dibuka"),
    "shift_closed": N_("Shift ditutup"),
    "cash_moved": N_("Kas masuk atau keluar"),
    "drawer_opened": N_("Laci dibuka"),
    "settings_changed": N_("Pengaturan diubah"),
    "tender_swapped": N_("Cara bayar diganti"),
    "refund_settled": N_("Uang dikembalikan lewat bank"),
    "receipt_copied": N_("Salinan struk"),
    "staff_added": N_("Petugas baru"),
    "staff_changed": N_("Petugas diubah"),
    "cart_parked": N_("Keranjang disimpan"),
    "cart_fetched": N_("Keranjang diambil"),
    "line_opened": N_("Riwayat kasir dibuka"),
    "carried": N_("Dibawa dari riwayat lama"),
    "shop_joined": N_("Kasir bergabung"),
    "pin_changed": N_("PIN diganti"),
    "business_date_confirmed": N_("Tanggal dipastikan"),
    "sync_differed": N_("Selisih angka dengan kasir"),
}
TABLES: Final = {
    "product": N_("Barang"),
    "customer": N_("Pelanggan"),
    "staff": N_("Petugas"),
    "setting": N_("Pengaturan"),
}
ROLES: Final = {"owner": N_("Pemilik"), "manager": N_("Manajer"), "viewer": N_("Melihat saja")}
STAFF_ROLES: Final = {
    "owner": N_("Pemilik"),
    "manager": N_("Manajer"),
    "cashier": N_("Petugas kasir"),
}
_MINUTE_S: Final = 60
_NOT_OF_THE_FORM: Final = (
    msgspec.DecodeError, RecursionError, TypeError, ValueError, LookupError, AttributeError,
)  # fmt: skip


class Show:
    """How values are shown to one reader."""

    def __init__(self, words: Words, zone: str = "Asia/Makassar", now_ms: int = 0) -> None:
        """In a language, on the clock of a zone."""
        self._words = words
        self._zone = zone
        self._now_ms = now_ms
        self._language = words.language

    def rupiah(self, amount: int) -> str:
        """ "Rp 1.250.000", with a real minus sign."""
        text = format_rupiah(abs(amount)).replace(" ", "\u00a0", 1)
        return f"\u2212{text}" if amount < 0 else text

    def bare(self, amount: int) -> str:
        """The same without the currency, as it is typed into a field."""
        return format_rupiah(amount, symbol=False)

    def quantity(self, qty: int) -> str:
        """Thousandths as "1.234" or "0,25"; a real minus sign."""
        text = show_quantity(abs(qty), self._language)
        return f"\u2212{text}" if qty < 0 else text

    def plain_quantity(self, qty: int) -> str:
        """As it is typed into a field (`core.quantity.parse_written`)."""
        return format_quantity(qty, decimal="." if self._language == "en" else ",")

    def number(self, count: int) -> str:
        """A count with marks at the thousands."""
        text = f"{count:,}"
        return text if self._language == "en" else text.replace(",", ".")

    def signed(self, qty: int) -> str:
        """A quantity with its sign, also where it is plus."""
        return f"+{self.quantity(qty)}" if qty > 0 else self.quantity(qty)

    def day(self, iso: str) -> str:
        """ "24 November 2026"."""
        return format_day(iso, self._language)

    def weekday(self, iso: str) -> str:
        """ "Selasa"."""
        return format_weekday(iso, self._language)

    def short_day(self, iso: str) -> str:
        """ "24 Nov 2026"."""
        return format_short_day(iso, self._language)

    def clock(self, at_ms: int) -> str:
        """ "14.05"."""
        return format_clock(at_ms, self._zone, self._language)

    def moment(self, at_ms: int) -> str:
        """ "24 Nov 2026 14.05" of the shop's clock."""
        return f"{self.short_day(business_date(at_ms, self._zone, 0))} {self.clock(at_ms)}"

    def ago(self, at_ms: int) -> str:
        """How long ago, in one unit."""
        seconds = max(0, (self._now_ms - at_ms) // 1000)
        if seconds < 2 * _MINUTE_S:
            return self._words._("baru saja")
        minutes = seconds // _MINUTE_S
        if minutes < 120:
            return self._words.ngettext("{n} menit lalu", "{n} menit lalu", minutes)
        hours = minutes // 60
        if hours < 48:
            return self._words.ngettext("{n} jam lalu", "{n} jam lalu", hours)
        return self._words.ngettext("{n} hari lalu", "{n} hari lalu", hours // 24)

    def code(self, table: dict[str, str], code: str) -> str:
        """The word for a code; an unknown one stands for itself."""
        return self._words._(table[code]) if code in table else code

    def tender(self, kind: str) -> str:
        """A way of paying."""
        return self.code(TENDERS, kind)

    def type(self, kind: str) -> str:
        """A kind of receipt."""
        return self.code(TYPES, kind)

    def move(self, kind: str) -> str:
        """A movement of stock."""
        head, _, reason = kind.partition(":")
        return self.code(_MOVES, reason if head == "adjusted" else head)

    def digits(self, check: str) -> str:
        """The six digits that a new counter shows too."""
        return show_digits(check)

    def field(self, name: str) -> str:
        """A field of a document."""
        return self.code(FIELDS, name)

    def reason(self, code: str) -> str:
        """Why an entry is flagged or waits."""
        return self.code(CODES, code)

    def kind(self, kind: str) -> str:
        """What an entry is about."""
        return self.code(KINDS, kind)

    def table(self, name: str) -> str:
        """A kind of document."""
        return self.code(TABLES, name)

    def role(self, name: str) -> str:
        """What somebody may do in a shop."""
        return self.code(ROLES, name)

    def value(self, field: str, text: str) -> str:
        """A field's value (JSON text) in words; as it is where it is of no form that is known here:
        a newer counter may have written it, or one that nobody trusts."""
        try:
            return self._in_words(field, msgspec.json.decode(text))
        except _NOT_OF_THE_FORM:
            return text

    def _in_words(self, field: str, value: Any) -> str:
        if field == "halal":
            return self.halal(str(value))
        if value is None or value == "" or value == []:
            return self._words._("(kosong)")
        if isinstance(value, bool):
            return self._words._("ya") if value else self._words._("tidak")
        if isinstance(value, int):
            return self._number_of(field, value)
        if field in _UNREADABLE_VALUE:
            return self._words._("(berubah)")
        if isinstance(value, list):
            return ", ".join(self._listed(field, one) for one in value)
        if field == "role":
            return self.code(STAFF_ROLES, str(value))
        return self.tax_class(value) if field == "tax_class" else str(value)

    def _listed(self, field: str, one: Any) -> str:
        """One of a list: a unit with its content and price, a tier, a barcode, a line of text."""
        if not isinstance(one, list):
            return str(one)
        if field == "units":
            unit, factor, price = (*one, None)[:3]
            held = self._words._("{unit} isi {n}", unit=unit, n=self.number(factor))
            return held if price is None else f"{held} {self.rupiah(price)}"
        if field == "tiers":
            least, price = one
            return self._words._(
                "mulai {qty}: {price}", qty=self.quantity(least), price=self.rupiah(price)
            )
        if field == "barcodes":
            return display_form(one[0])
        return str(one[0])

    def tax_class(self, code: str) -> str:
        """How goods are taxed."""
        return self.code(TAX_CLASSES, code)

    def halal(self, text: str) -> str:
        """What a product says of itself; a number stands for itself."""
        return self.code(HALAL, text)

    def _number_of(self, field: str, value: int) -> str:
        if field in _MONEY:
            return self.rupiah(value)
        if field == "min_stock":
            return self.quantity(value)
        if field == "day_close_minutes":
            return f"{value // 60:02}.{value % 60:02}"
        return self.number(value)
