"""Sentences about joining a shop's server and keeping in step with it."""

from __future__ import annotations

SYNCING: dict[str, tuple[str, str]] = {
    "not_folded_yet": (
        "Ada catatan yang belum selesai dihitung. Catatan itu sedang dihitung; periksa lagi"
        " sebentar lagi.",
        "Some records are not reckoned with yet. They are being reckoned now; check again in a"
        " moment.",
    ),
    "not_enrolled": (
        "Kasir ini belum terhubung ke server toko. Minta kode dari pemilik, lalu jalankan enrol.",
        "This counter is not connected to a shop's server yet. Ask the owner for a code and run "
        "enrol.",
    ),
    "no_network": (
        "Server toko belum terjangkau. Penjualan tetap jalan; kasir mencoba lagi sendiri.",
        "The shop's server cannot be reached. Selling goes on; the counter tries again by itself.",
    ),
    "no_network.tls": (
        "Sambungan aman ke server ditolak. Periksa tanggal dan jam komputer; penjualan tetap "
        "jalan.",
        "The secure connection to the server was refused. Check the computer's date and clock; "
        "selling goes on.",
    ),
    "no_network.not_ours": (
        "Jawaban yang datang bukan dari server toko. Mungkin Wi-Fi ini minta masuk dulu lewat "
        "peramban. Penjualan tetap jalan.",
        "What answered is not the shop's server. This Wi-Fi may want a sign-in in the browser "
        "first. Selling goes on.",
    ),
    "server_refused": (
        "Server toko belum menerima ({error}). Tidak ada yang hilang; kasir mencoba lagi sendiri.",
        "The shop's server does not accept this yet ({error}). Nothing is lost; the counter tries "
        "again by itself.",
    ),
    "server_refused.protocol": (
        "Program kasir ini terlalu lama untuk server toko. Perbarui programnya; penjualan tetap "
        "jalan dan tidak ada yang hilang.",
        "This program is too old for the shop's server. Update it; selling goes on and nothing is "
        "lost.",
    ),
    "server_refused.revoked": (
        "Kasir ini tidak lagi diakui oleh pemilik toko. Anda tetap dapat berjualan; catatannya "
        "menunggu keputusan pemilik.",
        "The owner no longer recognises this counter. You can go on selling; its records wait for "
        "the owner's decision.",
    ),
    "server_refused.unconfirmed": (
        "Kasir ini menunggu konfirmasi pemilik dengan kode baru. Penjualan tetap jalan.",
        "This counter waits for the owner to confirm it with a new code. Selling goes on.",
    ),
    "server_refused.unknown_device": (
        "Server toko tidak mengenal kasir ini lagi; mungkin dipulihkan dari cadangan lama. Minta "
        "kode baru dari pemilik dan hubungkan sekali lagi. Penjualan tetap jalan dan tidak ada "
        "yang hilang.",
        "The shop's server no longer knows this counter; it may have been restored from an old "
        "backup. Ask the owner for a new code and connect once more. Selling goes on and nothing "
        "is lost.",
    ),
    "server_refused.busy": (
        "Server toko sedang sibuk. Kasir mencoba lagi sendiri.",
        "The shop's server is busy. The counter tries again by itself.",
    ),
    "statement_away": (
        "Laporan pesanan ada di server, yang sekarang tidak dapat ditanya. Coba lagi kalau ada"
        " jaringan.",
        "The statement of orders is at the server, which cannot be asked now. Try again when"
        " there is a network.",
    ),
    "older_receipt": (
        "Tidak ada jaringan: struk {receipt} lebih lama daripada yang ada di kasir ini. Coba lagi "
        "saat server toko terjangkau.",
        "No network: receipt {receipt} is older than what lies on this counter. Try again when "
        "the shop's server can be reached.",
    ),
    "bad_past": (
        "Riwayat lama yang datang dari server tidak cocok dan tidak dipakai. Kasir mencoba lagi.",
        "The older history that came from the server does not fit and is not used. The counter "
        "tries again.",
    ),
    "bad_server_address": (
        "Alamat server {url} keliru. Tulis misalnya https://toko.contoh.id.",
        "The server's address {url} is wrong. Write, for example, https://shop.example.org.",
    ),
    "bad_pairing_code": (
        "Kode {code} tidak berlaku. Kode terdiri dari 8 huruf atau angka dan berlaku 10 menit; "
        "minta kode baru dari pemilik.",
        "The code {code} does not hold. A code has 8 letters or digits and lasts ten minutes; ask "
        "the owner for a new one.",
    ),
    "already_enrolled": (
        "Kasir ini sudah terhubung ke server toko. Tidak ada yang diubah.",
        "This counter is connected to a shop's server already. Nothing was changed.",
    ),
    "unsent_replaced": (
        "{count} catatan di data yang diganti belum sampai di server toko. Data itu disimpan di "
        "sampingnya; memulihkannya kembali mengirim catatan itu.",
        "{count} records of the data that is replaced have not reached the shop's server. That "
        "data is kept beside it; restoring it again sends them.",
    ),
    "sync_failed": (
        "Ada gangguan saat berbicara dengan server toko. Tidak ada yang hilang; kasir mencoba lagi "
        "sendiri. Bila tetap begini, minta bantuan.",
        "Something went wrong while speaking to the shop's server. Nothing is lost; the counter "
        "tries again by itself. Ask for help if it stays like this.",
    ),
    "demo_server_failed": (
        "Server contoh tidak dapat dijalankan ({why}). Kasir tetap jalan tanpa server.",
        "The sample server could not be started ({why}). The counter works without one.",
    ),
    "key_missing": (
        "Kunci kasir ini tidak ada di komputer ini. Penjualan berikutnya membuka kode kasir baru; "
        "setelah itu coba lagi.",
        "This counter's key is not on this computer. The next sale opens a new register code; try "
        "again after that.",
    ),
    "key_away": (
        "Gantungan kunci sistem belum memberikan kunci kasir ini. Penjualan tetap jalan dan tidak "
        "ada yang hilang; kasir mencoba lagi sendiri.",
        "The system's keyring does not hand out this counter's key. Selling goes on and nothing is "
        "lost; the counter tries again by itself.",
    ),
    "key_away.locked": (
        "Gantungan kunci sistem terkunci. Buka dengan sandi komputer; penjualan tetap jalan dan "
        "kasir mencoba lagi sendiri.",
        "The system's keyring is locked. Unlock it with the computer's password; selling goes on "
        "and the counter tries again by itself.",
    ),
    "key_away.silent": (
        "Gantungan kunci sistem tidak menjawab. Mungkin ia menunggu sandi di jendela lain; "
        "penjualan tetap jalan dan kasir mencoba lagi sendiri.",
        "The system's keyring does not answer. It may be waiting for a password in another window; "
        "selling goes on and the counter tries again by itself.",
    ),
    "key_away.absent": (
        "Gantungan kunci yang menyimpan kunci kasir ini tidak ada di sesi ini. Penjualan tetap "
        "jalan. Masuklah ke komputer seperti biasa; bila gantungan kunci itu memang sudah tidak "
        "ada, jalankan huyula-pos sync --new-key.",
        "The keyring that has this counter's key is not in this session. Selling goes on. Sign in "
        "to the computer as usual; if that keyring is gone for good, run huyula-pos sync "
        "--new-key.",
    ),
    "enrol_refused": (
        "Server toko belum menerima kasir ini ({error}). Tidak ada yang diubah.",
        "The shop's server did not let this counter join ({error}). Nothing was changed.",
    ),
    "enrol_refused.other_shop": (
        "Kode ini milik toko lain. Catatan kasir ini tetap milik tokonya; minta kode dari pemilik "
        "toko itu. Tidak ada yang diubah.",
        "This code is another shop's. This counter's records stay with their shop; ask that shop's "
        "owner for a code. Nothing was changed.",
    ),
    "merge_alone": (
        "Menyatukan catatan hanya perlu bila kasir ini satu toko dengan kasir lain. Hubungkan dulu "
        "ke server toko.",
        "Records are merged where this counter shares a shop with others. Connect it to the shop's "
        "server first.",
    ),
    "cannot_merge": (
        "Keduanya tidak dapat disatukan. Tidak ada yang diubah.",
        "These two cannot be merged. Nothing was changed.",
    ),
    "cannot_merge.same": (
        "Keduanya sudah satu. Tidak ada yang diubah.",
        "These two are one already. Nothing was changed.",
    ),
    "cannot_merge.missing": (
        "Salah satunya tidak ada lagi di daftar. Tidak ada yang diubah.",
        "One of the two is not in the lists any more. Nothing was changed.",
    ),
    "cannot_merge.unit": (
        "Satuan dasarnya berbeda, jadi stoknya tidak dapat dijumlahkan. Samakan satuannya dulu. "
        "Tidak ada yang diubah.",
        "Their base units differ, so their stock has no sum. Make the units the same first. "
        "Nothing was changed.",
    ),
    "cannot_merge.kind": (
        "Barang dan pelanggan tidak dapat disatukan. Tidak ada yang diubah.",
        "A product and a customer cannot be merged. Nothing was changed.",
    ),
    "page_refused": (
        "Kiriman dari server tidak cocok dengan catatan di sini ({why}). Tidak ada yang "
        "diterapkan; kasir mencoba lagi.",
        "What the server sent does not fit the records here ({why}). Nothing was applied; the "
        "counter tries again.",
    ),
    "bytes_needed": (
        "Sebagian catatan toko belum ada di sini. Kasir memintanya lagi.",
        "Some of the shop's records are not here yet. The counter asks for them again.",
    ),
    "line_taken": (
        "Kasir lain menulis dengan kode kasir ini. Kasir membuka kode baru.",
        "Another counter writes under this one's code. The counter opens a new one.",
    ),
    "pin_not_here": (
        "PIN berlaku per kasir, dan {name} belum membuat PIN di kasir ini. Minta pemilik atau "
        "manajer mengizinkan PIN baru.",
        "PINs belong to one counter, and {name} has none at this one yet. Ask the owner or a "
        "manager to allow a new one.",
    ),
    "nobody_may_allow": (
        "Di kasir ini belum ada yang dapat mengizinkan PIN {name}. Di kasir lain, aktifkan lagi "
        "pemilik kasir ini (F10, Karyawan); setelah tersambung, ia dapat mengizinkannya di sini.",
        "Nobody at this counter can allow a PIN for {name}. At another counter, take this "
        "counter's owner on again (F10, Staff); once connected, they can allow it here.",
    ),
    "pins_differ": (
        "Keduanya tidak sama. Ketik PIN barunya lagi.",
        "The two are not the same. Type the new PIN again.",
    ),
    "approval_old": (
        "Izinnya sudah lewat dua menit. Minta izin sekali lagi.",
        "The approval is more than two minutes old. Ask for it once more.",
    ),
}
