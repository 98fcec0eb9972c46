"""Sentences about the program, the data folder, staff and settings."""

from __future__ import annotations

SYSTEM: dict[str, tuple[str, str]] = {
    "usage": (
        "Perintah belum lengkap atau keliru: {why:usage}. Tambahkan --help untuk melihat caranya.",
        "The command is incomplete or wrong: {why}. Add --help to see how it goes.",
    ),
    "no_shop": (
        "Belum ada toko di folder {folder}. Buat dulu dengan init, atau buka jendela kasir.",
        "There is no shop in the folder {folder} yet. Make one with init, or open the window.",
    ),
    "shop_exists": (
        "Di folder {folder} sudah ada toko. Tidak ada yang diubah; pilih folder lain.",
        "There is a shop in {folder} already. Nothing was changed; choose another folder.",
    ),
    "folder_in_use": (
        "Kasir sedang terbuka dengan data ini (proses {pid}). Pakai jendela itu, atau tutup dulu.",
        "The counter is open with this data (process {pid}). Use that window, or close it first.",
    ),
    "damaged_database": (
        "Berkas data tidak dapat dibaca ({why}). Pulihkan dari cadangan dengan perintah restore.",
        "The data file cannot be read ({why}). Bring a backup back with restore.",
    ),
    "newer_database": (
        "Data ini ditulis oleh program yang lebih baru ({revision}). Perbarui program ini dulu; "
        "data Anda tetap utuh.",
        "This data was written by a newer program ({revision}). Update this program first; your "
        "data is untouched.",
    ),
    "storage_full": (
        "Ruang penyimpanan penuh. Tidak ada yang tersimpan setengah; kosongkan ruang, lalu coba "
        "lagi.",
        "The disk is full. Nothing was half saved; make room and try again.",
    ),
    "storage_failed": (
        "Penyimpanan menolak ({why}). Tidak ada yang tersimpan setengah; periksa diska dan izin "
        "folder.",
        "The storage refused ({why}). Nothing was half saved; check the disk and the folder's "
        "permissions.",
    ),
    "witness_unwritable": (
        "Folder {folder} tidak dapat ditulis, padahal perlu untuk mengenali salinan data. "
        "Perbaiki izinnya, lalu coba lagi.",
        "The folder {folder} cannot be written, and copies of the data are recognised by it. "
        "Mend its permissions and try again.",
    ),
    "new_line": (
        "Data ini hasil salinan, pemulihan, atau pindahan. Kasir memakai kode baru {register} "
        "agar tidak ada nomor struk yang tercetak dua kali.",
        "This data was copied, restored or moved. The counter now uses the new code {register}, "
        "so that no receipt number is ever printed twice.",
    ),
    "new_line.enrolled": (
        "Kasir ini kini bernama {register}, dari server toko. Struk berikut memakainya.",
        "This counter is called {register} now, by the shop's server. Its next receipts say so.",
    ),
    "shift_unseen": (
        "Shift yang sedang dibuka tidak termasuk: lacinya belum dihitung.",
        "The open shift is left out: its drawer is still to be counted.",
    ),
    "sales_missing": (
        "Belum lengkap: {count} struk lama ({amount}) masih diambil dari server toko. Angka ini "
        "belum memuatnya.",
        "Not complete yet: {count} older receipts ({amount}) are still being fetched from the "
        "shop's server. These figures are without them.",
    ),
    "clock_in_doubt": (
        "Jam komputer tidak mungkin benar. Tanggal usaha {proposal} yang dipakai; penjualan tetap "
        "jalan. Mohon betulkan jamnya.",
        "The computer's clock cannot be right. The business date {proposal} is used and selling "
        "goes on. Please set the clock.",
    ),
    "backup_failed": (
        "Cadangan tidak dapat ditulis ke {file} ({why}). Pilih tempat lain.",
        "The backup could not be written to {file} ({why}). Choose another place.",
    ),
    "not_a_backup": (
        "{file} bukan cadangan toko yang dapat dibaca. Data yang ada tidak diubah.",
        "{file} is not a backup of a shop that can be read. The present data was not changed.",
    ),
    "unknown_fact": (
        "Ada catatan jenis {kind} versi {version} yang belum dikenal program ini. Perbarui "
        "program; catatannya tetap disimpan.",
        "There is a record of kind {kind} version {version} that this program does not know. "
        "Update the program; the record is kept.",
    ),
    "needs_manager": (
        "Ini perlu izin manajer ({act}). Minta manajer memasukkan PIN.",
        "This needs a manager's permission ({act}). Ask a manager to enter a PIN.",
    ),
    "unknown_staff": (
        "Tidak ada karyawan bernama {name}. Periksa ejaannya.",
        "Nobody named {name} works here. Check the spelling.",
    ),
    "staff_rule": (
        "Data karyawan belum dapat disimpan ({why}).",
        "The staff member could not be saved ({why}).",
    ),
    "staff_rule.name_empty": (
        "Nama karyawan masih kosong. Isilah namanya.",
        "The name is empty. Please fill it in.",
    ),
    "staff_rule.name_taken": (
        "Nama {name} sudah dipakai. Beri nama yang berbeda.",
        "The name {name} is taken. Use a different one.",
    ),
    "staff_rule.last_owner": (
        "Toko harus punya paling sedikit satu pemilik. Angkat pemilik lain dulu.",
        "A shop needs at least one owner. Make somebody else an owner first.",
    ),
    "staff_rule.first_is_owner": (
        "Belum ada siapa pun yang tercatat. Tambahkan pemilik toko dulu.",
        "Nobody is on record yet. Add the shop's owner first.",
    ),
    "wrong_pin": (
        "PIN salah. Sisa {left} kali sebelum harus menunggu.",
        "Wrong PIN. {left} tries are left before a pause.",
    ),
    "pin_locked": (
        "Terlalu banyak PIN salah. Tunggu {seconds} detik, lalu coba lagi.",
        "Too many wrong PINs. Wait {seconds} seconds and try again.",
    ),
    "pin_missing": (
        "PIN diperlukan. Di baris perintah, isi variabel HUYULA_PIN.",
        "A PIN is needed. On the command line, set the variable HUYULA_PIN.",
    ),
    "bad_pin": ("PIN terdiri dari 4 sampai 6 angka.", "A PIN has 4 to 6 digits."),
    "bad_setting": (
        "Pengaturan {name} tidak dapat diisi seperti itu. Nilai lama tetap berlaku.",
        "The setting {name} cannot have that value. The old value stays.",
    ),
    "refused": (
        "Belum dapat dilakukan. Tidak ada yang berubah.",
        "That could not be done. Nothing was changed.",
    ),
    "not_qris": (
        "Ini bukan kode QRIS. Pindai atau foto stiker QRIS toko Anda.",
        "This is not a QRIS code. Scan or photograph your shop's QRIS sticker.",
    ),
    "qris_crc": (
        "Kode QRIS terbaca cacat. Foto ulang stikernya dengan terang dan rata.",
        "The QRIS code was misread. Photograph the sticker again, bright and flat.",
    ),
    "qris_currency": (
        "Kode QRIS ini bukan untuk rupiah. Pakai kode toko Anda sendiri.",
        "This QRIS code is not for rupiah. Use your own shop's code.",
    ),
    "qris_country": (
        "Kode QRIS ini bukan dari Indonesia. Pakai kode toko Anda sendiri.",
        "This QRIS code is not from Indonesia. Use your own shop's code.",
    ),
    "qris_dynamic": (
        "Ini kode QRIS sekali pakai. Foto stiker tetap milik toko Anda.",
        "This QRIS code works only once. Photograph your shop's permanent sticker.",
    ),
    "qris_has_amount": (
        "Kode QRIS ini sudah berisi jumlah. Foto stiker tetap milik toko Anda.",
        "This QRIS code holds an amount already. Photograph your shop's permanent sticker.",
    ),
    "qris_amount": (
        "Jumlah QRIS harus di atas nol dan paling banyak Rp 10.000.000.",
        "A QRIS amount must be above zero and at most Rp 10.000.000.",
    ),
    "qris_bill": ("Nomor tagihan QRIS terlalu panjang.", "The QRIS bill number is too long."),
    "unknown_receipt": (
        "Struk {receipt} tidak ditemukan. Periksa nomornya.",
        "Receipt {receipt} was not found. Check the number.",
    ),
    "no_z": (
        "Kasir ini belum pernah menutup shift, jadi belum ada laporan Z.",
        "No shift was closed at this counter yet, so there is no Z report.",
    ),
    "unknown_z": ("Laporan Z {z} tidak ditemukan.", "Z report {z} was not found."),
    "unknown_printer": (
        "Printer {name} tidak ada. Lihat daftarnya dengan printer list.",
        "There is no printer {name}. See them with printer list.",
    ),
    "bad_printer": (
        "Pengaturan printer keliru: {why}. Perbaiki, lalu coba lagi.",
        "The printer's settings are wrong: {why}. Mend them and try again.",
    ),
    "bad_picture": (
        "{file} bukan gambar yang dapat dibaca. Pilih berkas PNG atau JPG.",
        "{file} is not a picture that can be read. Choose a PNG or JPG file.",
    ),
    "no_code_reader": (
        "Pembaca kode dari gambar belum terpasang. Pindai stikernya, atau tempel teksnya.",
        "The reader of codes in pictures is not installed. Scan the sticker, or paste its text.",
    ),
    "no_code_in_picture": (
        "Tidak ada kode QR yang terbaca di {file}. Foto ulang dengan terang dan rata.",
        "No QR code could be read in {file}. Take the photo again, bright and flat.",
    ),
    "cannot_write": (
        "Berkas {file} tidak dapat ditulis ({why}). Pilih tempat lain.",
        "The file {file} could not be written ({why}). Choose another place.",
    ),
    "bad_connection": (
        "Sambungan printer {connection} keliru. Tulis misalnya tcp:192.168.1.50:9100.",
        "The printer connection {connection} is wrong. Write, for example, tcp:192.168.1.50:9100.",
    ),
    "printer_trouble": (
        "Printer belum dapat dicapai ({why}). Periksa daya dan kabelnya.",
        "The printer cannot be reached ({why}). Check its power and cable.",
    ),
    "printer_stuck": (
        "Printer tidak menerima data. Periksa kertas dan tutupnya.",
        "The printer takes no data. Check paper and cover.",
    ),
    "unknown_job": (
        "Cetakan {job} tidak ada atau tidak sedang bertanya.",
        "There is no print job {job}, or it asks nothing.",
    ),
    "unknown_paper": (
        "Program ini tidak mencetak kertas jenis {kind}.",
        "This program does not print paper of kind {kind}.",
    ),
    "bad_date": (
        "Tanggal {text} tidak terbaca. Tulis seperti 2026-11-24.",
        "The date {text} could not be read. Write it like 2026-11-24.",
    ),
}
