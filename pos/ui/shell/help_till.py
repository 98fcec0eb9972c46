"""Help for the pages round the selling screen: first start, entering, shift, giving back."""

from __future__ import annotations

from typing import Final

from pos.ui.i18n import Text, _

TILL: Final[dict[str, dict[Text, Text]]] = {
    "wizard": {
        lambda: _("Apa yang perlu"): lambda: _(
            "Nama toko dan nama Anda, Enter. Semua yang lain dapat diubah nanti di Pengaturan."
        ),
        lambda: _("PIN"): lambda: _(
            "4 sampai 6 angka. Boleh kosong dulu; pasang sebelum ada karyawan lain."
        ),
        lambda: _("Barang"): lambda: _(
            "Impor dari berkas, coba dengan barang contoh, atau mulai kosong dan pindai."
        ),
        lambda: _("Printer"): lambda: _(
            "Pilih yang ditemukan atau tulis alamatnya. F4 mencari di jaringan, "
            "F6 halaman coba, F9 mulai berjualan, Esc tanpa printer."
        ),
        lambda: _("Bila terhenti di tengah"): lambda: _(
            "Toko yang sudah dibuat tetap ada. Buka lagi programnya, lalu lanjutkan."
        ),
    },
    "lock": {
        lambda: _("Masuk"): lambda: _("Pilih nama Anda, ketik PIN, Enter."),
        lambda: _("Dengan papan ketik"): lambda: _(
            "Tab dan panah memilih nama, Enter atau spasi menekannya; angka PIN langsung diketik."
        ),
        lambda: _("Lupa PIN"): lambda: _(
            "Pemilik membuatkan yang baru lewat Lainnya (F10), Karyawan."
        ),
        lambda: _("Datang dari kasir lain"): lambda: _(
            "PIN berlaku per kasir. Pilih nama Anda, minta pemilik atau manajer mengetik "
            "PIN-nya, lalu ketik PIN baru dua kali. Esc membatalkan."
        ),
        lambda: _("Terlalu sering keliru"): lambda: _(
            "Tunggu sampai waktunya habis. Tidak ada yang hilang dari keranjang."
        ),
        lambda: _("Mengunci lagi"): lambda: _(
            "F12 dari penjualan. Kasir juga terkunci sendiri bila lama didiamkan."
        ),
    },
    "open_shift": {
        lambda: _("Modal awal"): lambda: _(
            "Hitung uang di laci sekarang, tulis jumlahnya, Enter. Tulis 0 bila kosong."
        ),
        lambda: _("Untuk apa"): lambda: _(
            "Saat ditutup, isi laci seharusnya dihitung mulai dari modal ini."
        ),
        lambda: _("Berapa kali"): lambda: _(
            "Sekali tiap shift. Penjualan, kas masuk, dan kas keluar tercatat di shift ini."
        ),
        lambda: _("Salah tulis"): lambda: _(
            "Betulkan dengan kas masuk (Alt+2) atau kas keluar (Alt+3) di Lainnya (F10)."
        ),
        lambda: _("Bukan Anda yang bekerja"): lambda: _(
            "Buka shift dulu, lalu F12 mengunci dan nama lain dapat masuk."
        ),
    },
    "shift_closed": {
        lambda: _("Yang tampil"): lambda: _(
            "Isi laci seharusnya, yang terhitung, dan selisihnya. "
            "Sudah tersimpan dan tidak berubah."
        ),
        lambda: _("Segel"): lambda: _(
            "Kata-kata segel sama dengan yang di kertas Z. Catat bila perlu membuktikan."
        ),
        lambda: _("Kertas Z"): lambda: _(
            "Dicetak sendiri bila ada printer. Lagi kapan saja di Laporan (Alt+9), Laporan Z."
        ),
        lambda: _("Cadangan"): lambda: _(
            "Saat yang baik untuk menyalin data: Laporan, Cadangan, F7."
        ),
        lambda: _("Selesai"): lambda: _("Enter. Shift berikut dibuka oleh yang masuk berikutnya."),
    },
    "orders": {
        lambda: _("Pesanan baru"): lambda: _(
            "F9 menerima, Del menolak dengan alasan. Bunyinya berulang sampai daftar ini dibuka; "
            "Alt+M mematikannya."
        ),
        lambda: _("Barangnya kurang"): lambda: _(
            "F8 lalu Enter menawarkan yang ada di rak; pembeli setuju atau membatalkan."
        ),
        lambda: _("Menyiapkan"): lambda: _(
            "F4 mulai menyiapkan, F6 mencetak daftar ambil, F9 bila sudah siap."
        ),
        lambda: _("Uangnya"): lambda: _(
            "Ke rekening toko: F7 bila sudah masuk, F5 bila belum. F2 menjumlahkan satu bulan."
        ),
        lambda: _("Menyerahkan"): lambda: _(
            "Pindai kode pembeli di halaman penjualan, atau F9 dan ketik empat angkanya. "
            "Penjualan dan struknya dibuat sekaligus, juga tanpa jaringan."
        ),
        lambda: _("Pembeli menulis"): lambda: _(
            "F3 membaca dan menjawab. Bila ia mengeluh: F9 menjawab, F4 menerima barang kembali."
        ),
    },
    "order_statement": {
        lambda: _("Bulan yang lain"): lambda: _(
            "F4 satu bulan ke belakang, F5 ke depan. Bulan ini dihitung sampai hari ini."
        ),
        lambda: _("Dari mana angkanya?"): lambda: _(
            "Dari pembukuan di server toko: sama dengan halaman Laporan pesanan milik pemilik. "
            "Tanpa jaringan tidak ada angka; F9 bertanya sekali lagi."
        ),
        lambda: _("Uang masuk dan bersih"): lambda: _(
            "Menurut cara bayar: yang masuk, dikurangi yang dikembalikan, yang ditarik bank, dan "
            "biaya penyedia."
        ),
        lambda: _("Pencairan"): lambda: _(
            "Uang dari penyedia yang sudah sampai di rekening toko, menurut harinya. Pemilik "
            "mencatatnya di halaman Pencairan."
        ),
        lambda: _("Yang masih terbuka"): lambda: _(
            "Siapa berutang kepada siapa pada hari terakhir bulan itu. Yang berwarna perlu diurus."
        ),
        lambda: _("Kertas dan berkas"): lambda: _("F6 mencetak, F7 menyimpan PDF."),
    },
    "sale_done": {
        lambda: _("Kembalian"): lambda: _("Angka besar itu yang diberikan kepada pembeli."),
        lambda: _("Pembeli berikut"): lambda: _(
            "Enter, atau langsung pindai barangnya: keranjang baru dimulai sendiri."
        ),
        lambda: _("Struk tidak keluar"): lambda: _(
            "Penjualan sudah tersimpan. Struk menunggu printer, lihat Antrean cetak (Alt+Q)."
        ),
        lambda: _("Salah cara bayar"): lambda: _(
            "Lainnya (F10), Struk (Alt+1), pilih struknya, F7 mengganti cara bayar."
        ),
        lambda: _("Pembeli berubah pikiran"): lambda: _(
            "Lainnya (F10), Struk (Alt+1), pilih struknya, F8 mengembalikan barang."
        ),
    },
    "refund_page": {
        lambda: _("Berapa yang kembali"): lambda: _(
            "Panah memilih baris, + dan - mengubah jumlahnya. Tombol * berarti semua barang."
        ),
        lambda: _("Ke stok atau rusak"): lambda: _(
            "F5 barang kembali ke rak, F6 rusak dan tidak dijual lagi."
        ),
        lambda: _("Uangnya"): lambda: _(
            "Kembali seperti dibayar dulu. F7 memberikan semuanya tunai."
        ),
        lambda: _("Menukar barang"): lambda: _(
            "F8: pilih barang gantinya, hanya selisihnya yang dibayar."
        ),
        lambda: _("Menyimpan"): lambda: _(
            "Tulis alasannya, F9. Esc batal, tidak ada yang berubah."
        ),
    },
    "exchange_page": {
        lambda: _("Barang gantinya"): lambda: _(
            "Pindai, atau F2 dan ketik namanya. Ctrl+T menampilkan ubin barang."
        ),
        lambda: _("Berapa buah"): lambda: _("F5, atau + dan - pada baris yang dipilih."),
        lambda: _("Satuan lain"): lambda: _("Ctrl+U mengganti pcs, pak, atau dus."),
        lambda: _("Keliru"): lambda: _("Ctrl+Z membatalkan, Del menghapus baris, Esc kembali."),
        lambda: _("Selisihnya"): lambda: _(
            "F9: pembeli membayar kurangnya, atau menerima lebihnya. Sama harga, langsung selesai."
        ),
    },
}
"""Page -> question -> answer, in the order in which they are read."""
