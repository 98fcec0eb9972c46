"""Help for each screen, five lines in plain words; its keys are those in force."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from pos.ui.i18n import Text, _, say
from pos.ui.keys.keymap import told_keys
from pos.ui.shell.help_office import OFFICE
from pos.ui.shell.help_till import TILL
from pos.ui.widgets.sheets import HelpSheet


def help_sheet(page: str, window: QWidget) -> HelpSheet:
    """What can be done on a page, named as its widget is."""
    # Only the selling screen's keys can be others than the standard.
    answers = _with_own_keys(ANSWERS[page]) if page == "selling" else ANSWERS[page]
    sheet = HelpSheet("help", answers, window)
    sheet.closed.connect(sheet.deleteLater)
    return sheet


def _with_own_keys(answers: dict[Text, Text]) -> dict[Text, Text]:
    return {question: _own_keys(answer) for question, answer in answers.items()}


def _own_keys(answer: Text) -> Text:
    return lambda: told_keys(say(answer))


ANSWERS: Final[dict[str, dict[Text, Text]]] = {
    **TILL,
    **OFFICE,
    "selling": {
        lambda: _("Menambah barang"): lambda: _(
            "Pindai kode batangnya, atau ketik sebagian namanya lalu Enter. "
            "Salah ketik sedikit tetap ditemukan."
        ),
        lambda: _("Beberapa buah sekaligus"): lambda: _(
            "Ketik 3* lalu pindai. F5 mengubah jumlah baris yang dipilih; + dan - menambah satu."
        ),
        lambda: _("Barang timbangan seharga uang"): lambda: _(
            "Ketik 5000r lalu pindai atau pilih barangnya: beratnya dihitung untuk tepat Rp 5.000."
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
        lambda: _("Uang logam dan lain-lain"): lambda: _(
            "Yang tidak ada pecahannya ditulis jumlahnya di Lain-lain."
        ),
        lambda: _("Belum jadi menutup"): lambda: _("Esc kembali berjualan; shift tetap terbuka."),
    },
    "keys": {
        lambda: _("Mengganti tombol"): lambda: _(
            "Pilih pekerjaannya, Enter, lalu tekan tombol yang Anda inginkan. "
            "Tombol yang sudah dipakai tidak akan diterima."
        ),
        lambda: _("Laptop tanpa tombol F"): lambda: _(
            "Ctrl+1 sampai Ctrl+9 sama dengan F1 sampai F9, Ctrl+0 sama dengan F10."
        ),
        lambda: _("Kembali seperti semula"): lambda: _("F8 mengembalikan semua tombol ke standar."),
    },
    "settings": {
        lambda: _("Menyimpan"): lambda: _(
            "F9 menyimpan isian toko. Bahasa, tema, ukuran huruf, dan layar sentuh berlaku "
            "seketika."
        ),
        lambda: _("Layar sentuh"): lambda: _(
            "Baris menjadi lebih tinggi, daftar dapat digeser dengan jari, dan baris keranjang "
            "mendapat tombol kurang dan tambah. Di papan ketik tetap - dan +."
        ),
        lambda: _("Tombol papan ketik"): lambda: _(
            "F6 menampilkan semua tombol penjualan dan cara menggantinya."
        ),
    },
    "receipts": {
        lambda: _("Mencari struk"): lambda: _(
            "Ketik nomor, tanggal, jumlah, atau nama barang, atau pindai struknya. Di kasir baru, "
            "struk lama diambil dari server; tanpa jaringan, Enter mencoba lagi."
        ),
        lambda: _("Satu nomor, dua struk"): lambda: _(
            "Bisa terjadi bila dua kasir baru bergabung. Tekan angka pada struk yang tanggal dan "
            "totalnya cocok, atau ketik nomornya, @, dan empat huruf di sampingnya."
        ),
        lambda: _("Mengembalikan barang"): lambda: _("Pilih struknya, F8, tandai barangnya, F9."),
        lambda: _("Mencetak lagi"): lambda: _("F6 mencetak salinan dengan tanda SALINAN."),
        lambda: _("Salah cara bayar"): lambda: _(
            "F7 mengganti cara bayar pada struk yang dipilih; alasannya ikut tercatat."
        ),
        lambda: _("Kembali berjualan"): lambda: _("Esc. Keranjang yang terbuka tetap utuh."),
    },
}
