"""Sentences about pictures of goods on their way here."""

from __future__ import annotations

PICTURES: dict[str, tuple[str, str]] = {
    "bad_picture": (
        "Gambar ini tidak dapat dibaca server. Di kasir gambarnya tetap ada; pilihlah foto lain "
        "agar tampil di mana-mana.",
        "The server cannot read this picture. It stays at the counter; choose another photo to "
        "have it shown everywhere.",
    ),
    "bad_picture.type": (
        "Server hanya menerima gambar JPEG, PNG, atau WebP.",
        "The server takes JPEG, PNG or WebP pictures only.",
    ),
    "bad_picture.pixels": (
        "Gambar ini terlalu lebar atau terlalu tinggi untuk server.",
        "This picture is too wide or too high for the server.",
    ),
    "bad_picture.animated": (
        "Gambar bergerak tidak diterima server.",
        "The server takes no moving pictures.",
    ),
    "wrong_picture": (
        "Gambar ini berubah di perjalanan. Kasir mengirimnya lagi dari awal.",
        "This picture changed on its way. The counter sends it again from the start.",
    ),
    "no_picture": (
        "Tidak ada barang di toko ini yang memakai gambar itu, atau gambarnya belum sampai.",
        "No goods of this shop use that picture, or it has not arrived yet.",
    ),
    "pictures_full": (
        "Tempat gambar toko ini di server sudah penuh. Penjualan tidak terganggu.",
        "This shop's room for pictures on the server is full. Selling is not affected.",
    ),
}
