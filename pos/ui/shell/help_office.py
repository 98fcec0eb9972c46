"""Help for the pages of the office: goods, printers, people, customers, reports."""

from __future__ import annotations

from typing import Final

from pos.ui.i18n import Text, _

OFFICE: Final[dict[str, dict[Text, Text]]] = {
    "goods": {
        lambda: _("Mencari di daftar"): lambda: _(
            "F2, lalu ketik sebagian nama atau kode; memindai kemasan juga bisa. "
            "Alt+1 yang dijual, Alt+2 yang stoknya kurang, Alt+3 arsip."
        ),
        lambda: _("Membuka atau menambah barang"): lambda: _(
            "Enter membuka barang yang dipilih. Ins menulis barang baru."
        ),
        lambda: _("Barang datang"): lambda: _("F7: tulis jumlah dan harga belinya seluruhnya."),
        lambda: _("Stok tidak cocok"): lambda: _(
            "F8 menyesuaikan dengan alasannya: rusak, hilang, hadiah. F6 menampilkan kartu stok."
        ),
        lambda: _("Banyak barang sekaligus"): lambda: _(
            "F4 mengimpor daftar dari Excel, LibreOffice, atau CSV."
        ),
    },
    "product": {
        lambda: _("Yang perlu diisi"): lambda: _(
            "Nama dan harga jual saja; yang lain boleh menyusul. Enter maju, F9 menyimpan."
        ),
        lambda: _("Kode batang"): lambda: _(
            "Pindai kemasannya kapan saja di halaman ini. Satu barang boleh punya beberapa kode."
        ),
        lambda: _("Dus, pak, dan harga grosir"): lambda: _(
            "Di Satuan lain tulis isi dan harganya sendiri; "
            "di Harga grosir, mulai jumlah berapa lebih murah."
        ),
        lambda: _("Gambar barang"): lambda: _(
            "F7 memilih foto PNG, JPG, atau WebP; dikecilkan sendiri. F8 menghapusnya."
        ),
        lambda: _("Gerai online"): lambda: _(
            "Centang Dijual online dengan Tab lalu Spasi; pembeli melihatnya di internet. "
            "Rokok, obat dengan resep, dan alkohol tidak boleh."
        ),
        lambda: _("Tidak dijual lagi"): lambda: _(
            "Arsipkan: riwayatnya tetap, dan dapat dijual lagi kapan saja. F6 kartu stoknya."
        ),
    },
    "stock_card": {
        lambda: _("Membaca kartu stok"): lambda: _(
            "Tiap baris satu kejadian: penjualan, penerimaan, penyesuaian, dan sisa sesudahnya."
        ),
        lambda: _("Barang datang"): lambda: _("F7: tulis jumlah dan harga belinya seluruhnya."),
        lambda: _("Stok berbeda dengan rak"): lambda: _(
            "F8, tulis selisihnya dengan tanda kurang atau tambah, dan pilih alasannya."
        ),
        lambda: _("Nilai stok"): lambda: _(
            "Dihitung dari harga beli. Barang yang keluar membawa bagiannya, jadi selalu pas."
        ),
        lambda: _("Kembali ke daftar"): lambda: _("Esc. Tidak ada yang berubah karena melihat."),
    },
    "import": {
        lambda: _("Memilih berkas"): lambda: _(
            "F4, atau seret berkasnya ke sini. Excel, LibreOffice, dan CSV dengan judul apa saja."
        ),
        lambda: _("Kolom keliru dikenali"): lambda: _(
            "F5 mencocokkan kolom: nama, harga, stok. Hasilnya langsung terlihat."
        ),
        lambda: _("Sebelum disimpan"): lambda: _(
            "Tiap baris menyebut apa yang akan terjadi. Centang yang perlu dilihat, "
            "Ctrl+A mencentang semua, F9 mengambil."
        ),
        lambda: _("Baris yang ditolak"): lambda: _(
            "F6 menyimpannya ke Excel dengan alasannya, untuk dibetulkan lalu diimpor lagi."
        ),
        lambda: _("Salah impor"): lambda: _(
            "Pilih impornya di daftar, F8 membatalkannya seluruhnya selama belum ada yang terjual."
        ),
    },
    "customers": {
        lambda: _("Mencari pelanggan"): lambda: _(
            "Ketik sebagian nama atau nomor teleponnya; panah memilih, utangnya tampil di samping."
        ),
        lambda: _("Pelanggan baru"): lambda: _("Ins. Nama saja cukup; batas kasbon boleh diubah."),
        lambda: _("Membayar kasbon"): lambda: _(
            "F8, tulis uangnya, Enter. F8 sekali lagi mengisi seluruh utangnya."
        ),
        lambda: _("Mengubah nama atau batas"): lambda: _("F2 pada pelanggan yang dipilih."),
        lambda: _("Potong gaji"): lambda: _("F5 menampilkan potong gaji, F5 lagi kembali."),
    },
    "reports": {
        lambda: _("Laporan X"): lambda: _(
            "Alt+1: keadaan shift sampai sekarang. Dapat dilihat berkali-kali; F6 mencetak."
        ),
        lambda: _("Laporan Z"): lambda: _(
            "Alt+2: shift yang sudah ditutup. F6 mencetak lagi, F7 menyimpan PDF."
        ),
        lambda: _("Penjualan per hari atau barang"): lambda: _(
            "Alt+3: tulis tanggalnya dan pilih menurut apa. F6 mencetak, F7 menyimpan PDF."
        ),
        lambda: _("Uang yang harus dikembalikan"): lambda: _(
            "Alt+4: pengembalian non-tunai. F9 bila uangnya sudah dikirim."
        ),
        lambda: _("Cadangan dan bukti"): lambda: _(
            "Alt+5: F7 menyalin seluruh data ke berkas, F8 memeriksa bahwa tidak ada yang berubah."
        ),
    },
    "sync": {
        lambda: _("Perlukah server?"): lambda: _(
            "Tidak. Kasir berjualan tanpa internet selamanya. Server berguna bila kasirnya "
            "beberapa, atau bila Anda ingin melihat penjualan dari ponsel."
        ),
        lambda: _("Menghubungkan kasir"): lambda: _(
            "Di halaman Kasir milik pemilik, buat kode. Ketik alamat dan kodenya di sini, atau "
            "pindai kode QR-nya, lalu F9."
        ),
        lambda: _("Ada yang menunggu"): lambda: _(
            "Terkirim sendiri begitu ada jaringan; F9 mencobanya sekarang. Tidak ada yang hilang."
        ),
        lambda: _("Angka pemeriksa"): lambda: _(
            "Enam angka yang sama harus tampil di layar pemilik. Bila berbeda, cabut kasir ini "
            "di sana dan ulangi."
        ),
        lambda: _("Barang tercatat dua kali"): lambda: _(
            "Dua kasir yang menjadi satu toko sering punya barang yang sama. F6 menampilkan "
            "pasangannya untuk disatukan."
        ),
        lambda: _("Cadangan tetap perlu"): lambda: _(
            "Server bukan pengganti cadangan. F7 membuka tempat membuatnya."
        ),
    },
    "merge": {
        lambda: _("Memilih"): lambda: _(
            "Yang pasti sudah tercentang. Panah memilih, Spasi atau F8 mencentang, Ctrl+A semua "
            "yang pasti. Di kanan tampil apa yang berbeda."
        ),
        lambda: _("Apa yang terjadi"): lambda: _(
            "F9: stok dan kasbon dijumlahkan, kode batang pindah. Nama, harga, dan batas kasbon "
            "tetap dari catatan toko yang lebih dulu ada."
        ),
        lambda: _("Ternyata bukan barang yang sama"): lambda: _(
            "Del: keduanya tetap ada, dan tidak ada kasir yang mengusulkannya lagi."
        ),
        lambda: _("Terlanjur disatukan"): lambda: _(
            "Tidak dapat dibatalkan. Tulis barangnya lagi sebagai barang baru dan betulkan stok "
            "keduanya dengan Sesuaikan; struk lama tetap seperti tercetak."
        ),
        lambda: _("Lain satuan"): lambda: _(
            "Stok dalam kg dan dalam pcs tidak dapat dijumlahkan. Samakan satuan dasarnya dulu."
        ),
    },
    "printers": {
        lambda: _("Memasang printer"): lambda: _(
            "Nyalakan, lalu F4 mencarinya. Bila tidak ketemu, Ins dan tulis alamatnya."
        ),
        lambda: _("Memastikan"): lambda: _(
            "F6 mencetak halaman coba dan menyebut apa yang terjadi dengannya."
        ),
        lambda: _("Mengubah"): lambda: _(
            "Enter pada printernya: lebar kertas, pemotong, laci, dan apakah struk ke sini."
        ),
        lambda: _("Tidak mencetak"): lambda: _(
            "Periksa daya, kertas, dan kabel. F7 menampilkan antreannya; tidak ada struk hilang."
        ),
        lambda: _("Tidak dipakai lagi"): lambda: _("Del, setelah ditanya sekali."),
    },
    "print_queue": {
        lambda: _("Apa yang tampil di sini"): lambda: _(
            "Cetakan yang menunggu printer, dan yang tidak pasti keluar utuh."
        ),
        lambda: _("Keluar utuh atau tidak"): lambda: _(
            "Lihat kertasnya: F8 bila utuh, F6 mencetak lagi dengan tanda SALINAN."
        ),
        lambda: _("Printer lain"): lambda: _("F5 memindahkan cetakan ke printer yang satunya."),
        lambda: _("Yang sudah lama menunggu"): lambda: _(
            "F9 mencetaknya sekarang, Del membatalkannya. Struknya sendiri tetap tersimpan."
        ),
        lambda: _("Alamat printer keliru"): lambda: _("F7 membuka daftar printer."),
    },
    "staff": {
        lambda: _("Karyawan baru"): lambda: _("Ins, tulis namanya, pilih perannya."),
        lambda: _("Peran"): lambda: _(
            "Kasir menjual, manajer mengizinkan yang lebih, pemilik boleh semuanya."
        ),
        lambda: _("Izin tersendiri"): lambda: _(
            "Di kanan, tentukan yang boleh dilakukan sendiri dan sampai berapa. F9 menyimpan."
        ),
        lambda: _("PIN"): lambda: _(
            "F6 mengatur PIN 4 sampai 6 angka. Yang lupa PIN dibuatkan baru oleh pemilik."
        ),
        lambda: _("Berhenti bekerja"): lambda: _(
            "Hapus centang Masih bekerja di sini, F9. Riwayatnya tetap tersimpan."
        ),
    },
}
"""Page -> question -> answer, in the order in which they are read."""
