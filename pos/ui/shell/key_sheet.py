"""The sheet of keys (Ctrl+/): those in force at this counter, and those that never change."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from pos.ui.i18n import _
from pos.ui.keys.keymap import key_of
from pos.ui.widgets.sheets import KeyLine, KeySheet


def key_sheet(window: QWidget) -> KeySheet:
    """All keys of the counter."""
    sheet = KeySheet(
        "keys",
        (
            (
                lambda: _("Penjualan"),
                (
                    KeyLine(key_of("find"), lambda: _("cari barang")),
                    KeyLine(key_of("customer"), lambda: _("pelanggan")),
                    KeyLine(key_of("price_check"), lambda: _("cek harga")),
                    KeyLine(key_of("quantity"), lambda: _("jumlah")),
                    KeyLine(key_of("park"), lambda: _("parkir")),
                    KeyLine(key_of("parked"), lambda: _("ambil yang diparkir")),
                    KeyLine(key_of("discount"), lambda: _("diskon")),
                    KeyLine(key_of("pay"), lambda: _("bayar")),
                    KeyLine(key_of("more"), lambda: _("lainnya")),
                    KeyLine(key_of("lock"), lambda: _("kunci")),
                ),
            ),
            (
                lambda: _("Keranjang"),
                (
                    KeyLine("3*", lambda: _("tiga buah dari barang berikut")),
                    KeyLine("5000r", lambda: _("barang timbangan seharga Rp 5.000")),
                    KeyLine("+ -", lambda: _("satu lebih, satu kurang")),
                    KeyLine(key_of("unit"), lambda: _("satuan lain")),
                    KeyLine(key_of("price"), lambda: _("ubah harga")),
                    KeyLine(key_of("note"), lambda: _("catatan")),
                    KeyLine(key_of("tiles"), lambda: _("ubin barang")),
                    KeyLine(key_of("remove"), lambda: _("hapus baris")),
                    KeyLine(key_of("undo"), lambda: _("batalkan")),
                    KeyLine(key_of("clear"), lambda: _("kosongkan")),
                    KeyLine(key_of("new_product"), lambda: _("barang baru dari pindaian")),
                ),
            ),
            (
                lambda: _("Di semua halaman"),
                (
                    KeyLine("F1", lambda: _("bantuan")),
                    KeyLine("F11", lambda: _("layar penuh")),
                    KeyLine("Ctrl+O", lambda: _("pesanan online")),
                    KeyLine("Ctrl+/", lambda: _("daftar tombol ini")),
                    KeyLine("Esc", lambda: _("kembali")),
                ),
            ),
            (
                lambda: _("Laptop"),
                (
                    KeyLine("Ctrl+1 … 9", lambda: _("sama dengan F1 sampai F9")),
                    KeyLine("Ctrl+0", lambda: _("sama dengan F10")),
                ),
            ),
        ),
        window,
    )
    sheet.closed.connect(sheet.deleteLater)
    return sheet
