"""Sentences about the database, settings, shops, people, counters and requests."""

from __future__ import annotations

HOUSE: dict[str, tuple[str, str]] = {
    "usage": (
        "Perintah belum lengkap atau keliru: {why:usage}. Tambahkan --help untuk melihat caranya.",
        "The command is incomplete or wrong: {why}. Add --help to see how it goes.",
    ),
    "fault": (
        "Ada kesalahan dalam program ({kind}). Untuk rinciannya, ulangi dengan "
        "HUYULA_LOG_LEVEL=debug.",
        "There is a fault in the program ({kind}). For details repeat it with "
        "HUYULA_LOG_LEVEL=debug.",
    ),
    "busy": (
        "Server sedang sibuk. Tidak ada yang berubah; silakan coba lagi sebentar lagi.",
        "The server is busy. Nothing was changed; please try again in a moment.",
    ),
    "database_unreachable": (
        "Basis data tidak menjawab. Periksa apakah sudah berjalan dan apakah alamatnya benar.",
        "The database does not answer. Check that it is running and that its address is right.",
    ),
    "database_unreachable.file": (
        "Berkas basis data tidak dapat dibuka atau ditulis. Periksa alamatnya, izin foldernya dan "
        "ruang kosong di disk.",
        "The database's file cannot be opened or written. Check its address, the permissions of "
        "its folder and the free space on the disk.",
    ),
    "outcome_unknown": (
        "Sambungan ke basis data terputus saat menyimpan. Silakan ulangi; tidak akan tercatat dua "
        "kali.",
        "The connection to the database broke while saving. Please repeat it; nothing will be "
        "recorded twice.",
    ),
    "bad_database_address": (
        "Alamat basis data tidak dapat dibaca. Gunakan sqlite:///berkas atau postgresql://...",
        "The database's address cannot be read. Use sqlite:///file or postgresql://...",
    ),
    "not_migrated": (
        "Tabel basis data belum sesuai dengan program ini. Jalankan: huyula-server migrate",
        "The database's tables do not fit this program yet. Run: huyula-server migrate",
    ),
    "newer_database": (
        "Basis data ini dibuat oleh Huyula yang lebih baru ({revision}). Perbarui program ini; "
        "tidak ada yang diubah.",
        "This database was made by a newer Huyula ({revision}). Update this program; nothing was "
        "changed.",
    ),
    "foreign_database": (
        "Basis data ini bukan milik Huyula, atau rusak. Tidak ada yang diubah.",
        "This database is not Huyula's, or it is damaged. Nothing was changed.",
    ),
    "unsafe_role": (
        "Peran basis data {role} dapat melewati pemisahan antartoko ({why}). Server tidak "
        "dijalankan; pakai peran tersendiri, misalnya huyula_app.",
        "The database role {role} can bypass the separation of shops ({why}). The server does not "
        "start; use a role of its own such as huyula_app.",
    ),
    "not_unicode": (
        "Basis data ini menyimpan teks dalam {encoding}, bukan UTF8. Tidak ada yang diubah. Buat "
        "basis data baru: CREATE DATABASE huyula ENCODING 'UTF8' LOCALE 'C.UTF-8' "
        "TEMPLATE template0",
        "This database keeps its text in {encoding}, not in UTF8. Nothing was changed. Make a new "
        "database: CREATE DATABASE huyula ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0",
    ),
    "no_role": (
        "Peran {role} belum ada di basis data. Buat dulu: CREATE ROLE {role} LOGIN PASSWORD '...'",
        "The database has no role {role}. Create it first: CREATE ROLE {role} LOGIN PASSWORD '...'",
    ),
    "bad_gerai_name": (
        "Alamat gerai itu tidak dapat dipakai ({why}). Pilihlah yang lain.",
        "That address cannot be used ({why}). Please choose another one.",
    ),
    "bad_setting": (
        "Pengaturan {name} tidak dapat dipakai: {why:usage}",
        "The setting {name} cannot be used: {why}",
    ),
    "bad_config_file": (
        "Berkas pengaturan {file} tidak dapat dibaca: {why}",
        "The configuration file {file} cannot be read: {why}",
    ),
    "port_taken": (
        "Alamat {host}:{port} tidak dapat dipakai; mungkin program lain sudah memakainya.",
        "The address {host}:{port} cannot be used; perhaps another program already uses it.",
    ),
    "workers_need_postgresql": (
        "Beberapa proses sekaligus hanya dapat dengan PostgreSQL. Pada SQLite, jalankan satu "
        "proses saja (--workers 1).",
        "Several processes need PostgreSQL. On SQLite serve with one process (--workers 1).",
    ),
    "workers_not_here": (
        "Sistem ini tidak dapat membagi satu alamat di antara beberapa proses. Jalankan satu "
        "proses saja (--workers 1).",
        "This system cannot share one address among several processes. Serve with one process "
        "(--workers 1).",
    ),
    "worker_failed": (
        "Salah satu proses server berhenti sebelum siap. Sebabnya tertulis di log.",
        "One of the server's processes ended before it was ready. The log says why.",
    ),
    "bad_shop_name": (
        "Nama toko harus diisi, paling banyak {most} huruf.",
        "A shop needs a name of at most {most} letters.",
    ),
    "unknown_zone": ("Zona waktu {zone} tidak dikenal.", "The time zone {zone} is not known."),
    "unknown_shop": (
        "Toko {shop} tidak ditemukan. Lihat yang ada: huyula-server shop list",
        "There is no shop {shop}. See which there are: huyula-server shop list",
    ),
    "several_shops": (
        "Ada {count} toko bernama {shop}. Sebutkan nomor pengenalnya: huyula-server shop list",
        "{count} shops are called {shop}. Give the id: huyula-server shop list",
    ),
    "unknown_user": (
        "{email} tidak punya akses di sini. Lihat siapa yang punya: huyula-server user list SHOP",
        "{email} has no access here. See who has: huyula-server user list SHOP",
    ),
    "bad_email": ("{email} bukan alamat surel.", "{email} is not an e-mail address."),
    "unknown_role": (
        "Peran {role} tidak dikenal. Pilih owner, manager atau viewer.",
        "There is no role {role}. Choose owner, manager or viewer.",
    ),
    "no_password": (
        "Kata sandi dibaca dari variabel lingkungan HUYULA_PASSWORD; isilah dahulu.",
        "The password is read from the environment variable HUYULA_PASSWORD; set it first.",
    ),
    "weak_password": (
        "Kata sandi paling sedikit {least} huruf, paling banyak 256.",
        "A password has at least {least} letters and at most 256.",
    ),
    "weak_password.guessed": (
        "Kata sandi ini terlalu mudah ditebak. Pilih yang lain, paling sedikit {least} huruf.",
        "This password is too easily guessed. Choose another one of at least {least} letters.",
    ),
    "wrong_sign_in": (
        "Surel atau kata sandi tidak cocok. Silakan coba lagi.",
        "E-mail or password do not match. Please try again.",
    ),
    "code_needed": (
        "Masukkan enam angka dari aplikasi di ponsel Anda, atau satu kode pemulihan.",
        "Enter the six digits from the app on your phone, or one recovery code.",
    ),
    "wrong_code": (
        "Enam angka itu tidak cocok atau sudah dipakai. Tunggu angka berikutnya.",
        "These six digits do not match or were already used. Wait for the next ones.",
    ),
    "wrong_code.recovery": (
        "Kode pemulihan ini tidak dikenal atau sudah dipakai. Periksa lagi tulisannya.",
        "This recovery code is not known or was already used. Check how it is written.",
    ),
    "sign_in_again": (
        "Sudah terlalu lama sejak kata sandinya; masuklah lagi dari awal.",
        "The password was given too long ago; please sign in again from the beginning.",
    ),
    "nothing_proposed": (
        "Waktu untuk memasang kode sudah habis; mulailah lagi dengan gambar yang baru.",
        "The time for setting up codes is over; begin again with the new picture.",
    ),
    "codes_first": (
        "Itu belum dilakukan: akun Dinas wajib memasang kode dari ponsel dahulu.",
        "That was not done yet: an account of the office must set up codes from a phone first.",
    ),
    "office_keeps_codes": (
        "Akun Dinas wajib memakai kode dari ponsel, jadi kode tidak dapat dilepas.",
        "An account of the office must use codes from a phone, so they cannot be switched off.",
    ),
    "too_many_tries": (
        "Terlalu banyak percobaan. Silakan coba lagi {retry_s} detik lagi.",
        "Too many tries. Please try again in {retry_s} seconds.",
    ),
    "not_sent_yet": (
        "Anda sudah masuk lagi, dan yang Anda tulis belum terkirim. Periksalah, lalu kirim.",
        "You are signed in again, and what you wrote has not been sent. Check it, then send it.",
    ),
    "not_signed_in": ("Silakan masuk dahulu.", "Please sign in first."),
    "not_allowed": (
        "Peran Anda di toko ini tidak mengizinkan hal itu.",
        "Your role in this shop does not allow that.",
    ),
    "last_owner": (
        "Toko harus memiliki paling sedikit satu pemilik.",
        "A shop keeps at least one owner.",
    ),
    "wrong_csrf": (
        "Halaman ini sudah kedaluwarsa. Muat ulang, lalu ulangi.",
        "This page has expired. Load it again, then repeat.",
    ),
    "no_cookie": (
        "Peramban tidak mengirim kuki, sehingga Anda tidak dapat masuk. Bukalah alamat ini lewat "
        "https:// dan izinkan kuki.",
        "The browser sends no cookie, so you cannot sign in. Open this address by https:// and "
        "allow cookies.",
    ),
    "not_this_password": (
        "Kata sandi sekarang tidak cocok.",
        "The present password does not match.",
    ),
    "already_settled": (
        "Isian ini sudah diputuskan atau diubah lagi. Muat ulang daftarnya.",
        "This field was already settled or changed again. Load the list again.",
    ),
    "not_waiting": (
        "Catatan ini tidak menunggu putusan lagi, atau isinya tidak dapat diterima.",
        "This entry no longer waits for a decision, or it cannot be released.",
    ),
    "wrong_pairing_code": (
        "Kode ini tidak berlaku: salah ketik, sudah dipakai, atau lewat sepuluh menit. Mintalah "
        "kode baru.",
        "This code is not valid: mistyped, used, or older than ten minutes. Ask for a new one.",
    ),
    "unknown_device": ("Kasir {device} tidak ditemukan.", "There is no counter {device}."),
    "several_devices": (
        "Ada {count} kasir dengan kode {device}. Sebutkan nomor pengenalnya.",
        "{count} counters have the code {device}. Give the id.",
    ),
    "already_revoked": (
        "Kasir {device} sudah dicabut sebelumnya. Tidak ada yang berubah.",
        "Counter {device} was revoked before. Nothing has changed.",
    ),
    "key_taken": (
        "Kasir ini sudah terdaftar pada toko lain.",
        "This counter already belongs to another shop.",
    ),
    "stopping": (
        "Server sedang dimatikan. Silakan coba lagi sebentar lagi.",
        "The server is being shut down. Please try again in a moment.",
    ),
    "malformed": ("Permintaan tidak dapat dibaca.", "The request cannot be read."),
    "wrong_media": (
        "Permintaan ini harus berupa {media}.",
        "This request must be of type {media}.",
    ),
    "not_found": ("Tidak ada apa-apa di alamat ini.", "There is nothing at this address."),
    "method_not_allowed": (
        "Alamat ini tidak menerima cara itu.",
        "This address does not take that method.",
    ),
    "too_large": (
        "Permintaan terlalu besar; paling banyak {most} bita.",
        "The request is too large; at most {most} bytes.",
    ),
    "too_slow": (
        "Permintaan datang terlalu lambat dan tidak ditunggu lagi. Coba lagi dengan jaringan yang "
        "lebih baik.",
        "The request came too slowly and is not waited for any more. Try again on a better "
        "network.",
    ),
    "internal": (
        "Terjadi kesalahan di server. Tidak ada yang berubah; kesalahan sudah dicatat.",
        "Something went wrong on the server. Nothing was changed; the fault was recorded.",
    ),
    "demo_failed": (
        "Toko contoh tidak dapat diisi: {why}",
        "The sample shop could not be filled: {why}",
    ),
    "demo_gateway_not_started": (
        "Gerbang bayar coba untuk toko contoh tidak menyala dalam {seconds} detik. Coba jalankan"
        " sekali lagi.",
        "The sample shop's payment gateway did not start within {seconds} seconds. Try to start it"
        " once more.",
    ),
    "bad_weeks": (
        "Banyaknya minggu adalah bilangan dari 0 sampai {most}.",
        "The number of weeks is a whole number from 0 to {most}.",
    ),
    "bad_product": (
        "Barang belum dapat disimpan. Periksa isiannya, lalu simpan kembali.",
        "The product could not be saved. Please check its fields and save again.",
    ),
    "added_before": (
        "{name} sudah tersimpan dari formulir ini.",
        "{name} was already saved from this form.",
    ),
    "bad_field": (
        "Isian {field} tidak dapat diterima. Periksa lagi dan simpan kembali.",
        "The value of {field} cannot be accepted. Please check it and save again.",
    ),
}
