"""Sentences about the journal's way here and the feed's way back; a counter shows them."""

from __future__ import annotations

SYNC: dict[str, tuple[str, str]] = {
    "bad_code": (
        "Kode ini tidak berlaku: salah ketik, sudah dipakai, atau lewat sepuluh menit. Mintalah "
        "kode baru.",
        "This code is not valid: mistyped, used, or older than ten minutes. Ask for a new one.",
    ),
    "bad_signature": (
        "Permintaan tidak ditandatangani dengan kunci kasir ini.",
        "The request is not signed with this counter's key.",
    ),
    "clock": (
        "Jam komputer ini berbeda jauh dari jam server. Penjualan tetap berjalan.",
        "This computer's clock is far from the server's. Selling goes on.",
    ),
    "encoding": (
        "Server ini tidak mengenal cara pemampatan itu.",
        "This server does not know that way of packing.",
    ),
    "epoch": (
        "Server pernah dipulihkan dari cadangan. Kasir menyelaraskan diri; tidak ada yang hilang.",
        "The server was restored from a backup. The counter is catching up; nothing is lost.",
    ),
    "forked": (
        "Riwayat kasir ini bercabang, mungkin karena data dipulihkan atau disalin. Kasir membuka "
        "riwayat baru; tidak ada yang hilang.",
        "This counter's history has forked, perhaps because data was restored or copied. The "
        "counter opens a new line; nothing is lost.",
    ),
    "gap": (
        "Ada catatan sebelumnya yang belum sampai. Kasir mengirim ulang dari sana.",
        "Earlier entries have not arrived yet. The counter sends again from there.",
    ),
    "gone": (
        "Bagian data ini sudah berganti. Kasir mengambil yang baru.",
        "This part of the data has been replaced. The counter takes the new one.",
    ),
    "not_waiting": (
        "Catatan ini tidak menunggu keputusan, atau tidak dapat dilepas.",
        "This entry does not wait for a decision, or it cannot be released.",
    ),
    "not_proved": (
        "{count} toko tidak sama dengan faktanya. Rinciannya ada di atas; tidak ada yang diubah.",
        "{count} shops differ from their facts. See above for details; nothing was changed.",
    ),
    "other_shop": (
        "Kode ini milik toko lain. Catatan kasir tetap milik tokonya; minta kode dari pemilik toko "
        "itu.",
        "This code is another shop's. The counter's records stay with their shop; ask that shop's "
        "owner for a code.",
    ),
    "protocol": (
        "Program kasir terlalu lama bagi server ini. Perbaruilah; penjualan tetap berjalan.",
        "The counter's program is too old for this server. Update it; selling goes on.",
    ),
    "range": (
        "Bagian yang diminta berada di luar data.",
        "The part that was asked for lies outside the data.",
    ),
    "refused": ("Server menolak permintaan ini.", "The server refused this request."),
    "replayed": (
        "Permintaan ini sudah pernah diterima.",
        "This request was already received.",
    ),
    "restored_first": (
        "Basis data ini bukan yang terakhir dipakai: mungkin dipulihkan dari cadangan. Jalankan: "
        "huyula-server restored",
        "This is not the database that was last served from: perhaps it was restored from a "
        "backup. Run: huyula-server restored",
    ),
    "revoked": (
        "Kasir ini dicabut oleh pemilik. Penjualan tetap berjalan dan catatannya menunggu pemilik.",
        "The owner revoked this counter. Selling goes on, and its entries wait for the owner.",
    ),
    "too_many": (
        "Terlalu banyak permintaan. Kasir mencoba lagi {retry_s} detik lagi.",
        "Too many requests. The counter tries again in {retry_s} seconds.",
    ),
    "unconfirmed": (
        "Riwayat baru kasir ini menunggu persetujuan pemilik. Penjualan tetap berjalan.",
        "This counter's new line waits for the owner to confirm it. Selling goes on.",
    ),
}
