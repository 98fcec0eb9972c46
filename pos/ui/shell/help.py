"""Help for each screen, five lines in plain words, and the sheet of keys."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from pos.ui.i18n import Text, _
from pos.ui.widgets.sheets import HelpSheet, KeyLine, KeySheet


def help_sheet(page: str, window: QWidget) -> HelpSheet:
    """What can be done on a page."""
    sheet = HelpSheet("help", _ANSWERS.get(page, _ANSWERS["selling"]), window)
    sheet.closed.connect(sheet.deleteLater)
    return sheet


_ANSWERS: dict[str, dict[Text, Text]] = {
    "selling": {
        lambda: _("Menambah barang"): lambda: _(
            "Pindai kode batangnya, atau ketik sebagian namanya lalu Enter. "
            "Salah ketik sedikit tetap ditemukan."
        ),
        lambda: _("Beberapa buah sekaligus"): lambda: _(
            "Ketik 3* lalu pindai. F5 mengubah jumlah baris yang dipilih; + dan - menambah satu."
        ),
        lambda: _("Menerima uang"): lambda: _("F9, ketik uangnya, Enter. Kosong berarti uang pas."),
        lambda: _("Pembeli menunggu sebentar"): lambda: _(
            "F6 memarkir keranjang, F7 mengambilnya lagi. Tidak ada yang hilang bila listrik padam."
        ),
        lambda: _("Keliru"): lambda: _(
            "Ctrl+Z membatalkan perubahan terakhir. Del menghapus baris."
        ),
    },
    "payment": {
        lambda: _("Uang pas"): lambda: _("Biarkan kolom kosong lalu Enter."),
        lambda: _("Uang besar"): lambda: _(
            "Tekan F2 sampai F7 untuk lembar yang disarankan, atau ketik jumlahnya."
        ),
        lambda: _("Cara bayar lain"): lambda: _(
            "Q untuk QRIS, K untuk kasbon, T untuk transfer, D untuk kartu, G untuk potong gaji."
        ),
        lambda: _("Bayar campuran"): lambda: _(
            "Ketik sebagian jumlah, pilih cara bayarnya, lalu bayar sisanya."
        ),
        lambda: _("Batal membayar"): lambda: _("Esc kembali; keranjang tetap utuh."),
    },
    "close_shift": {
        lambda: _("Menghitung laci"): lambda: _(
            "Tulis berapa lembar tiap pecahan, Enter maju. "
            "Jumlah seharusnya baru tampil sesudahnya."
        ),
        lambda: _("QRIS dan transfer"): lambda: _(
            "Centang yang sudah masuk di daftar bank. Yang belum dicentang tetap tercatat."
        ),
        lambda: _("Ada selisih"): lambda: _(
            "Tulis catatan, lalu tutup. Selisih disimpan apa adanya."
        ),
    },
    "receipts": {
        lambda: _("Mencari struk"): lambda: _(
            "Ketik nomor, tanggal, jumlah, atau nama barang. Memindai struk juga bisa."
        ),
        lambda: _("Mengembalikan barang"): lambda: _("Pilih struknya, F8, tandai barangnya, F9."),
        lambda: _("Mencetak lagi"): lambda: _("F6 mencetak salinan dengan tanda SALINAN."),
    },
}


def key_sheet(window: QWidget) -> KeySheet:
    """All keys of the counter."""
    sheet = KeySheet(
        "keys",
        (
            (
                lambda: _("Penjualan"),
                (
                    KeyLine("F2", lambda: _("cari barang")),
                    KeyLine("F3", lambda: _("pelanggan")),
                    KeyLine("F4", lambda: _("cek harga")),
                    KeyLine("F5", lambda: _("jumlah")),
                    KeyLine("F6", lambda: _("parkir")),
                    KeyLine("F7", lambda: _("ambil yang diparkir")),
                    KeyLine("F8", lambda: _("diskon")),
                    KeyLine("F9", lambda: _("bayar")),
                    KeyLine("F10", lambda: _("lainnya")),
                    KeyLine("F12", lambda: _("kunci")),
                ),
            ),
            (
                lambda: _("Keranjang"),
                (
                    KeyLine("3*", lambda: _("tiga buah dari barang berikut")),
                    KeyLine("+ -", lambda: _("satu lebih, satu kurang")),
                    KeyLine("Ctrl+U", lambda: _("satuan lain")),
                    KeyLine("Ctrl+E", lambda: _("ubah harga")),
                    KeyLine("Ctrl+K", lambda: _("catatan")),
                    KeyLine("Ctrl+T", lambda: _("ubin barang")),
                    KeyLine("Del", lambda: _("hapus baris")),
                    KeyLine("Ctrl+Z", lambda: _("batalkan")),
                    KeyLine("Ctrl+Del", lambda: _("kosongkan")),
                    KeyLine("Ins", lambda: _("barang baru dari pindaian")),
                ),
            ),
        ),
        window,
    )
    sheet.closed.connect(sheet.deleteLater)
    return sheet
